//! Rows of identities: whom a provider's subject is here.

use diesel::prelude::*;

use crate::{
    base::{
        clock::Moment,
        ids::{ConnectionId, OrganizationId, UserId},
    },
    db::{
        AnyConnection, Fault, Tx,
        schema::{sso_connections, sso_identities},
    },
    sso::model::{Known, Vouched},
};

pub fn holder(
    conn: &mut AnyConnection,
    connection: ConnectionId,
    subject: &str,
) -> Result<Option<UserId>, Fault> {
    let row = sso_identities::table.find((connection, subject)).select(sso_identities::user_id);
    Ok(row.first(conn).optional()?)
}

/// The connection that knows this person and is on, and by which subject.
pub fn of_person(conn: &mut AnyConnection, user: UserId) -> Result<Option<(ConnectionId, String)>, Fault> {
    Ok(sso_identities::table
        .inner_join(sso_connections::table.on(sso_connections::id.eq(sso_identities::connection_id)))
        .filter(sso_identities::user_id.eq(user))
        .filter(sso_connections::enabled.eq(true))
        .select((sso_identities::connection_id, sso_identities::subject))
        .first(conn)
        .optional()?)
}

/// How a connection knows this person; whether that is required of them is not looked at.
pub fn known(conn: &mut AnyConnection, user: UserId) -> Result<Option<Known>, Fault> {
    type Row = (String, bool, String, Moment, Moment);
    let row: Option<Row> = sso_identities::table
        .inner_join(sso_connections::table.on(sso_connections::id.eq(sso_identities::connection_id)))
        .filter(sso_identities::user_id.eq(user))
        .select((
            sso_connections::configuration,
            sso_connections::enabled,
            sso_identities::email,
            sso_identities::created_at,
            sso_identities::last_used_at,
        ))
        .first(conn)
        .optional()?;
    let Some((configuration, is_on, email, created_at, last_used_at)) = row else { return Ok(None) };
    let configuration = serde_json::from_str(&configuration)
        .map_err(|e| Fault::broken("reading a connection to a provider", e))?;
    Ok(Some(Known { configuration, is_on, email, created_at, last_used_at, is_required: false }))
}

/// True when there was one.
pub fn unlink(tx: &mut Tx<'_>, user: UserId) -> Result<bool, Fault> {
    let rows = sso_identities::table.filter(sso_identities::user_id.eq(user));
    Ok(diesel::delete(rows).execute(tx.conn())? > 0)
}

/// How many people a connection knows.
pub fn count(conn: &mut AnyConnection, connection: ConnectionId) -> Result<i64, Fault> {
    let rows = sso_identities::table.filter(sso_identities::connection_id.eq(connection));
    Ok(rows.count().get_result(conn)?)
}

pub fn link(
    tx: &mut Tx<'_>,
    (organization, user): (OrganizationId, UserId),
    vouched: &Vouched,
    email: &str,
) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(sso_identities::table)
        .values((
            sso_identities::connection_id.eq(vouched.connection),
            sso_identities::subject.eq(&vouched.subject),
            sso_identities::organization_id.eq(organization),
            sso_identities::user_id.eq(user),
            sso_identities::email.eq(email),
            sso_identities::created_at.eq(now),
            sso_identities::last_used_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes that it was used now.
pub fn touch(tx: &mut Tx<'_>, vouched: &Vouched) -> Result<(), Fault> {
    let now = tx.now();
    let row = sso_identities::table.find((vouched.connection, &vouched.subject));
    diesel::update(row).set(sso_identities::last_used_at.eq(now)).execute(tx.conn())?;
    Ok(())
}
