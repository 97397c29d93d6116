//! Rows of people. Whatever changes a status goes through [`change_status`], which keeps the counts right.

mod find;
mod provisioned;

use diesel::prelude::*;

pub use find::{Someone, by_addresses, search, these};
pub use provisioned::{is_provisioned, provisioned_among};

use super::model::{self, NewPerson, SecondFactor, Status};
use crate::{
    base::{
        email_address::EmailAddress,
        ids::{OrganizationId, UserId},
    },
    db::{
        AnyConnection, Fault, Tx, on_each,
        schema::{
            identities, organizations, passkeys, password_credentials, recovery_codes, sso_connections,
            sso_identities, totp_credentials, users,
        },
    },
};

/// How many people there are of each kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Queryable)]
pub struct Counts {
    pub invited: i64,
    pub active: i64,
    pub deactivated: i64,
}

impl Counts {
    pub fn all(&self) -> i64 {
        self.invited + self.active + self.deactivated
    }

    pub fn of(&self, status: Status) -> i64 {
        match status {
            Status::Invited => self.invited,
            Status::Active => self.active,
            Status::Deactivated => self.deactivated,
        }
    }
}

pub fn counts(conn: &mut AnyConnection, organization: OrganizationId) -> Result<Counts, Fault> {
    let counts = organizations::table.find(organization).select((
        organizations::users_invited,
        organizations::users_active,
        organizations::users_deactivated,
    ));
    Ok(on_each!(conn, c => counts.first(c))?)
}

/// Adds a person. Fails with [`crate::db::conflict::Rule::EmailInOrganization`] when the address is taken; on
/// PostgreSQL the transaction is then over, so look first.
pub fn insert(tx: &mut Tx<'_>, person: &NewPerson) -> Result<(), Fault> {
    let now = tx.now();
    let joined = (person.status == Status::Active).then_some(now);
    diesel::insert_into(users::table)
        .values((
            users::id.eq(person.id),
            users::organization_id.eq(person.organization),
            users::email.eq(person.email.as_str()),
            users::email_key.eq(person.email.folded()),
            users::name.eq(&person.name),
            users::person_key.eq(model::person_key(&person.name, &person.email)),
            users::search_text.eq(model::search_text(&person.name, &person.email)),
            users::status.eq(person.status),
            users::created_at.eq(now),
            users::joined_at.eq(joined),
            users::last_active_at.eq(now),
        ))
        .execute(tx.conn())?;
    count(tx, person.organization, person.status, 1)
}

/// Compare-and-set of a person's status: true when they had status `from` and have `to` now, with the counts
/// changed alike.
pub fn change_status(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    user: UserId,
    from: Status,
    to: Status,
) -> Result<bool, Fault> {
    let now = tx.now();
    let row = users::table
        .filter(users::id.eq(user))
        .filter(users::organization_id.eq(organization))
        .filter(users::status.eq(from));
    let deactivated_at = (to == Status::Deactivated).then_some(now);
    let changed = diesel::update(row)
        .set((
            users::status.eq(to),
            users::deactivated_at.eq(deactivated_at),
            users::version.eq(users::version + 1),
        ))
        .execute(tx.conn())?;
    if changed == 0 {
        return Ok(false);
    }
    if (from, to) == (Status::Invited, Status::Active) {
        let row = users::table.filter(users::id.eq(user));
        diesel::update(row)
            .set((users::joined_at.eq(now), users::last_active_at.eq(now)))
            .execute(tx.conn())?;
    }
    count(tx, organization, from, -1)?;
    count(tx, organization, to, 1)?;
    Ok(true)
}

/// Removes an invited person for good; true when there was one. Nobody else can be removed.
pub fn remove_invited(tx: &mut Tx<'_>, organization: OrganizationId, user: UserId) -> Result<bool, Fault> {
    let row = users::table
        .filter(users::id.eq(user))
        .filter(users::organization_id.eq(organization))
        .filter(users::status.eq(Status::Invited));
    if diesel::delete(row).execute(tx.conn())? == 0 {
        return Ok(false);
    }
    count(tx, organization, Status::Invited, -1)?;
    Ok(true)
}

/// Notes that a person is here now.
pub fn mark_active(tx: &mut Tx<'_>, user: UserId) -> Result<(), Fault> {
    let now = tx.now();
    let row = users::table.filter(users::id.eq(user)).filter(users::last_active_at.lt(now));
    diesel::update(row).set(users::last_active_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

pub fn rename(tx: &mut Tx<'_>, user: UserId, name: &str, email: &EmailAddress) -> Result<(), Fault> {
    diesel::update(users::table.filter(users::id.eq(user)))
        .set((
            users::name.eq(name),
            users::person_key.eq(model::person_key(name, email)),
            users::search_text.eq(model::search_text(name, email)),
            users::version.eq(users::version + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Gives a person another address, which must be free in their organization.
pub fn set_email(tx: &mut Tx<'_>, user: UserId, name: &str, email: &EmailAddress) -> Result<(), Fault> {
    diesel::update(users::table.filter(users::id.eq(user)))
        .set((users::email.eq(email.as_str()), users::email_key.eq(email.folded())))
        .execute(tx.conn())?;
    rename(tx, user, name, email)
}

/// Writes down which second factor a person has now: an app before passkeys, or none. To be called after every change
/// of either, in its transaction.
pub fn settle_second_factor(tx: &mut Tx<'_>, user: UserId) -> Result<SecondFactor, Fault> {
    let apps: i64 = totp_credentials::table.find(user).count().get_result(tx.conn())?;
    let keys: i64 = passkeys::table.filter(passkeys::user_id.eq(user)).count().get_result(tx.conn())?;
    let factor = match (apps, keys) {
        (0, 0) => SecondFactor::None,
        (0, _) => SecondFactor::Passkey,
        _ => SecondFactor::App,
    };
    diesel::update(users::table.filter(users::id.eq(user)))
        .set((users::second_factor.eq(factor), users::version.eq(users::version + 1)))
        .execute(tx.conn())?;
    Ok(factor)
}

/// Whether somebody can sign in at all: with a password that is not disabled, a passkey, an identity at their
/// organization's provider while that is on, or a linked account of one of these issuers.
pub fn has_a_way_in(conn: &mut AnyConnection, user: UserId, issuers: &[String]) -> Result<bool, Fault> {
    let passwords: i64 = password_credentials::table
        .filter(password_credentials::user_id.eq(user))
        .filter(password_credentials::disabled.eq(false))
        .count()
        .get_result(conn)?;
    let keys: i64 = passkeys::table.filter(passkeys::user_id.eq(user)).count().get_result(conn)?;
    let linked: Vec<String> =
        identities::table.filter(identities::user_id.eq(user)).select(identities::issuer).load(conn)?;
    let provider: Option<UserId> = sso_identities::table
        .inner_join(sso_connections::table.on(sso_connections::id.eq(sso_identities::connection_id)))
        .filter(sso_connections::enabled.eq(true))
        .filter(sso_identities::user_id.eq(user))
        .select(sso_identities::user_id)
        .first(conn)
        .optional()?;
    Ok(passwords + keys > 0 || provider.is_some() || linked.iter().any(|issuer| issuers.contains(issuer)))
}

/// Takes away whatever may be a person's second step: the app with its recovery codes, and the passkeys. Returns what it
/// was.
pub fn remove_second_factors(tx: &mut Tx<'_>, user: UserId) -> Result<SecondFactor, Fault> {
    let before = users::table.filter(users::id.eq(user)).select(users::second_factor).first(tx.conn())?;
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user))).execute(tx.conn())?;
    diesel::delete(totp_credentials::table.find(user)).execute(tx.conn())?;
    diesel::delete(passkeys::table.filter(passkeys::user_id.eq(user))).execute(tx.conn())?;
    settle_second_factor(tx, user)?;
    Ok(before)
}

/// Name, address, and the name of their organization.
pub(super) fn named(conn: &mut AnyConnection, user: UserId) -> Result<Option<NamedRow>, Fault> {
    Ok(users::table
        .inner_join(organizations::table.on(organizations::id.eq(users::organization_id)))
        .filter(users::id.eq(user))
        .select((users::organization_id, users::name, users::email, organizations::name))
        .first(conn)
        .optional()?)
}

pub(super) type NamedRow = (OrganizationId, String, String, String);

fn count(tx: &mut Tx<'_>, organization: OrganizationId, status: Status, by: i64) -> Result<(), Fault> {
    tx.lock(organization)?;
    let row = diesel::update(organizations::table.find(organization));
    match status {
        Status::Invited => {
            row.set(organizations::users_invited.eq(organizations::users_invited + by)).execute(tx.conn())?
        }
        Status::Active => {
            row.set(organizations::users_active.eq(organizations::users_active + by)).execute(tx.conn())?
        }
        Status::Deactivated => row
            .set(organizations::users_deactivated.eq(organizations::users_deactivated + by))
            .execute(tx.conn())?,
    };
    Ok(())
}
