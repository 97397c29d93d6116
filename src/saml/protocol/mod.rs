//! The words of the protocol: our metadata, a request, an answer. `saml-rs` reads and writes the XML; its settings, which
//! are stricter than those it comes with, are made here alone.

mod metadata;
mod own;
mod refusals;
mod request;
mod signing;
mod verify;

use saml_rs::{EntityId, SamlError, XmlPolicy, xml::XmlLimits};

use super::model::{LONGEST_ANSWER, LONGEST_METADATA, Own, Provider};

pub use metadata::metadata;
pub use own::own_metadata;
pub use request::{Begun, NotBegun, begin};
pub use signing::SigningKey;
pub use verify::verify;

fn limits(max_bytes: usize) -> XmlLimits {
    XmlLimits {
        max_bytes,
        max_depth: 40,
        max_nodes: 20_000,
        max_attributes_per_element: 32,
        max_attribute_value_bytes: 8 * 1_024,
        max_text_bytes: max_bytes,
    }
}

fn xml_policy() -> XmlPolicy {
    XmlPolicy { limits: limits(LONGEST_ANSWER), ..XmlPolicy::default() }
}

fn metadata_limits() -> XmlLimits {
    limits(LONGEST_METADATA)
}

/// What the crate knows of the provider, made of what is pinned and nothing else. Requests are not signed by it.
fn descriptor(provider: &Provider) -> Result<saml_rs::IdpDescriptor, SamlError> {
    use saml_rs::{
        MetadataTrustPolicy,
        constants::Binding,
        metadata::{Endpoint, IdpMetadataConfig, try_generate_idp_metadata},
    };
    let pinned = IdpMetadataConfig {
        entity_id: provider.entity_id.clone(),
        signing_certs: provider.certificates.iter().map(|it| it.as_str().to_owned()).collect(),
        single_sign_on_service: vec![Endpoint::new(Binding::Redirect, provider.sso_url.as_str())],
        ..IdpMetadataConfig::default()
    };
    let xml = try_generate_idp_metadata(&pinned)?;
    let (expected, trust) =
        (EntityId::try_new(&provider.entity_id)?, MetadataTrustPolicy::UnsignedForCompatibility);
    saml_rs::IdpDescriptor::from_metadata_xml_for(expected, &xml, trust)
}

fn acs(own: &Own) -> Result<saml_rs::AcsEndpoint, SamlError> {
    saml_rs::AcsEndpoint::post(&own.acs)
}
