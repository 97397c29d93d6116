//! Rows of access tokens.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::model::Token;

use crate::{
    base::{
        clock::Moment,
        ids::{AccessTokenId, OrganizationId, UserId},
    },
    db::{
        AnyConnection, Fault, Tx,
        schema::{access_tokens, token_roles, users},
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

type Row =
    (AccessTokenId, UserId, String, String, bool, Moment, Option<Moment>, Option<Moment>, Option<Moment>);

/// Tokens of an organization, of one person or of all, the newest first; those that are revoked only when asked for.
pub fn list(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    (of, with_revoked): (Option<UserId>, bool),
    after: Option<AccessTokenId>,
    most: i64,
) -> Result<Vec<Token>, Fault> {
    let mut query = access_tokens::table
        .filter(access_tokens::organization_id.eq(organization))
        .order(access_tokens::id.desc())
        .limit(most)
        .select((
            access_tokens::id,
            access_tokens::user_id,
            access_tokens::name,
            access_tokens::comment,
            access_tokens::narrowed,
            access_tokens::created_at,
            access_tokens::expires_at,
            access_tokens::last_used_at,
            access_tokens::revoked_at,
        ))
        .into_boxed();
    if let Some(of) = of {
        query = query.filter(access_tokens::user_id.eq(of));
    }
    if !with_revoked {
        query = query.filter(access_tokens::revoked_at.is_null());
    }
    if let Some(after) = after {
        query = query.filter(access_tokens::id.lt(after));
    }
    let rows: Vec<Row> = query.load(conn)?;
    let ids: Vec<_> = rows.iter().filter(|row| row.4).map(|row| row.0).collect();
    let mut roles = roles_of(conn, &ids)?;
    Ok(rows
        .into_iter()
        .map(|(id, owner, name, comment, narrowed, created_at, expires_at, last_used_at, revoked_at)| Token {
            roles: narrowed.then(|| roles.remove(&id).unwrap_or_default()),
            id,
            owner,
            name,
            comment,
            created_at,
            expires_at,
            last_used_at,
            revoked_at,
        })
        .collect())
}

fn roles_of(
    conn: &mut AnyConnection,
    ids: &[AccessTokenId],
) -> Result<BTreeMap<AccessTokenId, Vec<String>>, Fault> {
    let mut roles: BTreeMap<AccessTokenId, Vec<String>> = BTreeMap::new();
    if ids.is_empty() {
        return Ok(roles);
    }
    let rows: Vec<(AccessTokenId, String)> = token_roles::table
        .filter(token_roles::token_id.eq_any(ids))
        .order((token_roles::token_id, token_roles::role))
        .select((token_roles::token_id, token_roles::role))
        .load(conn)?;
    for (id, role) in rows {
        roles.entry(id).or_default().push(role);
    }
    Ok(roles)
}

/// A token whose end is near, and what its person was told of it: days before.
pub type Ending = (AccessTokenId, UserId, String, Moment, Moment);

/// Tokens of Active people that end by `until` and of whose end nobody was told this late, those that end first first.
pub fn ending(tx: &mut Tx<'_>, until: Moment, days: i32, most: i64) -> Result<Vec<Ending>, Fault> {
    let now = tx.now();
    let untold = access_tokens::warned_days.is_null().or(access_tokens::warned_days.gt(days));
    Ok(access_tokens::table
        .inner_join(users::table)
        .filter(access_tokens::expires_at.gt(now))
        .filter(access_tokens::expires_at.le(until))
        .filter(access_tokens::revoked_at.is_null())
        .filter(untold)
        .filter(users::status.eq("active"))
        .order((access_tokens::expires_at, access_tokens::id))
        .limit(most)
        .select((
            access_tokens::id,
            access_tokens::user_id,
            access_tokens::name,
            access_tokens::created_at,
            access_tokens::expires_at.assume_not_null(),
        ))
        .load(tx.conn())?)
}

/// Compare-and-set: true when nobody had told its person this late, and now it is written down.
pub fn set_warned(tx: &mut Tx<'_>, id: AccessTokenId, days: i32) -> Result<bool, Fault> {
    let untold = access_tokens::warned_days.is_null().or(access_tokens::warned_days.gt(days));
    let row = access_tokens::table.filter(access_tokens::id.eq(id)).filter(untold);
    Ok(diesel::update(row).set(access_tokens::warned_days.eq(days)).execute(tx.conn())? == 1)
}

/// Removes tokens that were revoked or over before this moment.
pub fn sweep(tx: &mut Tx<'_>, before: Moment) -> Result<usize, Fault> {
    let gone = access_tokens::revoked_at.lt(before).or(access_tokens::expires_at.lt(before));
    Ok(diesel::delete(access_tokens::table.filter(gone)).execute(tx.conn())?)
}
