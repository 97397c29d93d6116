//! Why an answer lets nobody in, for the administrator who must set it right.

use super::{CLOCK_SKEW, LONGEST_ANSWER};

/// Each says what is wrong with the answer and, where something can be done, what. Values quoted from it are cut short.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("The answer is longer than {} kB. Let the identity provider send fewer attributes or groups.", LONGEST_ANSWER / 1_000)]
    TooLong,
    #[error("The answer cannot be read: it is not a SAML 2.0 response.")]
    Unreadable,
    #[error(
        "The answer has a document type, a comment, a CDATA section or a processing instruction in it, which readers \
         understand differently. It is refused unread."
    )]
    Markup,
    #[error("The identity provider did not sign the person in. Its status is {0}.")]
    NotSuccess(String),
    #[error(
        "The assertion, or a part of it, is encrypted. Turn encryption off at the identity provider; the answer travels \
         encrypted in any case."
    )]
    Encrypted,
    #[error("The answer has no assertion in it.")]
    NoAssertion,
    #[error("The answer has several assertions in it, and exactly one is expected.")]
    SeveralAssertions,
    #[error(
        "The response is not signed. Let the identity provider sign the response, not the assertion alone."
    )]
    Unsigned,
    #[error("The assertion is not signed, and this configuration requires it to be, besides the response.")]
    AssertionUnsigned,
    #[error(
        "The signature was not made with the configured certificate. Compare the certificates; after a change at the \
         identity provider, enter the new one."
    )]
    OtherCertificate,
    #[error("The signature does not match what was signed: the answer was changed on its way.")]
    Changed,
    #[error(
        "The signature uses an algorithm that is not accepted. Let the identity provider sign with RSA and SHA-256, \
         SHA-384 or SHA-512, and exclusive canonicalization."
    )]
    Algorithm,
    #[error(
        "Only a part of the response is signed. Let the identity provider sign the response, not the assertion alone."
    )]
    SignedInPart,
    #[error("What is signed is not what would be read, as in an attack by signature wrapping.")]
    Wrapped,
    #[error(
        "The answer comes from {came}, and {expected} is configured. Compare the Entity ID of the identity provider."
    )]
    OtherIssuer { expected: String, came: String },
    #[error(
        "The assertion is not meant for {expected}. Enter that as audience (Entity ID) at the identity provider."
    )]
    OtherAudience { expected: String },
    #[error(
        "The assertion is not to be received at {expected}. Enter that as ACS URL at the identity provider."
    )]
    OtherRecipient { expected: String },
    #[error(
        "The response is addressed to {came}, and not to {expected}. Enter that as ACS URL at the identity provider."
    )]
    OtherDestination { expected: String, came: String },
    #[error("The answer is not to the request that was made in this browser.")]
    OtherRequest,
    #[error(
        "The answer is not valid at this time: it has expired, or is not valid yet. When it happens again, compare the \
         clocks of both sides; they may differ by {} seconds.", CLOCK_SKEW.num_seconds()
    )]
    NotNow,
    #[error("The assertion has a condition that is not known here: {0}.")]
    Condition(String),
    #[error("The assertion does not say whom it is about in a bearer confirmation with an end.")]
    NoSubject,
    #[error(
        "The identity provider tells whom it is about by a name that differs at each sign-in (transient NameID). Let it send \
         one that stays, such as a persistent identifier or the email address."
    )]
    Transient,
    #[error(
        "The identity provider did not ask the person anew who they are, though it was asked to (ForceAuthn), or does not \
         say when it did."
    )]
    NotAnew,
    #[error("The answer has been used already.")]
    Replayed,
}

impl Refusal {
    /// For the audit and the log: it stays the same when the words change.
    pub fn word(&self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
            Self::Unreadable => "unreadable",
            Self::Markup => "markup",
            Self::NotSuccess(_) => "not_success",
            Self::Encrypted => "encrypted",
            Self::NoAssertion => "no_assertion",
            Self::SeveralAssertions => "several_assertions",
            Self::Unsigned => "unsigned",
            Self::AssertionUnsigned => "assertion_unsigned",
            Self::OtherCertificate => "other_certificate",
            Self::Changed => "changed",
            Self::Algorithm => "algorithm",
            Self::SignedInPart => "signed_in_part",
            Self::Wrapped => "wrapped",
            Self::OtherIssuer { .. } => "other_issuer",
            Self::OtherAudience { .. } => "other_audience",
            Self::OtherRecipient { .. } => "other_recipient",
            Self::OtherDestination { .. } => "other_destination",
            Self::OtherRequest => "other_request",
            Self::NotNow => "not_now",
            Self::Condition(_) => "condition",
            Self::NoSubject => "no_subject",
            Self::Transient => "transient",
            Self::NotAnew => "not_anew",
            Self::Replayed => "replayed",
        }
    }
}
