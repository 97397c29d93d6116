//! Rows of identities: whom a provider's subject is here.

use diesel::prelude::*;

use crate::{
    base::ids::{ConnectionId, OrganizationId, UserId},
    db::{
        AnyConnection, Fault, Tx,
        schema::{sso_connections, sso_identities},
    },
    sso::model::Vouched,
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
