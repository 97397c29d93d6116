//! SAML 2.0, the Web Browser SSO profile, as the side that relies on another: what we say of ourselves, asking an identity
//! provider who somebody is, and reading the answer. One reader only, [`verify`], sees the XML of an answer. Who is signed
//! in by what was verified is not decided here.

mod commands;
mod handlers;
mod model;
mod protocol;
mod store;

pub use commands::{keep_signing_key, reseal_signing_key, signing_key, spend, sweep};
pub use handlers::routes;
pub use model::{
    Assertion, Certificate, Expected, LONGEST_ENTITY_ID, LONGEST_METADATA, MOST_CERTIFICATES,
    NotACertificate, NotMetadata, Own, Provider, Refusal, Unspent,
};
pub use protocol::{Begun, NotBegun, SigningKey, begin, metadata, own_metadata, verify};
