//! What identity providers are told of us.

use saml_rs::{
    NameIdFormat,
    constants::Binding,
    metadata::{Endpoint, SpMetadataConfig, generate_sp_metadata},
};

use super::SigningKey;
use crate::saml::model::Own;

/// Our metadata as XML: the Entity ID, the address for answers, and, when there is one, the certificate that requests are
/// signed with. They say nothing about how an organization is set up.
pub fn own_metadata(own: &Own, key: Option<&SigningKey>) -> String {
    let acs = Endpoint { is_default: true, index: Some(0), ..Endpoint::new(Binding::Post, &own.acs) };
    let formats = [NameIdFormat::Persistent, NameIdFormat::EmailAddress, NameIdFormat::Unspecified];
    generate_sp_metadata(&SpMetadataConfig {
        entity_id: own.entity_id.clone(),
        signing_certs: key.map(|key| key.certificate().to_owned()).into_iter().collect(),
        authn_requests_signed: key.is_some(),
        name_id_format: formats.iter().map(|format| format.as_uri().to_owned()).collect(),
        assertion_consumer_service: vec![acs],
        ..SpMetadataConfig::default()
    })
}
