//! Rows of access tokens.

use diesel::prelude::*;

use crate::{
    base::{
        clock::Moment,
        ids::{AccessTokenId, OrganizationId, UserId},
    },
    db::{
        AnyConnection, Fault, Tx,
        schema::{access_tokens, token_roles},
    },
};

pub struct NewRow<'a> {
    pub id: AccessTokenId,
    pub organization: OrganizationId,
    pub user: UserId,
    pub parent: Option<AccessTokenId>,
    pub secret_hash: &'a str,
    pub name: &'a str,
    pub comment: &'a str,
    pub expires_at: Option<Moment>,
    pub roles: Option<&'a [String]>,
}

pub fn insert(tx: &mut Tx<'_>, row: &NewRow<'_>) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(access_tokens::table)
        .values((
            access_tokens::id.eq(row.id),
            access_tokens::organization_id.eq(row.organization),
            access_tokens::user_id.eq(row.user),
            access_tokens::parent_id.eq(row.parent),
            access_tokens::secret_hash.eq(row.secret_hash),
            access_tokens::name.eq(row.name),
            access_tokens::comment.eq(row.comment),
            access_tokens::narrowed.eq(row.roles.is_some()),
            access_tokens::created_at.eq(now),
            access_tokens::expires_at.eq(row.expires_at),
        ))
        .execute(tx.conn())?;
    for role in row.roles.unwrap_or_default() {
        diesel::insert_into(token_roles::table)
            .values((
                token_roles::token_id.eq(row.id),
                token_roles::role.eq(role),
                token_roles::organization_id.eq(row.organization),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// How many tokens of somebody are neither revoked nor over.
pub fn live_of(conn: &mut AnyConnection, user: UserId, now: Moment) -> Result<i64, Fault> {
    Ok(access_tokens::table
        .filter(access_tokens::user_id.eq(user))
        .filter(access_tokens::revoked_at.is_null())
        .filter(access_tokens::expires_at.is_null().or(access_tokens::expires_at.gt(now)))
        .count()
        .get_result(conn)?)
}

/// Whose token it is, what it is called, and since when it is revoked.
pub fn known(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: AccessTokenId,
) -> Result<Option<(UserId, String, Option<Moment>)>, Fault> {
    Ok(access_tokens::table
        .filter(access_tokens::id.eq(id))
        .filter(access_tokens::organization_id.eq(organization))
        .select((access_tokens::user_id, access_tokens::name, access_tokens::revoked_at))
        .first(conn)
        .optional()?)
}

/// Revokes one token and those that were made with it, as far as they are not revoked; returns how many were.
pub fn revoke(tx: &mut Tx<'_>, id: AccessTokenId) -> Result<usize, Fault> {
    let now = tx.now();
    let (mut generation, mut revoked) = (vec![id], 0);
    while !generation.is_empty() {
        let live = access_tokens::id.eq_any(&generation).and(access_tokens::revoked_at.is_null());
        revoked += diesel::update(access_tokens::table.filter(live))
            .set(access_tokens::revoked_at.eq(now))
            .execute(tx.conn())?;
        generation = access_tokens::table
            .filter(access_tokens::parent_id.eq_any(&generation))
            .select(access_tokens::id)
            .load(tx.conn())?;
    }
    Ok(revoked)
}

/// Revokes every token of somebody that is neither revoked nor over; returns how many.
pub fn revoke_all_of(tx: &mut Tx<'_>, user: UserId) -> Result<usize, Fault> {
    let now = tx.now();
    let live = access_tokens::table
        .filter(access_tokens::user_id.eq(user))
        .filter(access_tokens::revoked_at.is_null())
        .filter(access_tokens::expires_at.is_null().or(access_tokens::expires_at.gt(now)));
    Ok(diesel::update(live).set(access_tokens::revoked_at.eq(now)).execute(tx.conn())?)
}
