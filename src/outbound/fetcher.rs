//! One request and its answer.

use std::{net::SocketAddr, time::Duration};

use http_body_util::{BodyExt, Full};
use hyper::{
    Request,
    body::{Bytes, Incoming},
    client::conn::http1,
    header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, rustls::pki_types::ServerName};
use url::{Host, Url};

use super::{NotFetched, Trust, guard};

pub use hyper::Method;

/// Asks addresses that somebody typed. Cheap to clone.
#[derive(Clone)]
pub struct Fetcher {
    allow_private: bool,
    tls: TlsConnector,
}

/// What is asked, and how much patience there is for it.
pub struct Call<'a> {
    pub method: Method,
    pub url: &'a Url,
    /// Names in lower case. Host, length and agent are set already.
    pub headers: &'a [(&'static str, String)],
    pub body: Vec<u8>,
    /// For all of it: looking the name up, connecting, sending, and the whole answer.
    pub within: Duration,
    /// The longest answer in bytes.
    pub most: usize,
}

/// An answer, whatever its status; a redirect is one like any other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub content_type: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl Fetcher {
    /// Certificates are checked against the authorities of `trust`.
    pub fn new(allow_private: bool, trust: &Trust) -> Self {
        Self { allow_private, tls: TlsConnector::from(trust.config()) }
    }

    /// Whether this address may be called at all, as far as it shows before its name is looked up.
    pub fn check(&self, url: &Url) -> Result<(), guard::NotAllowed> {
        guard::check(url, self.allow_private)
    }

    /// Sends the request and reads the whole answer.
    pub async fn send(&self, call: Call<'_>) -> Result<Answer, NotFetched> {
        let within = call.within;
        match tokio::time::timeout(within, self.exchange(call)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(NotFetched::TooSlow(within.as_secs())),
        }
    }

    async fn exchange(&self, call: Call<'_>) -> Result<Answer, NotFetched> {
        self.check(call.url)?;
        let stream = connect(&self.addresses(call.url).await?).await?;
        if call.url.scheme() == "http" {
            return answer(stream, call).await;
        }
        let unreadable = |_| NotFetched::Tls("the host has no name that a certificate could have".to_owned());
        let name = match call.url.host() {
            Some(Host::Domain(name)) => ServerName::try_from(name.to_owned()).map_err(unreadable)?,
            Some(Host::Ipv4(address)) => ServerName::from(std::net::IpAddr::from(address)),
            Some(Host::Ipv6(address)) => ServerName::from(std::net::IpAddr::from(address)),
            None => return Err(guard::NotAllowed::NoHost.into()),
        };
        let stream =
            self.tls.connect(name, stream).await.map_err(|error| NotFetched::Tls(error.to_string()))?;
        answer(stream, call).await
    }

    /// What the name stands for now. When one of the addresses is private the name is refused: whoever made it may answer
    /// otherwise the next time.
    async fn addresses(&self, url: &Url) -> Result<Vec<SocketAddr>, NotFetched> {
        let port = url.port_or_known_default().unwrap_or(443);
        let addresses: Vec<SocketAddr> = match url.host() {
            Some(Host::Ipv4(address)) => vec![(address, port).into()],
            Some(Host::Ipv6(address)) => vec![(address, port).into()],
            Some(Host::Domain(name)) => {
                let found = tokio::net::lookup_host((name, port)).await;
                found.map_err(|_| NotFetched::UnknownHost)?.take(8).collect()
            }
            None => return Err(guard::NotAllowed::NoHost.into()),
        };
        if !self.allow_private && !addresses.iter().all(|address| guard::is_public(address.ip())) {
            return Err(guard::NotAllowed::Private.into());
        }
        if addresses.is_empty() { Err(NotFetched::UnknownHost) } else { Ok(addresses) }
    }
}

/// The first of these that can be connected to.
async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, NotFetched> {
    let mut why = String::new();
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok(stream),
            Err(error) => why = error.to_string(),
        }
    }
    Err(NotFetched::Unreachable(why))
}

async fn answer(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    call: Call<'_>,
) -> Result<Answer, NotFetched> {
    let not_http = |error: hyper::Error| NotFetched::NotHttp(error.to_string());
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(not_http)?;
    let request = request(&call)?;
    let most = call.most;
    let conversation = async move {
        let answer = sender.send_request(request).await.map_err(not_http)?;
        read(answer, most).await
    };
    // The connection moves the bytes as long as somebody waits for the answer, and ends with that.
    tokio::pin!(conversation);
    tokio::select! {
        biased;
        answer = &mut conversation => answer,
        ended = connection => match conversation.await {
            Err(NotFetched::NotHttp(why)) => {
                Err(NotFetched::NotHttp(ended.err().map_or(why, |error| error.to_string())))
            }
            other => other,
        },
    }
}

fn request(call: &Call<'_>) -> Result<Request<Full<Bytes>>, NotFetched> {
    let host = call.url.host_str().unwrap_or_default();
    let host = call.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let path = match call.url.query() {
        Some(query) => format!("{}?{query}", call.url.path()),
        None => call.url.path().to_owned(),
    };
    let mut request = Request::builder()
        .method(call.method.clone())
        .uri(path)
        .header(HOST, host)
        .header(USER_AGENT, concat!("Roster/", env!("CARGO_PKG_VERSION")))
        .header(CONTENT_LENGTH, call.body.len());
    for (name, value) in call.headers {
        request = request.header(*name, value);
    }
    request
        .body(Full::new(Bytes::from(call.body.clone())))
        .map_err(|error| NotFetched::NotHttp(error.to_string()))
}

async fn read(answer: hyper::Response<Incoming>, most: usize) -> Result<Answer, NotFetched> {
    let status = answer.status().as_u16();
    let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let content_type = kind.unwrap_or_default().to_owned();
    let mut incoming = answer.into_body();
    let mut body = Vec::new();
    while let Some(frame) = incoming.frame().await {
        let frame = frame.map_err(|error| NotFetched::NotHttp(error.to_string()))?;
        if let Some(bytes) = frame.data_ref() {
            if body.len() + bytes.len() > most {
                return Err(NotFetched::TooLong(most));
            }
            body.extend_from_slice(bytes);
        }
    }
    Ok(Answer { status, content_type, body })
}

#[cfg(test)]
#[path = "fetcher_tests.rs"]
mod tests;
