//! Rows of the links that set a new password. A row opens nothing by itself: the link's token is signed.

use diesel::prelude::*;

use crate::{
    base::{
        clock::Moment,
        ids::{OrganizationId, PasswordResetId, UserId},
    },
    db::{AnyConnection, Fault, Tx, schema::password_resets},
    mail::letters::Reset,
    passwords::model::{ResetLink, State},
};

pub fn insert(tx: &mut Tx<'_>, organization: OrganizationId, link: &ResetLink) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(password_resets::table)
        .values((
            password_resets::id.eq(link.id),
            password_resets::organization_id.eq(organization),
            password_resets::user_id.eq(link.user),
            password_resets::why.eq(link.why),
            password_resets::state.eq(link.state),
            password_resets::created_at.eq(now),
            password_resets::expires_at.eq(link.expires_at),
            password_resets::lifts_factor.eq(link.lifts_factor),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub fn find(conn: &mut AnyConnection, id: PasswordResetId) -> Result<Option<ResetLink>, Fault> {
    Ok(password_resets::table
        .find(id)
        .select((
            password_resets::id,
            password_resets::user_id,
            password_resets::why,
            password_resets::state,
            password_resets::expires_at,
            password_resets::lifts_factor,
        ))
        .first(conn)
        .optional()?
        .map(|(id, user, why, state, expires_at, lifts_factor)| ResetLink {
            id,
            user,
            why,
            state,
            expires_at,
            lifts_factor,
        }))
}

/// Compare-and-set: true for the one who uses it.
pub fn use_up(tx: &mut Tx<'_>, id: PasswordResetId) -> Result<bool, Fault> {
    let now = tx.now();
    let open = password_resets::table
        .filter(password_resets::id.eq(id))
        .filter(password_resets::state.eq(State::Pending))
        .filter(password_resets::expires_at.gt(now));
    Ok(diesel::update(open).set(password_resets::state.eq(State::Used)).execute(tx.conn())? == 1)
}

/// Ends the pending links of these kinds that a person was sent.
pub fn replace_links(tx: &mut Tx<'_>, user: UserId, kinds: &[Reset]) -> Result<usize, Fault> {
    let pending = password_resets::table
        .filter(password_resets::user_id.eq(user))
        .filter(password_resets::state.eq(State::Pending))
        .filter(password_resets::why.eq_any(kinds));
    Ok(diesel::update(pending).set(password_resets::state.eq(State::Replaced)).execute(tx.conn())?)
}

/// Whether a link that this person asked for after that moment still waits to be used.
pub fn asked_since(conn: &mut AnyConnection, user: UserId, since: Moment) -> Result<bool, Fault> {
    let waiting = password_resets::table
        .filter(password_resets::user_id.eq(user))
        .filter(password_resets::why.eq(Reset::Forgotten))
        .filter(password_resets::state.eq(State::Pending))
        .filter(password_resets::created_at.gt(since));
    let count: i64 = waiting.count().get_result(conn)?;
    Ok(count > 0)
}

/// Removes links that ended more than 30 days ago; until then they tell their story.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize, Fault> {
    let before = tx.now().minus(chrono::Duration::days(30));
    let old = password_resets::table.filter(password_resets::expires_at.lt(before));
    Ok(diesel::delete(old).execute(tx.conn())?)
}
