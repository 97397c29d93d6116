//! The two sides of a sign-in, and what one vouched for to the other.

mod certificate;
mod refusal;

use ::url::Url;
use chrono::Duration;
use serde::{Deserialize, Serialize};

use crate::{base::clock::Moment, web::url};

pub use certificate::{Certificate, NotACertificate};
pub use refusal::Refusal;

/// An answer is at most that many characters as it comes in the form.
pub const LONGEST_ANSWER: usize = 200_000;
/// Metadata of a provider are at most that many bytes.
pub const LONGEST_METADATA: usize = 256 * 1_024;
/// SAML 2.0 Core, section 8.3.6: the name of a party.
pub const LONGEST_ENTITY_ID: usize = 1_024;
/// SAML 2.0 Core, section 8.3.7: a persistent identifier is at most 256 characters.
pub const LONGEST_NAME_ID: usize = 256;
/// By how much the clocks of both sides may differ.
pub const CLOCK_SKEW: Duration = Duration::seconds(60);
/// Two, so that one can follow the other without an interruption.
pub const MOST_CERTIFICATES: usize = 2;

/// The identity provider of an organization, as an administrator set it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    pub entity_id: String,
    /// Where people are sent (HTTP-Redirect binding).
    pub sso_url: Url,
    /// One or two; only what one of these signed counts.
    pub certificates: Vec<Certificate>,
    /// It wants requests signed.
    pub wants_signed_requests: bool,
}

/// Ourselves, towards the provider of one organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// The address of our metadata, as is the custom.
    pub entity_id: String,
    /// The assertion consumer service: where answers are sent.
    pub acs: String,
}

impl Own {
    /// With the public URL, which has no slash at its end, and the organization's code.
    pub fn of(public_origin: &str, code: &str) -> Self {
        Self {
            entity_id: format!("{public_origin}{}", url::saml(code, "metadata")),
            acs: format!("{public_origin}{}", url::saml(code, "acs")),
        }
    }
}

/// What an answer is held against.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    pub provider: &'a Provider,
    pub own: &'a Own,
    /// The request that this answers, which we made.
    pub request_id: &'a str,
    /// The assertion must be signed as well; the answer must be in any case.
    pub signed_assertions: bool,
    /// The provider must have asked the person for a proof of who they are since then.
    pub authenticated_since: Option<Moment>,
    pub now: Moment,
}

/// What a provider vouched for, read from what it signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assertion {
    /// The provider's entity id.
    pub issuer: String,
    /// Who it is, to the provider.
    pub name_id: String,
    /// The format of `name_id`, as its URI.
    pub name_id_format: Option<String>,
    /// When the person last proved to the provider who they are, as it says.
    pub authenticated_at: Option<Moment>,
    /// In the order they came in; names as the provider writes them.
    pub attributes: Vec<(String, Vec<String>)>,
}

impl Assertion {
    /// Whether the provider said anything by this name, if only that there is nothing.
    pub fn has(&self, name: &str) -> bool {
        self.attributes.iter().any(|(its, _)| its == name)
    }

    /// The values of this attribute, without those that are empty.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.attributes.iter().filter(move |(its, _)| its == name);
        named
            .flat_map(|(_, values)| values.iter().map(|value| value.trim()))
            .filter(|value| !value.is_empty())
    }
}

/// A verified assertion that has not been used yet. Only [`spend`](super::spend) gives what is in it. Where it is kept in
/// between it is sealed, so that nothing else than what was verified is read back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Unspent {
    assertion: Assertion,
    keys: Vec<ReplayKey>,
}

/// What marks an answer as used, and until when it could be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplayKey {
    pub key: String,
    pub until: Moment,
}

impl Unspent {
    pub(super) fn new(assertion: Assertion, keys: Vec<ReplayKey>) -> Self {
        Self { assertion, keys }
    }

    pub(super) fn into_parts(self) -> (Assertion, Vec<ReplayKey>) {
        (self.assertion, self.keys)
    }

    /// For showing what it would do, without letting anybody in by it.
    pub fn peek(&self) -> &Assertion {
        &self.assertion
    }
}

/// Why a text is not taken for the metadata of an identity provider.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotMetadata {
    #[error("the metadata are longer than {} kB", LONGEST_METADATA / 1_024)]
    TooLong,
    #[error("the metadata cannot be read: they are not the XML of one identity provider")]
    Unreadable,
    #[error("the metadata have a document type, which is refused")]
    DocumentType,
    #[error("the metadata name no Entity ID, or one of more than {LONGEST_ENTITY_ID} characters")]
    NoEntityId,
    #[error("the metadata name no SSO URL for the HTTP-Redirect binding")]
    NoAddress,
    #[error("the metadata name no signing certificate")]
    NoCertificate,
    #[error("a signing certificate in the metadata cannot be used: {0}")]
    Certificate(#[from] NotACertificate),
    #[error(
        "the metadata name more than two signing certificates that are in force; enter the right ones under Manual \
         Configuration"
    )]
    TooManyCertificates,
}
