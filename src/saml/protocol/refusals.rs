//! What the crate says is wrong, in our words.

use saml_rs::{
    SamlError,
    error::{SignatureVerificationReason, SubjectConfirmationReason as Confirmation},
};

use crate::saml::model::{Expected, Refusal};

/// Quoted values of an answer are shown up to here.
const LONGEST_QUOTE: usize = 200;

pub fn of(error: SamlError, against: &Expected<'_>) -> Refusal {
    use SamlError as E;
    match error {
        E::StatusNotSuccess { top, second } => Refusal::NotSuccess(quote(&second.unwrap_or(top))),
        E::FailedStatus { top, second } => {
            Refusal::NotSuccess(quote(if second.is_empty() { &top } else { &second }))
        }
        E::IssuerMismatch { expected, actual } => {
            Refusal::OtherIssuer { expected, came: quote(&actual.unwrap_or_default()) }
        }
        E::DestinationMismatch { expected, actual } => Refusal::OtherDestination {
            expected,
            came: quote(&actual.unwrap_or_else(|| "nobody".to_owned())),
        },
        E::AudienceMismatch { expected } => Refusal::OtherAudience { expected },
        E::InResponseToMismatch { .. } | E::InvalidInResponseTo => Refusal::OtherRequest,
        E::SubjectConfirmationInvalid { reason } => confirmation(reason, against),
        E::TimeWindowInvalid { .. } | E::ExpiredSession => Refusal::NotNow,
        E::UnrecognizedCondition { element } => Refusal::Condition(quote(&element)),
        E::ReplayDetected { .. } => Refusal::Replayed,
        E::SignatureMissing => Refusal::Unsigned,
        E::AssertionSignatureRequired => Refusal::AssertionUnsigned,
        E::CertificateMismatch | E::UnmatchCertificate | E::NoTrustedCertificate => Refusal::OtherCertificate,
        E::SignatureVerification { reason: SignatureVerificationReason::ReferenceDigest } => Refusal::Changed,
        E::SignatureVerification { .. } | E::FailedToVerifySignature => Refusal::OtherCertificate,
        E::AlgorithmUnsupported => Refusal::Algorithm,
        E::SignedReferenceMismatch => Refusal::SignedInPart,
        E::PotentialWrappingAttack | E::ReferenceResolution { .. } => Refusal::Wrapped,
        E::PrincipalMismatch => Refusal::SeveralAssertions,
        E::Crypto(_) => Refusal::Algorithm,
        E::Xml(words) if words.contains("ERR_EMPTY_ASSERTION") => Refusal::NoAssertion,
        E::Invalid(words) if words.contains("ERR_XML_LIMIT_EXCEEDED") => Refusal::TooLong,
        _ => Refusal::Unreadable,
    }
}

fn confirmation(reason: Confirmation, against: &Expected<'_>) -> Refusal {
    match reason {
        Confirmation::RecipientMismatch => Refusal::OtherRecipient { expected: against.own.acs.clone() },
        Confirmation::InResponseToMismatch => Refusal::OtherRequest,
        Confirmation::TimeWindowInvalid => Refusal::NotNow,
        _ => Refusal::NoSubject,
    }
}

fn quote(text: &str) -> String {
    let plain: String = text.chars().filter(|letter| !letter.is_control()).take(LONGEST_QUOTE).collect();
    if plain.is_empty() { "nobody".to_owned() } else { plain }
}
