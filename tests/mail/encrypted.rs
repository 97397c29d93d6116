//! Letters through a mail server that encrypts, with a certificate of the operator's own authority.

use std::sync::Arc;

use lettre::Message;
use roster::mail::{NotSent, Sent, Transport};
use roster::outbound::Trust;
use secrecy::SecretString;
use tokio::io::{
    AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader, copy_bidirectional,
};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::support::mailbox::Mailbox;

const AUTHORITY: &[u8] = include_bytes!("../support/keys/authority.crt.pem");
const CERTIFICATE: &[u8] = include_bytes!("../support/keys/server.crt.pem");
const KEY: &[u8] = include_bytes!("../support/keys/server.key.pem");

/// When a connection becomes an encrypted one.
#[derive(Clone, Copy, PartialEq)]
enum Encrypts {
    FromTheStart,
    /// By STARTTLS (RFC 3207).
    WhenAsked,
}

fn acceptor() -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE).expect("a certificate");
    let key = PrivateKeyDer::from_pem_slice(KEY).expect("a key");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|config| config.with_no_client_auth().with_single_cert(vec![certificate], key));
    TlsAcceptor::from(Arc::new(config.expect("a configuration")))
}

/// Stands before the mailbox and encrypts; its address.
async fn before(mailbox: &Mailbox, encrypts: Encrypts) -> String {
    let office = mailbox.url().trim_start_matches("smtp://").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // A sender that does not believe the certificate goes away.
            tokio::spawn(pass_on(stream, office.clone(), encrypts));
        }
    });
    address
}

async fn pass_on(mut sender: TcpStream, office: String, encrypts: Encrypts) -> std::io::Result<()> {
    let mut office = BufReader::new(TcpStream::connect(office).await?);
    if encrypts == Encrypts::WhenAsked {
        hear(&mut office).await?;
        sender.write_all(b"220 mail.test ESMTP\r\n").await?;
        let mut sender = BufReader::new(&mut sender);
        loop {
            match hear(&mut sender).await?.as_str() {
                "STARTTLS" => break sender.write_all(b"220 Go ahead\r\n").await?,
                line if line.starts_with("EHLO") => {
                    sender.write_all(b"250-mail.test\r\n250 STARTTLS\r\n").await?;
                }
                _ => sender.write_all(b"530 5.7.0 Encrypt first\r\n").await?,
            }
        }
    }
    let mut encrypted = acceptor().accept(sender).await?;
    copy_bidirectional(&mut encrypted, &mut office).await.map(drop)
}

async fn hear(stream: &mut BufReader<impl AsyncRead + AsyncWrite + Unpin>) -> std::io::Result<String> {
    let mut line = String::new();
    stream.take(1_000).read_line(&mut line).await?;
    if line.is_empty() {
        Err(std::io::ErrorKind::UnexpectedEof.into())
    } else {
        Ok(line.trim_end().to_owned())
    }
}

async fn sends(url: &str, authorities: Option<&[u8]>) -> Result<Sent, NotSent> {
    let folder = tempfile::tempdir().expect("a folder");
    let trust = Trust::new(authorities).expect("authorities");
    let url = SecretString::from(url.to_owned());
    let transport = Transport::new(Some(&url), folder.path(), &trust).expect("a transport");
    let letter = Message::builder()
        .from("Roster <roster@example.com>".parse().expect("a sender"))
        .to("bob@example.com".parse().expect("a recipient"))
        .subject("Hello")
        .body("Hello".to_owned())
        .expect("a letter");
    transport.send(&letter, "letter").await
}

#[tokio::test]
async fn a_letter_goes_over_an_encrypted_connection_to_a_server_whose_authority_is_named() {
    let mailbox = Mailbox::open();
    let server = before(&mailbox, Encrypts::FromTheStart).await;
    sends(&format!("smtps://{server}"), Some(AUTHORITY)).await.expect("a letter that is taken");
    let server = before(&mailbox, Encrypts::WhenAsked).await;
    for wish in ["required", "opportunistic"] {
        sends(&format!("smtp://{server}?tls={wish}"), Some(AUTHORITY)).await.expect("a letter that is taken");
    }
    assert_eq!(mailbox.letters().len(), 3);
}

#[tokio::test]
async fn a_server_that_nobody_vouches_for_gets_no_letter() {
    let mailbox = Mailbox::open();
    for (encrypts, scheme, wish) in
        [(Encrypts::FromTheStart, "smtps", ""), (Encrypts::WhenAsked, "smtp", "?tls=required")]
    {
        let server = before(&mailbox, encrypts).await;
        let outcome = sends(&format!("{scheme}://{server}{wish}"), None).await;
        let Err(NotSent::ForNow(words)) = outcome else { panic!("{outcome:?}") };
        assert!(words.contains("certificate"), "{words}");
    }
    assert!(mailbox.letters().is_empty());
}

#[tokio::test]
async fn a_server_that_does_not_encrypt_gets_no_letter_where_that_is_required() {
    let mailbox = Mailbox::open();
    let outcome = sends(&format!("{}?tls=required", mailbox.url()), Some(AUTHORITY)).await;
    assert!(matches!(outcome, Err(NotSent::ForNow(_))), "{outcome:?}");
    assert!(mailbox.letters().is_empty());
}
