//! How letters leave: by a mail server, or as files when none is set.

use std::{fmt, io, path::PathBuf, time::Duration};

use lettre::{
    AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    transport::smtp::{
        self, PoolConfig,
        client::{Certificate, Tls, TlsParameters},
    },
};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{folder, words::line};
use crate::{db::Fault, outbound::Trust};

const CONNECTS_WITHIN: Duration = Duration::from_secs(10);
const SENDS_WITHIN: Duration = Duration::from_secs(30);
const CONNECTIONS: u32 = 8;

/// Longer replies of mail servers are cut.
const WORDS: usize = 500;

/// Carries messages; to be cloned freely.
#[derive(Clone)]
pub enum Transport {
    Server(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

/// The message is with the mail server, or in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// What the mail server said, or where the file is.
    pub words: String,
}

/// The message was not taken, in the mail server's words or about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// It will never be taken.
    #[error("{0}")]
    ForGood(String),
    /// It may be taken later.
    #[error("{0}")]
    ForNow(String),
}

impl Transport {
    /// By the mail server at this address (`smtp://` or `smtps://`, as lettre reads it), or into `<data_dir>/mail`.
    /// Where it is encrypted, the server's certificate must come from an authority of `trust`.
    /// To be called on a runtime: connections are kept for a while and closed in the background.
    pub fn new(
        smtp_url: Option<&SecretString>,
        data_dir: &std::path::Path,
        trust: &Trust,
    ) -> Result<Self, Fault> {
        let Some(url) = smtp_url else { return Ok(Self::Folder(data_dir.join("mail"))) };
        let tls = encryption(url.expose_secret(), trust)
            .map_err(|e| Fault::broken("preparing encrypted connections to the mail server", e))?;
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret())
            .map_err(|e| Fault::broken("reading the mail server's address", e))?
            .tls(tls)
            .timeout(Some(CONNECTS_WITHIN))
            .pool_config(PoolConfig::new().max_size(CONNECTIONS))
            .build();
        Ok(Self::Server(server))
    }

    pub fn is_folder(&self) -> bool {
        matches!(self, Self::Folder(_))
    }

    /// Hands one message over, or says within 30 seconds why not. `file_name` is its name where letters are kept as
    /// files: the same name replaces the same letter.
    pub async fn send(&self, message: &Message, file_name: &str) -> Result<Sent, NotSent> {
        match self {
            Self::Server(server) => by_server(server, message).await,
            Self::Folder(folder) => into_folder(folder.join(file_name), message.formatted()).await,
        }
    }
}

/// How the address asks for it, in the words that lettre reads there.
fn encryption(url: &str, trust: &Trust) -> Result<Tls, Box<dyn std::error::Error + Send + Sync>> {
    let url = Url::parse(url)?;
    let wanted = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
    let make = match (url.scheme(), wanted.as_deref()) {
        ("smtps", _) => Tls::Wrapper,
        (_, Some("required")) => Tls::Required,
        (_, Some("opportunistic")) => Tls::Opportunistic,
        _ => return Ok(Tls::None),
    };
    let mut parameters = TlsParameters::builder(url.host_str().unwrap_or_default().to_owned());
    for authority in trust.own() {
        parameters = parameters.add_root_certificate(Certificate::from_der(authority.to_vec())?);
    }
    Ok(make(parameters.build_rustls()?))
}

async fn by_server(server: &AsyncSmtpTransport<Tokio1Executor>, message: &Message) -> Result<Sent, NotSent> {
    let raw = message.formatted();
    match tokio::time::timeout(SENDS_WITHIN, server.send_raw(message.envelope(), &raw)).await {
        Ok(Ok(reply)) => {
            let words = reply.message().collect::<Vec<_>>().join(" ");
            Ok(Sent { words: line(&format!("{} {words}", reply.code()), WORDS) })
        }
        Ok(Err(error)) => {
            let is_ascii = message.envelope().to().iter().all(|to| AsRef::<str>::as_ref(to).is_ascii());
            Err(not_sent(&error, is_ascii))
        }
        Err(_) => Err(NotSent::ForNow(slow())),
    }
}

async fn into_folder(path: PathBuf, raw: Vec<u8>) -> Result<Sent, NotSent> {
    let file = path.clone();
    match tokio::task::spawn_blocking(move || folder::keep(&file, &raw)).await.map_err(io::Error::other) {
        Ok(Ok(())) => {
            tracing::info!(path = %path.display(), "no mail server is set: a letter is kept as a file");
            Ok(Sent { words: format!("kept as {}", path.display()) })
        }
        Ok(Err(error)) | Err(error) => Err(NotSent::ForNow(line(
            &format!("The letter could not be kept as {}: {error}", path.display()),
            WORDS,
        ))),
    }
}

/// Refusals of the recipient or the letter (5xx) are for good; those of Roster itself, which the operator can mend,
/// and everything else are for now.
fn not_sent(error: &smtp::Error, is_ascii: bool) -> NotSent {
    let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    let Some(code) = error.status() else {
        return if error.is_client() && !is_ascii {
            NotSent::ForGood(
                "The mail server takes no addresses with letters such as in this one.".to_owned(),
            )
        } else {
            NotSent::ForNow(line(&about(error, &cause), WORDS))
        };
    };
    let code = code.to_string();
    let words = line(&format!("{code} {cause}"), WORDS);
    let is_about_us = ["530", "534", "535", "538"].contains(&code.as_str());
    if error.is_permanent() && !is_about_us { NotSent::ForGood(words) } else { NotSent::ForNow(words) }
}

fn about(error: &smtp::Error, cause: &dyn fmt::Display) -> String {
    if error.is_timeout() {
        slow()
    } else if error.is_tls() {
        format!("No encrypted connection to the mail server could be made: {cause}")
    } else if error.is_response() {
        format!("The mail server's answer could not be understood: {cause}")
    } else if error.is_client() {
        format!("The mail server does not offer what the settings ask for: {cause}")
    } else {
        format!("The mail server cannot be reached: {cause}")
    }
}

fn slow() -> String {
    "The mail server did not answer in time.".to_owned()
}
