//! Whether provisioning is on, and the tokens of providers.

use diesel::prelude::*;

use crate::{
    base::{
        clock::Moment,
        ids::{OrganizationId, ScimTokenId},
    },
    db::{
        AnyConnection, Fault, Tx,
        schema::{organizations, scim_connections, scim_tokens},
    },
    scim::model::{Connection, Life, Name, Token},
};

pub fn enabled(conn: &mut AnyConnection, organization: OrganizationId) -> Result<bool, Fault> {
    let row = scim_connections::table.find(organization).select(scim_connections::enabled);
    Ok(row.first(conn).optional()?.unwrap_or(false))
}

pub fn set_enabled(tx: &mut Tx<'_>, organization: OrganizationId, on: bool) -> Result<(), Fault> {
    let now = tx.now();
    let values = (scim_connections::enabled.eq(on), scim_connections::changed_at.eq(now));
    let changed =
        diesel::update(scim_connections::table.find(organization)).set(values).execute(tx.conn())?;
    if changed == 0 {
        diesel::insert_into(scim_connections::table)
            .values((
                scim_connections::organization_id.eq(organization),
                scim_connections::enabled.eq(on),
                scim_connections::changed_at.eq(now),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

type PresentedRow =
    (ScimTokenId, String, OrganizationId, String, Option<bool>, Option<Moment>, Option<Moment>);

/// A token by its hash, with whether its organization lets it in.
pub fn presented(conn: &mut AnyConnection, secret_hash: &str) -> Result<Option<Connection>, Fault> {
    let row: Option<PresentedRow> = scim_tokens::table
        .inner_join(organizations::table)
        .left_join(
            scim_connections::table.on(scim_connections::organization_id.eq(scim_tokens::organization_id)),
        )
        .filter(scim_tokens::secret_hash.eq(secret_hash))
        .select((
            scim_tokens::id,
            scim_tokens::name,
            scim_tokens::organization_id,
            organizations::code,
            scim_connections::enabled.nullable(),
            scim_tokens::last_used_at,
            scim_tokens::revoked_at,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(token, token_name, organization, code, enabled, last_used_at, revoked_at)| Connection {
        life: match (revoked_at, enabled) {
            (Some(_), _) => Life::Revoked,
            (None, Some(true)) => Life::Live,
            (None, _) => Life::Off,
        },
        token,
        token_name,
        organization,
        code,
        last_used_at,
    }))
}

/// Notes the last use of a token, unless a later one is noted already.
pub fn touch(tx: &mut Tx<'_>, token: ScimTokenId) -> Result<(), Fault> {
    let now = tx.now();
    let earlier = scim_tokens::last_used_at.is_null().or(scim_tokens::last_used_at.lt(now));
    diesel::update(scim_tokens::table.filter(scim_tokens::id.eq(token)).filter(earlier))
        .set(scim_tokens::last_used_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

pub fn insert_token(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    (id, name, secret_hash): (ScimTokenId, &Name, &str),
) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(scim_tokens::table)
        .values((
            scim_tokens::id.eq(id),
            scim_tokens::organization_id.eq(organization),
            scim_tokens::secret_hash.eq(secret_hash),
            scim_tokens::name.eq(name.as_str()),
            scim_tokens::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub fn live_tokens(conn: &mut AnyConnection, organization: OrganizationId) -> Result<Vec<Token>, Fault> {
    let rows: Vec<(ScimTokenId, String, Moment, Option<Moment>)> = scim_tokens::table
        .filter(scim_tokens::organization_id.eq(organization))
        .filter(scim_tokens::revoked_at.is_null())
        .order(scim_tokens::id.desc())
        .select((scim_tokens::id, scim_tokens::name, scim_tokens::created_at, scim_tokens::last_used_at))
        .load(conn)?;
    let token = |(id, name, created_at, last_used_at)| Token { id, name, created_at, last_used_at };
    Ok(rows.into_iter().map(token).collect())
}

pub fn live_tokens_count(conn: &mut AnyConnection, organization: OrganizationId) -> Result<i64, Fault> {
    Ok(scim_tokens::table
        .filter(scim_tokens::organization_id.eq(organization))
        .filter(scim_tokens::revoked_at.is_null())
        .count()
        .get_result(conn)?)
}

/// The name of a token that is not revoked.
pub fn name_of_token(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: ScimTokenId,
) -> Result<Option<String>, Fault> {
    Ok(scim_tokens::table
        .filter(scim_tokens::id.eq(id))
        .filter(scim_tokens::organization_id.eq(organization))
        .filter(scim_tokens::revoked_at.is_null())
        .select(scim_tokens::name)
        .first(conn)
        .optional()?)
}

/// Compare-and-set: true when it was not revoked before.
pub fn revoke_token(tx: &mut Tx<'_>, organization: OrganizationId, id: ScimTokenId) -> Result<bool, Fault> {
    let now = tx.now();
    let row = scim_tokens::table
        .filter(scim_tokens::id.eq(id))
        .filter(scim_tokens::organization_id.eq(organization))
        .filter(scim_tokens::revoked_at.is_null());
    Ok(diesel::update(row).set(scim_tokens::revoked_at.eq(now)).execute(tx.conn())? == 1)
}
