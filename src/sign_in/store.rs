//! Accounts that an address and a password may open.

pub mod browsers;

use diesel::prelude::*;

use super::model::{Account, MOST_ACCOUNTS};
use crate::{
    access::administrators,
    base::{
        clock::Moment,
        ids::{OrganizationId, UserId},
    },
    db::{
        AnyConnection, Fault,
        schema::{identities, organization_settings, organizations, password_credentials, users},
    },
    people::{SecondFactor, Status},
};

/// The accounts of an address that have a password, the first three by age.
pub fn accounts_of(conn: &mut AnyConnection, email_key: &str) -> Result<Vec<Account>, Fault> {
    let most = i64::try_from(MOST_ACCOUNTS).unwrap_or(i64::MAX);
    Ok(accounts()
        .filter(password_credentials::disabled.eq(false))
        .filter(users::email_key.eq(email_key))
        .order(users::number)
        .limit(most)
        .load::<Row>(conn)?
        .into_iter()
        .map(account_of)
        .collect())
}

/// One account by its id, with the same conditions.
pub fn account(conn: &mut AnyConnection, user: UserId) -> Result<Option<Account>, Fault> {
    let with_password = accounts().filter(password_credentials::disabled.eq(false));
    Ok(with_password.filter(users::id.eq(user)).first::<Row>(conn).optional()?.map(account_of))
}

/// One account by its id, whether it has a password or not.
pub fn account_by_any_means(conn: &mut AnyConnection, user: UserId) -> Result<Option<Account>, Fault> {
    Ok(accounts().filter(users::id.eq(user)).first::<Row>(conn).optional()?.map(account_of))
}

/// Whether an account of this provider signs in to this one, now.
pub fn is_linked(conn: &mut AnyConnection, user: UserId, provider: &str) -> Result<bool, Fault> {
    let row = identities::table
        .filter(identities::user_id.eq(user))
        .filter(identities::provider.eq(provider))
        .select(identities::user_id);
    Ok(row.first::<UserId>(conn).optional()?.is_some())
}

type Row = (
    (UserId, OrganizationId, String, String, Status, i64, SecondFactor, String),
    (bool, Option<Moment>),
    Option<String>,
);

fn account_of((row, factor_required, hash): Row) -> Account {
    let (user, organization, organization_name, email, status, epoch, second_factor, theme) = row;
    Account {
        user,
        organization,
        organization_name,
        email,
        status,
        epoch,
        second_factor,
        factor_required,
        theme,
        hash: hash.unwrap_or_default(),
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn accounts() -> _ {
    users::table
        .inner_join(organizations::table.on(organizations::id.eq(users::organization_id)))
        .inner_join(
            organization_settings::table
                .on(organization_settings::organization_id.eq(users::organization_id)),
        )
        .left_join(password_credentials::table)
        .select((
            (
                users::id,
                users::organization_id,
                organizations::name,
                users::email,
                users::status,
                users::session_epoch,
                users::second_factor,
                users::theme,
            ),
            (organization_settings::second_factor_required, organization_settings::second_factor_from),
            password_credentials::hash.nullable(),
        ))
}

/// Names and addresses of up to two people who can let somebody in again.
pub fn whom_to_ask(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Vec<(String, String)>, Fault> {
    let administrators = administrators(conn, organization, 2)?;
    Ok(users::table
        .filter(users::id.eq_any(administrators))
        .order(users::number)
        .select((users::name, users::email))
        .load(conn)?)
}
