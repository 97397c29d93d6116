//! Asking an identity provider who somebody is.

use saml_rs::{
    AuthnRequestSigningPolicy, CertificatePem, Credentials, EntityId, PrivateKeyPem, RelayStateParam, Saml,
    SamlError, SpConfig, SpValidationPolicy, StartSso,
};

use super::{acs, descriptor, xml_policy};
use crate::saml::model::{Own, Provider};

/// What requests are signed with, both as PEM.
#[derive(Clone)]
pub struct SigningKey {
    /// PKCS#8.
    pub private: String,
    pub certificate: String,
}

/// A request that was made.
#[derive(Clone, Debug)]
pub struct Begun {
    /// The answer names it.
    pub request_id: String,
    /// Where the browser goes: the provider's SSO URL with the request in its query.
    pub address: String,
}

/// Why no request was made.
#[derive(Debug, thiserror::Error)]
pub enum NotBegun {
    #[error("the identity provider wants signed requests, and there is no key to sign them with")]
    NoKey,
    #[error("the request cannot be written")]
    Unwritable(#[source] SamlError),
}

/// An `AuthnRequest` by the HTTP-Redirect binding (SAML 2.0 Bindings, section 3.4), signed by RSA with SHA-256 when the
/// provider wants it. `relay_state` comes back with the answer; it is at most 80 bytes.
pub fn begin(
    provider: &Provider,
    own: &Own,
    relay_state: &str,
    key: Option<&SigningKey>,
) -> Result<Begun, NotBegun> {
    let key = key.filter(|_| provider.wants_signed_requests);
    if provider.wants_signed_requests && key.is_none() {
        return Err(NotBegun::NoKey);
    }
    write(provider, own, relay_state, key).map_err(NotBegun::Unwritable)
}

fn write(
    provider: &Provider,
    own: &Own,
    relay_state: &str,
    key: Option<&SigningKey>,
) -> Result<Begun, SamlError> {
    let credentials = key.map_or_else(Credentials::default, |key| Credentials {
        signing_key: Some(PrivateKeyPem::new(&key.private)),
        signing_certificate: Some(CertificatePem::new(&key.certificate)),
        ..Credentials::default()
    });
    let signing = match key {
        Some(_) => AuthnRequestSigningPolicy::Sign,
        None => AuthnRequestSigningPolicy::DoNotSignForCompatibility,
    };
    let config = SpConfig::builder(EntityId::try_new(&own.entity_id)?)
        .acs_endpoint(acs(own)?)
        .credentials(credentials)
        .validation(SpValidationPolicy { authn_requests: signing, ..SpValidationPolicy::recommended() })
        .xml(xml_policy())
        .build()?;
    let options = StartSso::redirect()
        .relay_state(RelayStateParam::try_from_option(Some(relay_state.to_owned()))?)
        .apply_web_browser_sso_generation_rules();
    let started = Saml::sp(config)?.start_sso(&descriptor(provider)?, options)?;
    Ok(Begun {
        request_id: started.pending.request_id().as_str().to_owned(),
        address: started.outbound.redirect_url()?.to_owned(),
    })
}
