//! Reading the metadata of an identity provider.

use saml_rs::{
    constants::{Binding, CertUse},
    metadata::IdpMetadata,
};
use url::Url;

use super::metadata_limits;
use crate::{
    base::clock::Moment,
    saml::model::{
        Certificate, LONGEST_ENTITY_ID, LONGEST_METADATA, MOST_CERTIFICATES, NotMetadata, Provider,
    },
};

/// What an administrator would otherwise enter by hand. A signature on the metadata is not looked at: whoever sets this
/// up has fetched them from an address they trust, and confirms what was found. Certificates that have ended are left out
/// as long as there is another.
pub fn metadata(bytes: &[u8], now: Moment) -> Result<Provider, NotMetadata> {
    if bytes.len() > LONGEST_METADATA {
        return Err(NotMetadata::TooLong);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| NotMetadata::Unreadable)?;
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.contains("<!DOCTYPE") || text.contains("<!ENTITY") {
        return Err(NotMetadata::DocumentType);
    }
    let parsed = IdpMetadata::from_xml_with_limits(text, metadata_limits());
    let parsed = parsed.map_err(|_| NotMetadata::Unreadable)?;
    let entity_id = parsed.get_entity_id().map(str::trim).unwrap_or_default();
    if entity_id.is_empty() || entity_id.chars().count() > LONGEST_ENTITY_ID {
        return Err(NotMetadata::NoEntityId);
    }
    let address = parsed.get_single_sign_on_service(Binding::Redirect).ok_or(NotMetadata::NoAddress)?;
    Ok(Provider {
        entity_id: entity_id.to_owned(),
        sso_url: Url::parse(address.trim()).map_err(|_| NotMetadata::NoAddress)?,
        certificates: certificates(&parsed, now)?,
        wants_signed_requests: parsed.is_want_authn_requests_signed(),
    })
}

fn certificates(parsed: &IdpMetadata, now: Moment) -> Result<Vec<Certificate>, NotMetadata> {
    let mut found: Vec<Certificate> = Vec::new();
    for text in parsed.x509_certificates(CertUse::Signing) {
        let certificate = Certificate::parse(&text)?;
        if !found.contains(&certificate) {
            found.push(certificate);
        }
    }
    if found.iter().any(|certificate| !certificate.has_ended(now)) {
        found.retain(|certificate| !certificate.has_ended(now));
    }
    match found.len() {
        0 => Err(NotMetadata::NoCertificate),
        count if count > MOST_CERTIFICATES => Err(NotMetadata::TooManyCertificates),
        _ => Ok(found),
    }
}
