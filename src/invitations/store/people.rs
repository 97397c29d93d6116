//! The people that invitations have to do with.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::{
    base::ids::{InvitationId, OrganizationId, UserId},
    db::{
        AnyConnection, Fault,
        schema::{invitations, users},
    },
    people::Status,
};

/// Somebody an invitation has to do with: who is invited, who invites, who is told.
#[derive(Clone, Debug, Queryable)]
pub struct Person {
    pub id: UserId,
    pub email: String,
    pub name: String,
    pub status: Status,
}

impl Person {
    /// Their name, or their address while they have none.
    pub fn shown(&self) -> &str {
        if self.name.is_empty() { &self.email } else { &self.name }
    }
}

pub fn people(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    ids: &[UserId],
) -> Result<Vec<Person>, Fault> {
    // The organization is looked at here: SQLite would take its index, with all its people.
    let rows: Vec<(OrganizationId, Person)> = users::table
        .filter(users::id.eq_any(ids))
        .order(users::number)
        .select((users::organization_id, (users::id, users::email, users::name, users::status)))
        .load(conn)?;
    Ok(rows.into_iter().filter(|(of, _)| *of == organization).map(|(_, person)| person).collect())
}

pub fn person(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: Option<UserId>,
) -> Result<Option<Person>, Fault> {
    id.map_or(Ok(None), |id| Ok(people(conn, organization, &[id])?.pop()))
}

/// Who has an address, with their pending invitation if they have one.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct Holder {
    pub user: UserId,
    pub status: Status,
    pub invitation: Option<InvitationId>,
    pub generation: Option<i64>,
}

/// The people of these addresses, by the key of the address.
pub fn holders(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    keys: &[&str],
) -> Result<BTreeMap<String, Holder>, Fault> {
    let rows: Vec<(String, Holder)> = users::table
        .left_join(invitations::table.on(invitations::user_id.eq(users::id.nullable())))
        .filter(users::organization_id.eq(organization))
        .filter(users::email_key.eq_any(keys))
        .select((
            users::email_key,
            (users::id, users::status, invitations::id.nullable(), invitations::generation.nullable()),
        ))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}
