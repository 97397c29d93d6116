//! Rows of access tokens as a request needs them, and of what creates have answered.

use diesel::prelude::*;

use crate::{
    base::{
        clock::Moment,
        ids::{AccessTokenId, GroupId, OrganizationId, UserId},
    },
    db::{
        AnyConnection, Fault, Tx, on_each,
        schema::{access_tokens, idempotency_keys, memberships, organizations, token_roles, users},
    },
};

/// A token with whom it belongs to, as one look finds them.
#[derive(Clone, Debug, Queryable)]
pub struct Presented {
    pub token: AccessTokenId,
    pub token_name: String,
    pub user: UserId,
    pub organization: OrganizationId,
    pub narrowed: bool,
    pub created_at: Moment,
    pub expires_at: Option<Moment>,
    pub last_used_at: Option<Moment>,
    pub revoked_at: Option<Moment>,
    pub status: String,
    pub name: String,
    pub email: String,
    pub organization_name: String,
    pub organization_code: String,
    pub time_zone: String,
    pub access_epoch: i64,
}

/// A token, and the groups of whom it belongs to, by one statement.
pub fn by_hash(
    conn: &mut AnyConnection,
    secret_hash: &str,
) -> Result<Option<(Presented, Vec<GroupId>)>, Fault> {
    let rows = access_tokens::table
        .inner_join(users::table)
        .inner_join(organizations::table.on(organizations::id.eq(access_tokens::organization_id)))
        .left_join(memberships::table.on(memberships::user_id.eq(access_tokens::user_id)))
        .filter(access_tokens::secret_hash.eq(secret_hash))
        .select((
            (
                access_tokens::id,
                access_tokens::name,
                access_tokens::user_id,
                access_tokens::organization_id,
                access_tokens::narrowed,
                access_tokens::created_at,
                access_tokens::expires_at,
                access_tokens::last_used_at,
                access_tokens::revoked_at,
                users::status,
                users::name,
                users::email,
                organizations::name,
                organizations::code,
                users::time_zone,
                organizations::access_epoch,
            ),
            memberships::group_id.nullable(),
        ));
    let rows: Vec<(Presented, Option<GroupId>)> = on_each!(conn, c => rows.load(c))?;
    let (mut found, mut groups) = (None, Vec::new());
    for (presented, group) in rows {
        found.get_or_insert(presented);
        groups.extend(group);
    }
    Ok(found.map(|presented| (presented, groups)))
}

/// The access epoch of an organization, see [`crate::access::Rulebooks`].
pub fn access_epoch(conn: &mut AnyConnection, organization: OrganizationId) -> Result<Option<i64>, Fault> {
    let epoch = organizations::table.find(organization).select(organizations::access_epoch);
    Ok(on_each!(conn, c => epoch.first(c)).optional()?)
}

/// What [`by_hash`] is asked with for a token whose id is known, by work that goes on after the request.
pub fn hash_of(conn: &mut AnyConnection, token: AccessTokenId) -> Result<Option<String>, Fault> {
    Ok(access_tokens::table.find(token).select(access_tokens::secret_hash).first(conn).optional()?)
}

/// The roles that a narrowed token carries at most.
pub fn roles_of(conn: &mut AnyConnection, token: AccessTokenId) -> Result<Vec<String>, Fault> {
    let roles = token_roles::table
        .filter(token_roles::token_id.eq(token))
        .order(token_roles::role)
        .select(token_roles::role);
    Ok(on_each!(conn, c => roles.load(c))?)
}

/// Notes the last use of a token, unless a later one is noted already.
pub fn touch(tx: &mut Tx<'_>, token: AccessTokenId, used: Moment) -> Result<(), Fault> {
    let earlier = access_tokens::last_used_at.is_null().or(access_tokens::last_used_at.lt(used));
    diesel::update(access_tokens::table.filter(access_tokens::id.eq(token)).filter(earlier))
        .set(access_tokens::last_used_at.eq(used))
        .execute(tx.conn())?;
    Ok(())
}

/// What a create answered under a key.
#[derive(Clone, Debug, Queryable)]
pub struct Answered {
    pub request_hash: String,
    pub status: i32,
    pub body: String,
}

pub fn answered(tx: &mut Tx<'_>, user: UserId, key: &str, since: Moment) -> Result<Option<Answered>, Fault> {
    Ok(idempotency_keys::table
        .filter(idempotency_keys::user_id.eq(user))
        .filter(idempotency_keys::key.eq(key))
        .filter(idempotency_keys::created_at.gt(since))
        .select((idempotency_keys::request_hash, idempotency_keys::status, idempotency_keys::body))
        .first(tx.conn())
        .optional()?)
}

/// Keeps an answer in place of one under the same key that is over.
pub fn keep(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    user: UserId,
    key: &str,
    answered: &Answered,
) -> Result<(), Fault> {
    let now = tx.now();
    let row = idempotency_keys::table
        .filter(idempotency_keys::user_id.eq(user))
        .filter(idempotency_keys::key.eq(key));
    diesel::delete(row).execute(tx.conn())?;
    diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::user_id.eq(user),
            idempotency_keys::key.eq(key),
            idempotency_keys::organization_id.eq(organization),
            idempotency_keys::request_hash.eq(&answered.request_hash),
            idempotency_keys::status.eq(answered.status),
            idempotency_keys::body.eq(&answered.body),
            idempotency_keys::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub fn sweep(tx: &mut Tx<'_>, until: Moment) -> Result<usize, Fault> {
    let over = idempotency_keys::table.filter(idempotency_keys::created_at.le(until));
    Ok(diesel::delete(over).execute(tx.conn())?)
}
