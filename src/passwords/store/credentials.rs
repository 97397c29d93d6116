//! Rows of password hashes.

use diesel::prelude::*;

use crate::{
    base::{
        clock::Moment,
        ids::{OrganizationId, UserId},
    },
    db::{
        AnyConnection, Fault, Tx,
        schema::{organization_settings, organizations, password_credentials, users},
    },
    passwords::model::{Change, Credential, Holder},
    people::{SecondFactor, Status},
};

/// An address has few accounts; this bounds what one letter asked for may cost.
const MOST_ACCOUNTS: i64 = 20;

pub fn holder(conn: &mut AnyConnection, user: UserId) -> Result<Option<Holder>, Fault> {
    Ok(holders().filter(users::id.eq(user)).first::<Row>(conn).optional()?.map(holder_of))
}

/// The accounts of an address, the oldest first, whether they have a password or not.
pub fn holders_of(conn: &mut AnyConnection, email_key: &str) -> Result<Vec<Holder>, Fault> {
    let rows = holders()
        .filter(users::email_key.eq(email_key))
        .order(users::number)
        .limit(MOST_ACCOUNTS)
        .load::<Row>(conn)?;
    Ok(rows.into_iter().map(holder_of).collect())
}

type Row = (
    (UserId, OrganizationId, String, String, String, String, String, Status, SecondFactor),
    (bool, Option<Moment>),
    Option<(String, bool)>,
);

fn holder_of((row, factor_required, credential): Row) -> Holder {
    let (
        user,
        organization,
        organization_name,
        organization_code,
        name,
        email,
        email_key,
        status,
        second_factor,
    ) = row;
    Holder {
        user,
        organization,
        organization_name,
        organization_code,
        name,
        email,
        email_key,
        status,
        credential: credential.map(|(hash, disabled)| Credential { hash, disabled }),
        second_factor,
        factor_required,
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn holders() -> _ {
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
                organizations::code,
                users::name,
                users::email,
                users::email_key,
                users::status,
                users::second_factor,
            ),
            (organization_settings::second_factor_required, organization_settings::second_factor_from),
            (password_credentials::hash, password_credentials::disabled).nullable(),
        ))
}

/// Stores a person's password hash, in place of an older one. It lets them in from now on.
pub fn set(tx: &mut Tx<'_>, change: &Change<'_>) -> Result<(), Fault> {
    let now = tx.now();
    let row = password_credentials::table.find(change.user);
    let values = (
        password_credentials::hash.eq(change.hash),
        password_credentials::disabled.eq(false),
        password_credentials::changed_at.eq(now),
    );
    if diesel::update(row).set(values).execute(tx.conn())? == 0 {
        diesel::insert_into(password_credentials::table)
            .values((
                password_credentials::user_id.eq(change.user),
                password_credentials::organization_id.eq(change.organization),
                values,
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Compare-and-set: true when the hash was `from`, let its owner in, and is the new one now.
pub fn replace(tx: &mut Tx<'_>, from: &str, change: &Change<'_>) -> Result<bool, Fault> {
    let now = tx.now();
    let row = password_credentials::table
        .filter(password_credentials::user_id.eq(change.user))
        .filter(password_credentials::hash.eq(from))
        .filter(password_credentials::disabled.eq(false));
    let values = (password_credentials::hash.eq(change.hash), password_credentials::changed_at.eq(now));
    Ok(diesel::update(row).set(values).execute(tx.conn())? == 1)
}

/// What a person's password is checked against, and what wrong tries are counted by.
pub struct Stored {
    pub organization: OrganizationId,
    pub email_key: String,
    /// Nothing when there is no password, or one that is not in force.
    pub hash: Option<String>,
}

pub fn stored(conn: &mut AnyConnection, user: UserId) -> Result<Option<Stored>, Fault> {
    let found = holder(conn, user)?;
    Ok(found.map(|holder| Stored {
        organization: holder.organization,
        email_key: holder.email_key,
        hash: holder.credential.filter(|it| !it.disabled).map(|it| it.hash),
    }))
}

/// From now on the password lets nobody in; false when there is none.
pub fn disable(tx: &mut Tx<'_>, user: UserId) -> Result<bool, Fault> {
    let row = password_credentials::table.find(user);
    Ok(diesel::update(row).set(password_credentials::disabled.eq(true)).execute(tx.conn())? == 1)
}
