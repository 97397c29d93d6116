//! Rows of changes of addresses.

use chrono::Duration;
use diesel::prelude::*;

use crate::{
    account::model::{ChangeState, EmailChange, UNDO_WITHIN, Waiting},
    base::{
        clock::Moment,
        email_address::EmailAddress,
        ids::{EmailChangeId, OrganizationId, UserId},
    },
    db::{
        AnyConnection, Fault, Tx,
        schema::{email_changes, organizations, users},
    },
    people::Status,
};

/// Changes whose links have expired are kept so long, to tell their story.
const KEPT: Duration = Duration::days(90);

type Row = (
    (OrganizationId, String, UserId, String, String, Status),
    (String, String, ChangeState, Moment, Option<Moment>),
);

pub fn find(conn: &mut AnyConnection, id: EmailChangeId) -> Result<Option<EmailChange>, Fault> {
    let row: Option<Row> = email_changes::table
        .inner_join(users::table.on(users::id.eq(email_changes::user_id)))
        .inner_join(organizations::table.on(organizations::id.eq(email_changes::organization_id)))
        .filter(email_changes::id.eq(id))
        .select((
            (
                email_changes::organization_id,
                organizations::name,
                email_changes::user_id,
                users::name,
                users::email,
                users::status,
            ),
            (
                email_changes::from_email,
                email_changes::to_email,
                email_changes::state,
                email_changes::expires_at,
                email_changes::confirmed_at,
            ),
        ))
        .first(conn)
        .optional()?;
    let Some(((organization, organization_name, user, name, current, status), change)) = row else {
        return Ok(None);
    };
    let (from, to, state, expires_at, confirmed_at) = change;
    Ok(Some(EmailChange {
        id,
        organization,
        organization_name,
        user,
        name,
        current,
        status,
        from,
        to,
        state,
        expires_at,
        confirmed_at,
    }))
}

/// What waits to be confirmed, if anything does.
pub fn waiting(conn: &mut AnyConnection, user: UserId, now: Moment) -> Result<Option<Waiting>, Fault> {
    let row: Option<(String, Moment)> = email_changes::table
        .filter(email_changes::user_id.eq(user))
        .filter(email_changes::state.eq(ChangeState::Asked))
        .filter(email_changes::expires_at.gt(now))
        .order(email_changes::created_at.desc())
        .select((email_changes::to_email, email_changes::expires_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(to, expires_at)| Waiting { to, expires_at }))
}

/// Somebody else of the organization who has this address.
pub fn holder(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    email: &EmailAddress,
) -> Result<Option<UserId>, Fault> {
    let row = users::table
        .filter(users::organization_id.eq(organization))
        .filter(users::email_key.eq(email.folded()));
    Ok(row.select(users::id).first(conn).optional()?)
}

/// A change from one address to another.
pub struct NewChange<'a> {
    pub id: EmailChangeId,
    pub organization: OrganizationId,
    pub user: UserId,
    pub from: &'a str,
    pub to: &'a str,
    pub expires_at: Moment,
}

pub fn insert(tx: &mut Tx<'_>, new: &NewChange<'_>) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(email_changes::table)
        .values((
            email_changes::id.eq(new.id),
            email_changes::organization_id.eq(new.organization),
            email_changes::user_id.eq(new.user),
            email_changes::from_email.eq(new.from),
            email_changes::to_email.eq(new.to),
            email_changes::state.eq(ChangeState::Asked),
            email_changes::created_at.eq(now),
            email_changes::expires_at.eq(new.expires_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Ends what waits to be confirmed; returns which that were.
pub fn replace_waiting(tx: &mut Tx<'_>, user: UserId) -> Result<Vec<EmailChangeId>, Fault> {
    let rows = email_changes::table
        .filter(email_changes::user_id.eq(user))
        .filter(email_changes::state.eq(ChangeState::Asked));
    let ids: Vec<EmailChangeId> = rows.select(email_changes::id).load(tx.conn())?;
    let rows = email_changes::table.filter(email_changes::id.eq_any(&ids));
    diesel::update(rows).set(email_changes::state.eq(ChangeState::Replaced)).execute(tx.conn())?;
    Ok(ids)
}

/// Ends the changes that were confirmed after this one: whoever takes a change back does not leave ways to bring it back.
pub fn replace_later(tx: &mut Tx<'_>, of: &EmailChange) -> Result<(), Fault> {
    let rows = email_changes::table
        .filter(email_changes::user_id.eq(of.user))
        .filter(email_changes::id.ne(of.id))
        .filter(email_changes::state.eq(ChangeState::Confirmed))
        .filter(email_changes::confirmed_at.ge(of.confirmed_at));
    diesel::update(rows).set(email_changes::state.eq(ChangeState::Replaced)).execute(tx.conn())?;
    Ok(())
}

/// Compare-and-set from `asked`; `from` is the address that the person had until now.
pub fn confirm(tx: &mut Tx<'_>, id: EmailChangeId, from: &str) -> Result<bool, Fault> {
    let now = tx.now();
    let row = email_changes::table
        .filter(email_changes::id.eq(id))
        .filter(email_changes::state.eq(ChangeState::Asked));
    let values = (
        email_changes::state.eq(ChangeState::Confirmed),
        email_changes::confirmed_at.eq(Some(now)),
        email_changes::from_email.eq(from),
    );
    Ok(diesel::update(row).set(values).execute(tx.conn())? == 1)
}

/// Compare-and-set from `confirmed`.
pub fn undo(tx: &mut Tx<'_>, id: EmailChangeId) -> Result<bool, Fault> {
    let row = email_changes::table
        .filter(email_changes::id.eq(id))
        .filter(email_changes::state.eq(ChangeState::Confirmed));
    Ok(diesel::update(row).set(email_changes::state.eq(ChangeState::Undone)).execute(tx.conn())? == 1)
}

/// Forgets changes long after their time; returns how many rows went.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize, Fault> {
    let before = tx.now().minus(UNDO_WITHIN + KEPT);
    Ok(diesel::delete(email_changes::table.filter(email_changes::expires_at.lt(before)))
        .execute(tx.conn())?)
}
