//! Invitations that are looked up.

use diesel::prelude::*;

use super::row::{COLUMNS, Row, invitation};
use crate::{
    base::{
        clock::Moment,
        email_address::EmailAddress,
        ids::{InvitationId, OrganizationId, UserId},
    },
    db::{
        AnyConnection, Fault, among, on_each,
        schema::{invitations, users},
    },
    invitations::model::{Invitation, Opened, PendingPlace, State},
    people::Status,
};

/// For whoever holds its link; everybody else asks with their organization.
pub fn by_link(conn: &mut AnyConnection, link: &Opened) -> Result<Option<Invitation>, Fault> {
    let row = invitations::table.find(link.id()).select(COLUMNS).first::<Row>(conn).optional()?;
    Ok(row.map(invitation))
}

pub fn of_organization(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: InvitationId,
) -> Result<Option<Invitation>, Fault> {
    let row = invitations::table
        .find(id)
        .filter(invitations::organization_id.eq(organization))
        .select(COLUMNS)
        .first::<Row>(conn)
        .optional()?;
    Ok(row.map(invitation))
}

/// The pending invitation of an invited person.
pub fn pending_of_person(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    user: UserId,
) -> Result<Option<Invitation>, Fault> {
    let row = invitations::table
        .filter(invitations::organization_id.eq(organization))
        .filter(invitations::user_id.eq(user))
        .filter(invitations::state.eq(State::Pending))
        .select(COLUMNS)
        .first::<Row>(conn)
        .optional()?;
    Ok(row.map(invitation))
}

/// Pending invitations by the names of the invited, or their addresses; at most `most` after a place.
pub fn pending_page(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    after: Option<&PendingPlace>,
    most: i64,
) -> Result<Vec<(PendingPlace, Invitation)>, Fault> {
    let mut query = users::table
        .inner_join(invitations::table.on(invitations::user_id.eq(users::id.nullable())))
        .filter(users::organization_id.eq(organization))
        .filter(users::status.eq(Status::Invited))
        .order((users::person_key, users::number))
        .limit(most)
        .select(((users::person_key, users::number), COLUMNS))
        .into_boxed();
    if let Some((key, number)) = after {
        let behind = users::person_key.gt(key).or(users::number.gt(number));
        query = query.filter(users::person_key.ge(key).and(behind));
    }
    let rows: Vec<(PendingPlace, Row)> = query.load(conn)?;
    Ok(rows.into_iter().map(|(place, row)| (place, invitation(row))).collect())
}

/// The pending invitations that somebody sent, oldest first.
pub fn pending_sent_by(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    inviter: UserId,
) -> Result<Vec<Invitation>, Fault> {
    let rows = invitations::table
        .filter(invitations::organization_id.eq(organization))
        .filter(invitations::inviter_id.eq(inviter))
        .filter(invitations::state.eq(State::Pending))
        .order(invitations::id)
        .select(COLUMNS)
        .load::<Row>(conn)?;
    Ok(rows.into_iter().map(invitation).collect())
}

pub fn count_sent_by(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    inviter: UserId,
) -> Result<i64, Fault> {
    Ok(invitations::table
        .filter(invitations::organization_id.eq(organization))
        .filter(invitations::inviter_id.eq(inviter))
        .filter(invitations::state.eq(State::Pending))
        .count()
        .get_result(conn)?)
}

/// The pending invitations of an address in every organization.
pub fn pending_for(conn: &mut AnyConnection, email: &EmailAddress) -> Result<Vec<Invitation>, Fault> {
    let rows = invitations::table
        .inner_join(users::table.on(invitations::user_id.eq(users::id.nullable())))
        .filter(users::email_key.eq(email.folded()))
        .filter(invitations::state.eq(State::Pending))
        .order(invitations::id)
        .limit(50)
        .select(COLUMNS)
        .load::<Row>(conn)?;
    Ok(rows.into_iter().map(invitation).collect())
}

#[derive(Clone, Debug, Queryable)]
pub struct PendingRow {
    pub user: UserId,
    pub id: InvitationId,
    pub generation: i64,
    pub sent_at: Moment,
    pub expires_at: Moment,
    pub inviter_name: Option<String>,
    pub inviter_email: Option<String>,
}

/// The pending invitations of these people.
pub fn pending_of(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    people: &[UserId],
) -> Result<Vec<PendingRow>, Fault> {
    // The organization is looked at here: SQLite would take its index, with all its invitations.
    let rows = invitations::table
        .left_join(users::table.on(invitations::inviter_id.eq(users::id.nullable())))
        .filter(among(invitations::user_id, people)?)
        .filter(invitations::state.eq(State::Pending))
        .select((
            invitations::organization_id,
            (
                invitations::user_id.assume_not_null(),
                invitations::id,
                invitations::generation,
                invitations::sent_at,
                invitations::expires_at,
                users::name.nullable(),
                users::email.nullable(),
            ),
        ));
    let rows: Vec<(OrganizationId, PendingRow)> = on_each!(conn, c => rows.load(c))?;
    Ok(rows.into_iter().filter(|(of, _)| *of == organization).map(|(_, row)| row).collect())
}
