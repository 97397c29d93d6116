//! Asking an identity provider who somebody is.

use saml_rs::{
    AuthnRequestSigningPolicy, EntityId, ForceAuthn, RelayStateParam, Saml, SamlError, SpConfig,
    SpValidationPolicy, StartSso,
};

use super::{SigningKey, acs, descriptor, xml_policy};
use crate::saml::model::{Own, Provider};

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
/// provider wants it. `relay_state` comes back with the answer; it is at most 80 bytes. `anew` asks the provider not to rely
/// on an earlier sign-in (`ForceAuthn`).
pub fn begin(
    provider: &Provider,
    own: &Own,
    (relay_state, anew): (&str, bool),
    key: Option<&SigningKey>,
) -> Result<Begun, NotBegun> {
    let begun = write(provider, own, relay_state, anew).map_err(NotBegun::Unwritable)?;
    if !provider.wants_signed_requests {
        return Ok(begun);
    }
    let address = key.and_then(|key| key.sign(&begun.address)).ok_or(NotBegun::NoKey)?;
    Ok(Begun { address, ..begun })
}

fn write(provider: &Provider, own: &Own, relay_state: &str, anew: bool) -> Result<Begun, SamlError> {
    let policy = SpValidationPolicy {
        authn_requests: AuthnRequestSigningPolicy::DoNotSignForCompatibility,
        ..SpValidationPolicy::recommended()
    };
    let config = SpConfig::builder(EntityId::try_new(&own.entity_id)?)
        .acs_endpoint(acs(own)?)
        .validation(policy)
        .xml(xml_policy())
        .build()?;
    let options = StartSso::redirect()
        .relay_state(RelayStateParam::try_from_option(Some(relay_state.to_owned()))?)
        .apply_web_browser_sso_generation_rules();
    let options = if anew { options.force_authn(ForceAuthn::Required) } else { options };
    let started = Saml::sp(config)?.start_sso(&descriptor(provider)?, options)?;
    Ok(Begun {
        request_id: started.pending.request_id().as_str().to_owned(),
        address: started.outbound.redirect_url()?.to_owned(),
    })
}
