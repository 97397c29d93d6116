//! Against a listener on this machine.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};

use super::*;
use crate::outbound::NotAllowed;

/// Answers one request with these bytes and keeps the connection open; what it was sent comes out at the end.
async fn listener(answer: &'static str) -> (Url, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook?a=1", listener.local_addr().unwrap());
    let heard = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut heard = String::new();
        let mut buffer = [0; 4_096];
        while !heard.ends_with("ping") {
            let read = stream.read(&mut buffer).await.unwrap();
            assert!(read > 0, "the request breaks off: {heard}");
            heard.push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
        // Whoever asked may have hung up.
        let _ = stream.write_all(answer.as_bytes()).await;
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest).await;
        heard
    });
    (Url::parse(&url).unwrap(), heard)
}

fn call(url: &Url) -> Call<'_> {
    Call {
        method: Method::POST,
        url,
        headers: &[],
        body: b"ping".to_vec(),
        within: Duration::from_secs(20),
        most: 1_000,
    }
}

fn fetcher(allow_private: bool) -> Fetcher {
    Fetcher::new(allow_private, &Trust::new(None).unwrap())
}

#[tokio::test]
async fn a_request_is_sent_once_and_its_answer_read() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 4\r\n\r\npong";
    let (url, heard) = listener(answer).await;
    let headers = [("x-kind", "test".to_owned())];
    let answer = fetcher(true).send(Call { headers: &headers, ..call(&url) }).await.unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (200, b"pong".as_slice()));
    assert_eq!(answer.content_type, "text/plain");
    let heard = heard.await.unwrap();
    assert!(heard.starts_with("POST /hook?a=1 HTTP/1.1\r\n"), "{heard}");
    assert!(heard.contains("x-kind: test\r\n") && heard.contains("content-length: 4\r\n"), "{heard}");
    assert!(heard.contains(&format!("host: {}\r\n", url.authority())), "{heard}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let answer = "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
    let (url, _heard) = listener(answer).await;
    assert_eq!(fetcher(true).send(call(&url)).await.unwrap().status, 302);
}

#[tokio::test]
async fn a_long_answer_is_not_read_to_its_end() {
    let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n";
    let long: &'static str = Box::leak(format!("{answer}{}", "x".repeat(2_000)).into_boxed_str());
    let (url, _heard) = listener(long).await;
    assert_eq!(fetcher(true).send(call(&url)).await, Err(NotFetched::TooLong(1_000)));
}

#[tokio::test]
async fn an_answer_that_does_not_end_is_given_up() {
    let (url, _heard) = listener("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\npong").await;
    let impatient = Call { within: Duration::from_millis(300), ..call(&url) };
    assert_eq!(fetcher(true).send(impatient).await, Err(NotFetched::TooSlow(0)));
}

#[tokio::test]
async fn what_is_no_http_is_said_to_be_none() {
    let (url, _heard) = listener("SSH-2.0-OpenSSH_9.9\r\n").await;
    let outcome = fetcher(true).send(call(&url)).await;
    assert!(matches!(outcome, Err(NotFetched::NotHttp(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_private_address_is_not_called_by_number_or_by_name() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    for host in ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433"] {
        let url = Url::parse(&format!("https://{host}:{port}/")).unwrap();
        let outcome = fetcher(false).send(call(&url)).await;
        assert_eq!(outcome, Err(NotAllowed::Private.into()), "{host}");
    }
    let nobody = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
    assert!(nobody.is_err(), "nobody was called");
}

#[tokio::test]
async fn where_nobody_listens_or_no_certificate_is_shown_there_is_no_answer() {
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let url = Url::parse(&format!("http://{closed}/")).unwrap();
    let outcome = fetcher(true).send(call(&url)).await;
    assert!(matches!(outcome, Err(NotFetched::Unreachable(_))), "{outcome:?}");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("https://{}/", listener.local_addr().unwrap())).unwrap();
    let plain = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut hello = [0; 5];
        stream.read_exact(&mut hello).await.unwrap();
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    });
    let outcome = fetcher(true).send(call(&url)).await;
    assert!(matches!(outcome, Err(NotFetched::Tls(_))), "{outcome:?}");
    plain.await.unwrap();
    let url = Url::parse("https://no-such-host.invalid/").unwrap();
    assert_eq!(fetcher(true).send(call(&url)).await, Err(NotFetched::UnknownHost));
}

/// Answers one encrypted request, by the certificate of the tests.
async fn encrypted_listener() -> Url {
    use tokio_rustls::{
        TlsAcceptor,
        rustls::{
            ServerConfig,
            crypto::ring,
            pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
        },
    };
    const CERTIFICATE: &[u8] = include_bytes!("../../tests/support/keys/server.crt.pem");
    const KEY: &[u8] = include_bytes!("../../tests/support/keys/server.key.pem");
    let config = ServerConfig::builder_with_provider(std::sync::Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(CERTIFICATE).unwrap()],
            PrivateKeyDer::from_pem_slice(KEY).unwrap(),
        )
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        // Who does not believe the certificate hangs up.
        let Ok(mut stream) = TlsAcceptor::from(std::sync::Arc::new(config)).accept(stream).await else {
            return;
        };
        let mut heard = [0; 4_096];
        let _ = stream.read(&mut heard).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\npong").await;
        let _ = stream.flush().await;
    });
    Url::parse(&url).unwrap()
}

const AUTHORITY: &[u8] = include_bytes!("../../tests/support/keys/authority.crt.pem");

#[tokio::test]
async fn a_certificate_of_the_operators_own_authority_is_believed_once_it_is_named() {
    let url = encrypted_listener().await;
    let outcome = fetcher(true).send(call(&url)).await;
    assert!(matches!(&outcome, Err(NotFetched::Tls(why)) if why.contains("UnknownIssuer")), "{outcome:?}");
    let url = encrypted_listener().await;
    let trusting = Fetcher::new(true, &Trust::new(Some(AUTHORITY)).unwrap());
    assert_eq!(trusting.send(call(&url)).await.unwrap().body, b"pong");
}

#[test]
fn a_file_of_authorities_that_holds_none_is_refused_in_words() {
    let why = |pem: &str| Trust::new(Some(pem.as_bytes())).map(drop).unwrap_err().to_string();
    assert_eq!(why(""), "no certificate is in it");
    assert_eq!(why("authorities"), "no certificate is in it");
    assert!(
        why("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n").starts_with("it is not PEM (")
    );
    let cut = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(why(cut).starts_with("certificate 1 is not one of an authority ("), "{}", why(cut));
}
