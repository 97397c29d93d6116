//! Rows of answers that were used.

use diesel::prelude::*;

use super::model::ReplayKey;
use crate::{
    base::{clock::Moment, ids::OrganizationId, token},
    db::{Fault, Tx, schema::saml_replays},
};

/// Marks an answer as used; false when it was before. The organization is locked, so nobody else asks at the same time.
pub fn mark_used(tx: &mut Tx<'_>, organization: OrganizationId, key: &ReplayKey) -> Result<bool, Fault> {
    let key_hash = token::hash(&key.key);
    let row = saml_replays::table.find((organization, &key_hash));
    if row.select(saml_replays::expires_at).first::<Moment>(tx.conn()).optional()?.is_some() {
        return Ok(false);
    }
    diesel::insert_into(saml_replays::table)
        .values((
            saml_replays::organization_id.eq(organization),
            saml_replays::key_hash.eq(&key_hash),
            saml_replays::expires_at.eq(key.until),
        ))
        .execute(tx.conn())?;
    Ok(true)
}

/// Forgets what has expired and would be refused for that; returns how many rows went.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize, Fault> {
    let now = tx.now();
    Ok(diesel::delete(saml_replays::table.filter(saml_replays::expires_at.lt(now))).execute(tx.conn())?)
}
