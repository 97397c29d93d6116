//! Rows of invitations.

mod people;

use chrono::Duration;
use diesel::prelude::*;

use super::model::{self, Invitation, PendingPlace, State};
use crate::{
    base::{
        clock::Moment,
        email_address::EmailAddress,
        ids::{InvitationId, OrganizationId, UserId},
    },
    db::{
        AnyConnection, Fault, Tx, among, on_each,
        schema::{invitations, organization_settings, organizations, users},
    },
    people::Status,
};
pub use people::{Holder, Person, holders, people, person};

/// What an organization says of its invitations.
#[derive(Clone, Debug)]
pub struct Terms {
    pub organization: String,
    pub life: Duration,
    pub domains: Vec<String>,
    /// Whether a second factor is required, and from when.
    pub factor_required: (bool, Option<Moment>),
}

pub fn terms(conn: &mut AnyConnection, organization: OrganizationId) -> Result<Terms, Fault> {
    type Row = (String, i32, String, (bool, Option<Moment>));
    let (name, days, domains, factor_required): Row = organizations::table
        .inner_join(organization_settings::table)
        .filter(organizations::id.eq(organization))
        .select((
            organizations::name,
            organization_settings::invitation_days,
            organization_settings::invitation_domains,
            (organization_settings::second_factor_required, organization_settings::second_factor_from),
        ))
        .first(conn)?;
    Ok(Terms {
        organization: name,
        life: Duration::days(days.into()),
        domains: model::domains(&domains),
        factor_required,
    })
}

type Columns = (
    invitations::id,
    invitations::organization_id,
    invitations::user_id,
    invitations::inviter_id,
    invitations::email,
    invitations::state,
    invitations::generation,
    invitations::message,
    invitations::revoked_groups,
    invitations::fresh_link_asked_at,
    invitations::sent_at,
    invitations::expires_at,
);

const COLUMNS: Columns = (
    invitations::id,
    invitations::organization_id,
    invitations::user_id,
    invitations::inviter_id,
    invitations::email,
    invitations::state,
    invitations::generation,
    invitations::message,
    invitations::revoked_groups,
    invitations::fresh_link_asked_at,
    invitations::sent_at,
    invitations::expires_at,
);

type Row = (
    InvitationId,
    OrganizationId,
    Option<UserId>,
    Option<UserId>,
    String,
    State,
    i64,
    String,
    String,
    Option<Moment>,
    Moment,
    Moment,
);

fn invitation(row: Row) -> Invitation {
    let (
        id,
        organization,
        user,
        inviter,
        email,
        state,
        generation,
        message,
        remembered,
        asked,
        sent,
        expires,
    ) = row;
    Invitation {
        id,
        organization,
        user,
        inviter,
        email,
        state,
        generation,
        message,
        remembered,
        fresh_link_asked_at: asked,
        sent_at: sent,
        expires_at: expires,
    }
}

/// For whoever holds its link; everybody else asks with their organization.
pub fn by_link(conn: &mut AnyConnection, link: &model::Opened) -> Result<Option<Invitation>, Fault> {
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

pub struct NewInvitation<'a> {
    pub id: InvitationId,
    pub organization: OrganizationId,
    pub user: UserId,
    pub inviter: Option<UserId>,
    pub email: &'a EmailAddress,
    pub message: &'a str,
    pub expires_at: Moment,
}

pub fn insert(tx: &mut Tx<'_>, new: &NewInvitation<'_>) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(invitations::table)
        .values((
            invitations::id.eq(new.id),
            invitations::organization_id.eq(new.organization),
            invitations::user_id.eq(new.user),
            invitations::inviter_id.eq(new.inviter),
            invitations::email.eq(new.email.as_str()),
            invitations::state.eq(State::Pending),
            invitations::message.eq(new.message),
            invitations::created_at.eq(now),
            invitations::sent_at.eq(now),
            invitations::expires_at.eq(new.expires_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Compare-and-set: the next link takes the place of this one, for this address. False when it is not pending with
/// this link any more.
pub fn renew(tx: &mut Tx<'_>, of: &Invitation, email: &str, expires_at: Moment) -> Result<bool, Fault> {
    let now = tx.now();
    let row = invitations::table
        .filter(invitations::id.eq(of.id))
        .filter(invitations::state.eq(State::Pending))
        .filter(invitations::generation.eq(of.generation));
    let changed = diesel::update(row)
        .set((
            invitations::generation.eq(of.generation + 1),
            invitations::email.eq(email),
            invitations::sent_at.eq(now),
            invitations::expires_at.eq(expires_at),
            invitations::fresh_link_asked_at.eq(None::<Moment>),
        ))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

/// Compare-and-set from pending with this link, in time, to accepted.
pub fn accept(tx: &mut Tx<'_>, of: &Invitation) -> Result<bool, Fault> {
    let now = tx.now();
    let row = invitations::table
        .filter(invitations::id.eq(of.id))
        .filter(invitations::state.eq(State::Pending))
        .filter(invitations::generation.eq(of.generation))
        .filter(invitations::expires_at.gt(now));
    let changed = diesel::update(row)
        .set((invitations::state.eq(State::Accepted), invitations::ended_at.eq(now)))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

/// Compare-and-set from pending with this link to revoked.
pub fn revoke(tx: &mut Tx<'_>, of: &Invitation, remembered: &str) -> Result<bool, Fault> {
    let now = tx.now();
    let row = invitations::table
        .filter(invitations::id.eq(of.id))
        .filter(invitations::state.eq(State::Pending))
        .filter(invitations::generation.eq(of.generation));
    let changed = diesel::update(row)
        .set((
            invitations::state.eq(State::Revoked),
            invitations::user_id.eq(None::<UserId>),
            invitations::revoked_groups.eq(remembered),
            invitations::ended_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

/// Compare-and-set from this revocation to pending, with the next link.
pub fn restore(
    tx: &mut Tx<'_>,
    of: &Invitation,
    user: UserId,
    inviter: Option<UserId>,
    expires_at: Moment,
) -> Result<bool, Fault> {
    let now = tx.now();
    let row = invitations::table
        .filter(invitations::id.eq(of.id))
        .filter(invitations::state.eq(State::Revoked))
        .filter(invitations::generation.eq(of.generation));
    let changed = diesel::update(row)
        .set((
            invitations::state.eq(State::Pending),
            invitations::user_id.eq(user),
            invitations::inviter_id.eq(inviter),
            invitations::generation.eq(of.generation + 1),
            invitations::revoked_groups.eq(""),
            invitations::sent_at.eq(now),
            invitations::expires_at.eq(expires_at),
            invitations::fresh_link_asked_at.eq(None::<Moment>),
            invitations::ended_at.eq(None::<Moment>),
        ))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

pub fn note_asked(tx: &mut Tx<'_>, id: InvitationId) -> Result<(), Fault> {
    let now = tx.now();
    diesel::update(invitations::table.find(id))
        .set(invitations::fresh_link_asked_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

pub fn note_sent(tx: &mut Tx<'_>, id: InvitationId) -> Result<(), Fault> {
    let now = tx.now();
    diesel::update(invitations::table.find(id)).set(invitations::sent_at.eq(now)).execute(tx.conn())?;
    Ok(())
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
