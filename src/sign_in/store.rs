//! Accounts that an address and a password may open.

use diesel::prelude::*;

use super::model::{Account, MOST_ACCOUNTS};
use crate::{
    access::IAM_ADMIN,
    base::ids::{OrganizationId, UserId},
    db::{
        AnyConnection, Fault,
        schema::{memberships, organizations, password_credentials, rule_groups, rule_roles, users},
    },
    people::Status,
};

/// The accounts of an address that have a password, the first three by age.
pub fn accounts_of(conn: &mut AnyConnection, email_key: &str) -> Result<Vec<Account>, Fault> {
    let most = i64::try_from(MOST_ACCOUNTS).unwrap_or(i64::MAX);
    Ok(accounts()
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
    Ok(accounts().filter(users::id.eq(user)).first::<Row>(conn).optional()?.map(account_of))
}

type Row = (UserId, OrganizationId, String, String, Status, i64, String, String, String);

fn account_of(row: Row) -> Account {
    let (user, organization, organization_name, email, status, epoch, second_factor, theme, hash) = row;
    Account { user, organization, organization_name, email, status, epoch, second_factor, theme, hash }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn accounts() -> _ {
    users::table
        .inner_join(password_credentials::table)
        .inner_join(organizations::table.on(organizations::id.eq(users::organization_id)))
        .filter(password_credentials::disabled.eq(false))
        .select((
            users::id,
            users::organization_id,
            organizations::name,
            users::email,
            users::status,
            users::session_epoch,
            users::second_factor,
            users::theme,
            password_credentials::hash,
        ))
}

/// Names and addresses of up to two people who can let somebody in again.
pub fn whom_to_ask(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Vec<(String, String)>, Fault> {
    let administrators = memberships::table
        .inner_join(rule_groups::table.on(rule_groups::group_id.eq(memberships::group_id)))
        .inner_join(rule_roles::table.on(rule_roles::rule_id.eq(rule_groups::rule_id)))
        .filter(rule_roles::role.eq(IAM_ADMIN))
        .filter(memberships::organization_id.eq(organization))
        .select(memberships::user_id);
    Ok(users::table
        .filter(users::organization_id.eq(organization))
        .filter(users::status.eq(Status::Active))
        .filter(users::id.eq_any(administrators))
        .order(users::number)
        .limit(2)
        .select((users::name, users::email))
        .load(conn)?)
}
