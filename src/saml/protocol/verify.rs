//! Reading an answer. Nothing else in Roster looks at its XML.

use std::time::SystemTime;

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::DateTime;
use saml_rs::{
    AssertionSignaturePolicy, AudienceValidationPolicy, AuthnRequestSigningPolicy, BrowserInput, ClockSkew,
    EntityId, FormField, MessageId, NameId, PendingAuthnRequest, RelayStateParam, ReplayCache,
    ReplayKey as Key, ReplayPolicy, ResponseSignaturePolicy, Saml, SamlError, SamlValidationContext, Sp,
    SpConfig, SpValidationPolicy, SsoResponse, SsoResponseBinding, SsoSession,
    VerifiedXmlSignatureCoverage as Coverage, XmlSignatureProfile,
};

use super::{acs, descriptor, refusals, xml_policy};
use crate::{
    base::clock::Moment,
    saml::model::{
        Assertion, CLOCK_SKEW, Expected, LONGEST_ANSWER, LONGEST_NAME_ID, Refusal, ReplayKey, Unspent,
    },
};

/// SAML 2.0 Core, section 8.3.8: means somebody for one session only.
const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";

/// Reads the value of `SAMLResponse` as it came in the form, by the Web Browser SSO profile (SAML 2.0 Profiles, section
/// 4.1.4.3), stricter in this: the response itself must be signed, whole, by RSA with SHA-2 and by one of the pinned
/// certificates; a certificate in the answer is not trusted; there is one assertion, with an audience; nothing is
/// encrypted; the answer is to a request of ours. No more is decoded than [`LONGEST_ANSWER`] characters.
///
/// What comes back has not been looked up among those used already: [`spend`](crate::saml::spend) does that.
pub fn verify(answer: &[u8], against: &Expected<'_>) -> Result<Unspent, Refusal> {
    let answer = presentable(answer)?;
    let mut seen = Seen { now: against.now, keys: Vec::new() };
    let session = read(answer, against, &mut seen).map_err(|error| refusals::of(error, against))?;
    whole(&session)?;
    let assertions = session.replay_keys().iter().filter(|key| matches!(key, Key::AssertionId(_))).count();
    if assertions != 1 {
        return Err(Refusal::SeveralAssertions);
    }
    let assertion = assertion(&session)?;
    if assertion.name_id_format.as_deref() == Some(TRANSIENT) {
        return Err(Refusal::Transient);
    }
    let is_anew = |since| assertion.authenticated_at.is_some_and(|at| at >= since);
    if against.authenticated_since.is_some_and(|since| !is_anew(since.minus(CLOCK_SKEW))) {
        return Err(Refusal::NotAnew);
    }
    Ok(Unspent::new(assertion, seen.keys))
}

/// Looks at the bytes before any reader of XML does. A `<!` stands in well-formed XML only where a document type, a
/// comment or a CDATA section begins, on which readers have differed; none is needed here.
fn presentable(answer: &[u8]) -> Result<String, Refusal> {
    if answer.len() > LONGEST_ANSWER {
        return Err(Refusal::TooLong);
    }
    let packed: Vec<u8> = answer.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let bytes = STANDARD.decode(&packed).map_err(|_| Refusal::Unreadable)?;
    let text = std::str::from_utf8(&bytes).map_err(|_| Refusal::Unreadable)?;
    let declared = text.trim_start().starts_with("<?xml ");
    if text.contains("<!") || text.matches("<?").count() > usize::from(declared) {
        return Err(Refusal::Markup);
    }
    let is_encrypted = ["EncryptedAssertion", "EncryptedID", "EncryptedAttribute"]
        .iter()
        .any(|name| text.contains(&format!("<{name}")) || text.contains(&format!(":{name}")));
    if is_encrypted { Err(Refusal::Encrypted) } else { Ok(STANDARD.encode(&bytes)) }
}

fn read(answer: String, against: &Expected<'_>, seen: &mut Seen) -> Result<SsoSession, SamlError> {
    let (provider, acs) = (descriptor(against.provider)?, acs(against.own)?);
    let asked = PendingAuthnRequest::try_new(
        MessageId::try_new(against.request_id)?,
        RelayStateParam::absent(),
        acs.clone(),
        SsoResponseBinding::Post,
        EntityId::try_new(&against.provider.entity_id)?,
    )?;
    let skew = CLOCK_SKEW.num_milliseconds();
    let context = SamlValidationContext::new(against.now.utc().into(), ReplayPolicy::RequireCache(seen))
        .with_clock_skew(ClockSkew::from_millis(-skew, skew));
    let field = FormField::new("SAMLResponse", answer);
    relying_party(against, acs)?.finish_sso(
        &provider,
        &asked,
        BrowserInput::<SsoResponse>::post(vec![field]),
        context,
    )
}

fn relying_party(against: &Expected<'_>, acs: saml_rs::AcsEndpoint) -> Result<Saml<Sp>, SamlError> {
    let policy = SpValidationPolicy {
        responses: ResponseSignaturePolicy::RequireSigned,
        assertions: if against.signed_assertions {
            AssertionSignaturePolicy::RequireSigned
        } else {
            AssertionSignaturePolicy::AllowUnsignedForCompatibility
        },
        xml_signatures: XmlSignatureProfile::StrictRsaSha2,
        audience: AudienceValidationPolicy::Validate,
        authn_requests: AuthnRequestSigningPolicy::DoNotSignForCompatibility,
        ..SpValidationPolicy::recommended()
    };
    let config = SpConfig::builder(EntityId::try_new(&against.own.entity_id)?)
        .acs_endpoint(acs)
        .validation(policy)
        .xml(xml_policy())
        .build()?;
    Saml::sp(config)
}

/// Whether a signature that was verified covers the very element that is the root.
fn whole(session: &SsoSession) -> Result<(), Refusal> {
    let covers =
        |coverage| matches!(coverage, Coverage::ResponseRoot | Coverage::ResponseRootAndConsumedAssertion);
    let whole = session.verified_xml_signatures().iter().any(|signature| covers(signature.coverage()));
    if whole { Ok(()) } else { Err(Refusal::SignedInPart) }
}

fn assertion(session: &SsoSession) -> Result<Assertion, Refusal> {
    let name_id = session.name_id();
    let value = name_id.value().trim();
    if value.is_empty() || value.chars().count() > LONGEST_NAME_ID {
        return Err(Refusal::NoSubject);
    }
    let values = |attribute: &saml_rs::Attribute| {
        attribute.values().iter().map(|value| value.as_str().to_owned()).collect()
    };
    let attributes = session.attributes().as_slice().iter();
    Ok(Assertion {
        issuer: session.issuer().as_str().to_owned(),
        name_id: value.to_owned(),
        name_id_format: NameId::format(name_id).map(|format| format.as_uri().to_owned()),
        authenticated_at: authenticated_at(session),
        attributes: attributes.map(|it| (it.name().to_owned(), values(it))).collect(),
    })
}

/// The latest of its statements.
fn authenticated_at(session: &SsoSession) -> Option<Moment> {
    let instants = session.authn_sessions().iter().filter_map(|it| it.authn_instant());
    let read = |instant: &str| DateTime::parse_from_rfc3339(instant).ok().map(|at| Moment::new(at.to_utc()));
    instants.filter_map(|instant| read(instant.as_str())).max()
}

/// Notes what marks the answer as used; the rows are asked afterwards, in the transaction that uses it.
struct Seen {
    now: Moment,
    keys: Vec<ReplayKey>,
}

impl ReplayCache for Seen {
    fn check_and_store(&mut self, key: Key, expires_at: SystemTime) -> Result<(), SamlError> {
        let until = Moment::new(expires_at.into()).max(self.now).plus(CLOCK_SKEW * 2);
        self.keys.push(ReplayKey { key: key.cache_key(), until });
        Ok(())
    }
}
