//! One person.

use diesel::prelude::*;

use crate::{
    base::{
        clock::Moment,
        ids::{OrganizationId, UserId},
    },
    db::{
        AnyConnection, Fault,
        schema::{invitations, users},
    },
    people::{SecondFactor, Status},
    users::model::{Details, Who},
};

/// Who this is, if they belong to the organization.
pub fn who(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    user: UserId,
) -> Result<Option<Who>, Fault> {
    let row: Option<(String, String, Status)> = users::table
        .filter(users::id.eq(user))
        .filter(users::organization_id.eq(organization))
        .select((users::name, users::email, users::status))
        .first(conn)
        .optional()?;
    Ok(row.map(|(name, email, status)| Who { id: user, name, email, status }))
}

type NamedRow = (String, UserId, String, String, Status);

/// Those of these people who belong to the organization, by name.
pub fn these(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    ids: &[UserId],
) -> Result<Vec<Who>, Fault> {
    let mut people = Vec::with_capacity(ids.len());
    for ids in ids.chunks(500) {
        // The organization is looked at here: SQLite would take its index, with all its people.
        let rows: Vec<(OrganizationId, NamedRow)> = users::table
            .filter(users::id.eq_any(ids))
            .select((
                users::organization_id,
                (users::person_key, users::id, users::name, users::email, users::status),
            ))
            .load(conn)?;
        people.extend(rows.into_iter().filter(|(of, _)| *of == organization).map(|(_, row)| row));
    }
    people.sort_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)));
    Ok(people.into_iter().map(|(_, id, name, email, status)| Who { id, name, email, status }).collect())
}

type Row =
    (String, String, Status, String, SecondFactor, i64, Moment, Option<Moment>, Moment, Option<Moment>);

/// All that their page tells of them from their own row, and who invited them.
pub fn details(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    user: UserId,
) -> Result<Option<Details>, Fault> {
    let row: Option<Row> = users::table
        .filter(users::id.eq(user))
        .filter(users::organization_id.eq(organization))
        .select((
            users::name,
            users::email,
            users::status,
            users::source,
            users::second_factor,
            users::version,
            users::created_at,
            users::joined_at,
            users::last_active_at,
            users::deactivated_at,
        ))
        .first(conn)
        .optional()?;
    let Some((name, email, status, source, second_factor, version, created, joined, active, gone)) = row
    else {
        return Ok(None);
    };
    Ok(Some(Details {
        inviter: inviter_of(conn, organization, user)?,
        who: Who { id: user, name, email, status },
        source,
        second_factor,
        version,
        created_at: created,
        joined_at: joined,
        last_active_at: active,
        deactivated_at: gone,
    }))
}

fn inviter_of(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    user: UserId,
) -> Result<Option<Who>, Fault> {
    let row: Option<(UserId, String, String, Status)> = invitations::table
        .inner_join(users::table.on(invitations::inviter_id.eq(users::id.nullable())))
        .filter(invitations::user_id.eq(user))
        .filter(invitations::organization_id.eq(organization))
        .select((users::id, users::name, users::email, users::status))
        .first(conn)
        .optional()?;
    Ok(row.map(|(id, name, email, status)| Who { id, name, email, status }))
}
