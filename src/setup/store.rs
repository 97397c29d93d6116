//! Rows of setup links. A row opens nothing by itself: the link's token is signed.

use diesel::prelude::*;

use super::model::{Purpose, SetupLink, State};
use crate::{
    base::ids::SetupLinkId,
    db::{AnyConnection, Fault, Tx, schema::setup_links},
};

pub fn find(conn: &mut AnyConnection, id: SetupLinkId) -> Result<Option<SetupLink>, Fault> {
    Ok(setup_links::table
        .find(id)
        .select((
            setup_links::id,
            setup_links::purpose,
            setup_links::email,
            setup_links::state,
            setup_links::expires_at,
        ))
        .first(conn)
        .optional()?
        .map(|(id, purpose, email, state, expires_at)| SetupLink { id, purpose, email, state, expires_at }))
}

pub fn insert(tx: &mut Tx<'_>, link: &SetupLink) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(setup_links::table)
        .values((
            setup_links::id.eq(link.id),
            setup_links::purpose.eq(link.purpose),
            setup_links::email.eq(&link.email),
            setup_links::state.eq(link.state),
            setup_links::created_at.eq(now),
            setup_links::expires_at.eq(link.expires_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Ends the first links that were printed before.
pub fn replace_first(tx: &mut Tx<'_>) -> Result<(), Fault> {
    let pending = setup_links::table
        .filter(setup_links::purpose.eq(Purpose::First))
        .filter(setup_links::state.eq(State::Pending));
    diesel::update(pending).set(setup_links::state.eq(State::Replaced)).execute(tx.conn())?;
    Ok(())
}

/// Compare-and-set: true for the one who uses it.
pub fn use_up(tx: &mut Tx<'_>, id: SetupLinkId) -> Result<bool, Fault> {
    let now = tx.now();
    let open = setup_links::table
        .filter(setup_links::id.eq(id))
        .filter(setup_links::state.eq(State::Pending))
        .filter(setup_links::expires_at.gt(now));
    Ok(diesel::update(open).set(setup_links::state.eq(State::Used)).execute(tx.conn())? == 1)
}

/// Removes links that ended more than 30 days ago; until then they tell their story.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize, Fault> {
    let before = tx.now().minus(chrono::Duration::days(30));
    Ok(diesel::delete(setup_links::table.filter(setup_links::expires_at.lt(before))).execute(tx.conn())?)
}
