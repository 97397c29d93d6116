//! How the text of one setting becomes a value, or a word about what is wrong with it.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
};

use ipnet::IpNet;
use tracing_subscriber::filter::Targets;
use url::Url;

use super::Wrong;
use crate::base::email_address::{EmailAddress, Named};

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// The address of a mail server, checked, with a password perhaps. Debug and Display show stars for it.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpUrl(String);

impl SmtpUrl {
    /// The whole address, in the form that [`lettre::SmtpTransport::from_url`] takes.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&starred(&self.0))
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

pub(super) fn listen(text: &str) -> Result<SocketAddr, Wrong> {
    text.parse().map_err(|_| {
        Wrong::new(
            format!("“{text}” is not a network address and a port"),
            "say for example 127.0.0.1:8080, or 0.0.0.0:8080 for every network",
        )
    })
}

pub(super) fn request_hours(text: &str) -> Result<u8, Wrong> {
    text.parse().ok().filter(|hours| (1..=168).contains(hours)).ok_or_else(|| {
        Wrong::new(format!("“{text}” is not a number of hours from 1 to 168"), "say for example 8")
    })
}

/// An origin: scheme, host and perhaps a port.
pub(super) fn public_url(text: &str) -> Result<Url, Wrong> {
    let right = "say for example https://people.example.com";
    let url = web_address(text, right)?;
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(Wrong::new("it goes on after the host, and Roster answers at the root of a host", right));
    }
    Ok(url)
}

/// An `http` or `https` address without a user or password in it.
pub(super) fn web_address(text: &str, right: &str) -> Result<Url, Wrong> {
    let url = Url::parse(text).map_err(|why| Wrong::new(format!("this is not an address ({why})"), right))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Wrong::new("it begins neither with http:// nor with https://", right));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Wrong::new("it has a user or password in it", right));
    }
    Ok(url)
}

pub(super) fn support_url(text: &str) -> Result<Url, Wrong> {
    let right = "say for example https://example.com/support or mailto:support@example.com";
    if let Some(address) = text.strip_prefix("mailto:") {
        let address = address.split('?').next().unwrap_or_default();
        EmailAddress::parse(address).map_err(|bad| Wrong::new(bad.to_string(), right))?;
        return Url::parse(text).map_err(|why| Wrong::new(format!("this is not an address ({why})"), right));
    }
    web_address(text, right)
}

pub(super) fn smtp_url(text: &str) -> Result<SmtpUrl, Wrong> {
    let right = "say for example smtps://user:password@mail.example.com, or smtp://mail.example.com:587?tls=required \
                 (a user or password with special characters in %XX form)";
    // The words of the parser may quote the address, and with it the password: they are left out.
    let wrong = || Wrong::new("this is not the address of a mail server", right);
    let url = Url::parse(text).map_err(|_| wrong())?;
    if !matches!(url.scheme(), "smtp" | "smtps") || url.host_str().is_none_or(str::is_empty) {
        return Err(wrong());
    }
    lettre::SmtpTransport::from_url(text).map_err(|_| wrong())?;
    Ok(SmtpUrl(text.to_owned()))
}

pub(super) fn mail_from(text: &str) -> Result<Named, Wrong> {
    let right = "say for example Roster <roster@example.com>";
    let mut found = EmailAddress::parse_list(text);
    match (found.pop(), found.is_empty()) {
        (Some(Ok(named)), true) => Ok(named),
        (Some(Err(bad)), true) => Err(Wrong::new(bad.to_string(), right)),
        _ => Err(Wrong::new(format!("“{text}” is not one sender"), right)),
    }
}

/// Networks, or single addresses, separated by commas or spaces.
pub(super) fn networks(text: &str) -> Result<Vec<IpNet>, Wrong> {
    text.split([',', ' ']).filter(|part| !part.is_empty()).map(network).collect()
}

fn network(text: &str) -> Result<IpNet, Wrong> {
    let single = text.parse::<IpAddr>().map(IpNet::from);
    single.or_else(|_| text.parse::<IpNet>()).map(|network| network.trunc()).map_err(|_| {
        Wrong::new(format!("“{text}” is not a network"), "say for example 10.0.0.0/8, 127.0.0.1, fd00::/8")
    })
}

pub(super) fn truth(text: &str) -> Result<bool, Wrong> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" => Ok(true),
        "false" | "no" | "off" | "0" => Ok(false),
        _ => Err(Wrong::new(format!("“{text}” is neither true nor false"), "say true or false")),
    }
}

pub(super) fn log(text: &str) -> Result<String, Wrong> {
    let right = "say for example info, or info,roster::mail=debug";
    text.parse::<Targets>()
        .map(|_| text.to_owned())
        .map_err(|why| Wrong::new(format!("“{text}” is not a filter for the log ({why})"), right))
}

pub(super) fn log_format(text: &str) -> Result<LogFormat, Wrong> {
    match text {
        "text" => Ok(LogFormat::Text),
        "json" => Ok(LogFormat::Json),
        _ => Err(Wrong::new(format!("“{text}” is not a form of the log"), "say text or json")),
    }
}

/// The address with stars for every password in it: after the user's name, and in a parameter that carries one.
/// Where it is not sure what belongs to the password, more is starred rather than less.
pub(super) fn starred(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let (place, parameters) = match rest.split_once('?') {
        Some((place, parameters)) => (place, Some(parameters)),
        None => (rest, None),
    };
    let mut shown = String::new();
    if !scheme.is_empty() {
        shown.push_str(scheme);
        shown.push_str("://");
    }
    match place.rsplit_once('@') {
        Some((user, host)) => match user.split_once(':') {
            Some((user, _)) => shown.push_str(&format!("{user}:***@{host}")),
            None => shown.push_str(place),
        },
        None => shown.push_str(place),
    }
    if let Some(parameters) = parameters {
        shown.push('?');
        shown.push_str(&parameters.split('&').map(starred_parameter).collect::<Vec<_>>().join("&"));
    }
    shown
}

fn starred_parameter(parameter: &str) -> String {
    match parameter.split_once('=') {
        Some((name, _)) if name.to_ascii_lowercase().contains("pass") => format!("{name}=***"),
        _ if parameter.contains('@') => "***".to_owned(),
        _ => parameter.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_in_addresses_are_starred() {
        for (url, shown) in [
            ("postgres://ada:se/c@ret@db/roster", "postgres://ada:***@db/roster"),
            ("postgres://db/roster?user=a&sslpassword=x", "postgres://db/roster?user=a&sslpassword=***"),
            ("postgres://a:pa?ss@db/roster", "postgres://a:pa?***"),
            ("smtp://host:587?tls=required", "smtp://host:587?tls=required"),
            ("smtps://ada@host", "smtps://ada@host"),
        ] {
            assert_eq!(starred(url), shown);
        }
    }

    #[test]
    fn a_public_address_is_an_origin() {
        assert!(public_url("https://people.example.com").is_ok());
        assert!(public_url("http://[::1]:8080/").is_ok());
        for wrong in [
            "people.example.com",
            "ftp://x",
            "https://x/roster",
            "https://x?y",
            "https://u:p@x",
            "localhost:80",
        ] {
            assert!(public_url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_network_may_be_a_single_address() {
        let networks = networks("10.1.2.3/8, 127.0.0.1 ::1").expect("networks");
        let shown: Vec<String> = networks.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["10.0.0.0/8", "127.0.0.1/32", "::1/128"]);
        assert!(super::networks("everyone").is_err());
    }

    #[test]
    fn mail_servers_are_checked_without_quoting_their_password() {
        assert!(smtp_url("smtp://127.0.0.1:2525").is_ok());
        assert!(smtp_url("smtps://ada:s3cret@mail.example.com").is_ok());
        assert!(smtp_url("smtp://mail.example.com:587?tls=required").is_ok());
        for wrong in [
            "mail.example.com:25",
            "http://h",
            "smtp://",
            "smtp://u:s3cret@h:99999",
            "smtp://u:s3cret@h?tls=no",
        ] {
            let why = smtp_url(wrong).expect_err(wrong);
            assert!(!format!("{why:?}").contains("s3cret"), "{why:?}");
        }
    }
}
