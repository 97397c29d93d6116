//! A certificate that an administrator pins. It is a public key in an envelope: who issued it is not asked.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Duration};
use sha2::{Digest, Sha256};
use x509_parser::{prelude::X509Certificate, public_key::PublicKey};

use crate::base::{clock::Moment, token::hex};

/// A PEM of this length has a key of more than 16,384 bits.
const LONGEST: usize = 16_000;
/// NIST SP 800-131A: shorter RSA keys are not to be trusted.
const FEWEST_BITS: usize = 2_048;
/// Longer ones cost too much time to check.
const MOST_BITS: usize = 8_192;
/// How long before its end a certificate is warned of.
const WARNED_BEFORE: Duration = Duration::days(30);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// DER as Base64 in one line.
    text: String,
    pub subject: String,
    pub not_before: Moment,
    pub not_after: Moment,
    /// SHA-256 of the DER, in pairs of hexadecimal digits.
    pub fingerprint: String,
}

/// Why a text is not taken for the certificate of an identity provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotACertificate {
    #[error("this is not an X.509 certificate in PEM or Base64")]
    Unreadable,
    #[error("this is a private key, which belongs to the identity provider alone; enter its certificate")]
    PrivateKey,
    #[error("these are several certificates; enter one in each field")]
    Several,
    #[error("its key is not RSA, and only signatures by RSA keys are accepted")]
    OtherKey,
    #[error("its RSA key is shorter than {FEWEST_BITS} or longer than {MOST_BITS} bits")]
    KeyLength,
}

impl Certificate {
    /// Reads PEM, or the bare Base64 that stands in metadata.
    pub fn parse(text: &str) -> Result<Self, NotACertificate> {
        if text.contains("PRIVATE KEY") {
            return Err(NotACertificate::PrivateKey);
        }
        if text.matches("-----BEGIN").count() > 1 {
            return Err(NotACertificate::Several);
        }
        let body: String =
            text.lines().filter(|line| !line.trim_start().starts_with("-----")).collect::<Vec<_>>().concat();
        let body: String = body.chars().filter(|letter| !letter.is_whitespace()).collect();
        if body.is_empty() || body.len() > LONGEST {
            return Err(NotACertificate::Unreadable);
        }
        Self::of_der(&STANDARD.decode(&body).map_err(|_| NotACertificate::Unreadable)?)
    }

    fn of_der(der: &[u8]) -> Result<Self, NotACertificate> {
        let parsed = x509_parser::parse_x509_certificate(der).map_err(|_| NotACertificate::Unreadable)?;
        let (rest, certificate): (_, X509Certificate<'_>) = parsed;
        if !rest.is_empty() {
            return Err(NotACertificate::Several);
        }
        match certificate.public_key().parsed() {
            Ok(PublicKey::RSA(key)) if (FEWEST_BITS..=MOST_BITS).contains(&key.key_size()) => {}
            Ok(PublicKey::RSA(_)) => return Err(NotACertificate::KeyLength),
            Ok(_) => return Err(NotACertificate::OtherKey),
            Err(_) => return Err(NotACertificate::Unreadable),
        }
        let moment = |seconds| DateTime::from_timestamp(seconds, 0).map(Moment::new);
        let validity = certificate.validity();
        let (not_before, not_after) =
            (moment(validity.not_before.timestamp()), moment(validity.not_after.timestamp()));
        Ok(Self {
            text: STANDARD.encode(der),
            subject: certificate.subject().to_string(),
            not_before: not_before.ok_or(NotACertificate::Unreadable)?,
            not_after: not_after.ok_or(NotACertificate::Unreadable)?,
            fingerprint: pairs(&hex(&Sha256::digest(der))),
        })
    }

    /// DER as Base64 in one line, as it is kept; [`Certificate::parse`] reads it back.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// It ends within thirty days, or has ended. Signatures by its key count all the same: what is pinned is the key.
    pub fn ends_soon(&self, now: Moment) -> bool {
        self.not_after.since(now) <= WARNED_BEFORE
    }

    pub fn has_ended(&self, now: Moment) -> bool {
        self.not_after < now
    }
}

fn pairs(digits: &str) -> String {
    let pairs: Vec<_> = digits.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair)).collect();
    pairs.join(":").to_uppercase()
}
