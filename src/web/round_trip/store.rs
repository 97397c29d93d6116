//! Rows of ways that were begun and not ended.

use diesel::prelude::*;

use crate::{
    base::clock::Moment,
    db::{AnyConnection, Fault, Tx, schema::social_attempts},
};

pub fn begin(
    tx: &mut Tx<'_>,
    (state_hash, holder_hash): (&str, &str),
    sealed: &str,
    expires_at: Moment,
) -> Result<(), Fault> {
    diesel::insert_into(social_attempts::table)
        .values((
            social_attempts::state_hash.eq(state_hash),
            social_attempts::holder_hash.eq(holder_hash),
            social_attempts::sealed.eq(sealed),
            social_attempts::expires_at.eq(expires_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// What was sealed, for whoever knows the state and in time.
pub fn look(conn: &mut AnyConnection, state_hash: &str, now: Moment) -> Result<Option<String>, Fault> {
    let row = social_attempts::table.find(state_hash).filter(social_attempts::expires_at.gt(now));
    Ok(row.select(social_attempts::sealed).first(conn).optional()?)
}

/// True when it was what was seen.
pub fn replace(tx: &mut Tx<'_>, state_hash: &str, seen: &str, sealed: &str) -> Result<bool, Fault> {
    let row = social_attempts::table.find(state_hash).filter(social_attempts::sealed.eq(seen));
    Ok(diesel::update(row).set(social_attempts::sealed.eq(sealed)).execute(tx.conn())? == 1)
}

/// What was sealed, for whoever holds it and in time. Of many tries one gets it: the row is gone then.
pub fn take(tx: &mut Tx<'_>, state_hash: &str, holder_hash: &str) -> Result<Option<String>, Fault> {
    let now = tx.now();
    let row = social_attempts::table
        .filter(social_attempts::state_hash.eq(state_hash))
        .filter(social_attempts::holder_hash.eq(holder_hash));
    let found: Option<(String, Moment)> =
        row.select((social_attempts::sealed, social_attempts::expires_at)).first(tx.conn()).optional()?;
    let taken = diesel::delete(row).execute(tx.conn())? == 1;
    Ok(found.filter(|(_, expires_at)| taken && *expires_at > now).map(|(sealed, _)| sealed))
}

/// Forgets the ways that nobody came back on; returns how many rows went.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize, Fault> {
    let now = tx.now();
    let over = social_attempts::table.filter(social_attempts::expires_at.lt(now));
    Ok(diesel::delete(over).execute(tx.conn())?)
}
