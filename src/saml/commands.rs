//! Using what was verified, once.

use super::{
    model::{Assertion, Refusal, Unspent},
    store,
};
use crate::{
    base::ids::OrganizationId,
    db::{Stop, Tx},
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
