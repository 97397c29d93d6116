//! Using what was verified, once; and the key that requests are signed with.

use super::{
    SigningKey,
    model::{Assertion, Refusal, Unspent},
    store,
};
use crate::{
    base::ids::OrganizationId,
    crypto::sealing::Sealer,
    db::{AnyConnection, Fault, Stop, Tx, installation},
};

pub use store::sweep;

/// What is in a verified answer, for whoever uses it first: of many at once, on however many instances, one gets it. It
/// is used when the transaction commits, so what is done with it belongs into the same one.
pub fn spend(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    unspent: Unspent,
) -> Result<Assertion, Stop<Refusal>> {
    tx.lock(organization)?;
    let (assertion, keys) = unspent.into_parts();
    for key in &keys {
        if !store::mark_used(tx, organization, key)? {
            return Err(Stop::Refused(Refusal::Replayed));
        }
    }
    Ok(assertion)
}

/// The name of the installation's value, and what it is sealed for.
const SIGNING_KEY: &str = "saml_signing_key";

/// The installation's key for requests, when there is one.
pub fn signing_key(conn: &mut AnyConnection, sealer: &Sealer) -> Result<Option<SigningKey>, Fault> {
    let Some(sealed) = installation::value(conn, SIGNING_KEY)? else { return Ok(None) };
    let opened = sealer.open(SIGNING_KEY, &sealed);
    let text = opened.and_then(|opened| String::from_utf8(opened.secret).ok());
    let key = text.and_then(|text| SigningKey::of_text(&text));
    Ok(Some(key.ok_or_else(|| Fault::broken("opening the key for SAML requests", "it does not open"))?))
}

/// Keeps this key, unless there is one: providers have its certificate. Returns the one that holds.
pub fn keep_signing_key(tx: &mut Tx<'_>, sealer: &Sealer, fresh: SigningKey) -> Result<SigningKey, Fault> {
    tx.lock_installation()?;
    if let Some(key) = signing_key(tx.conn(), sealer)? {
        return Ok(key);
    }
    seal(tx, sealer, &fresh)?;
    Ok(fresh)
}

/// After a change of the secret key, while the one before still opens it.
pub fn reseal_signing_key(tx: &mut Tx<'_>, sealer: &Sealer) -> Result<(), Fault> {
    match signing_key(tx.conn(), sealer)? {
        Some(key) => seal(tx, sealer, &key),
        None => Ok(()),
    }
}

fn seal(tx: &mut Tx<'_>, sealer: &Sealer, key: &SigningKey) -> Result<(), Fault> {
    let sealed = sealer.seal(SIGNING_KEY, key.to_text().as_bytes());
    let sealed =
        sealed.ok_or_else(|| Fault::broken("sealing the key for SAML requests", "it does not fit"))?;
    installation::set_value(tx, SIGNING_KEY, &sealed)
}
