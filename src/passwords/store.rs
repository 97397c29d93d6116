//! Rows of password hashes.

use diesel::prelude::*;

use crate::{
    base::ids::{OrganizationId, UserId},
    db::{
        AnyConnection, Fault, Tx,
        schema::{password_credentials, users},
    },
};

/// A new hash for a person's password.
pub struct Change<'a> {
    pub organization: OrganizationId,
    pub user: UserId,
    pub hash: &'a str,
}

/// Stores a person's password hash, in place of an older one.
pub fn set(tx: &mut Tx<'_>, change: &Change<'_>) -> Result<(), Fault> {
    let now = tx.now();
    let row = password_credentials::table.find(change.user);
    let values = (password_credentials::hash.eq(change.hash), password_credentials::changed_at.eq(now));
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

/// What a person's password is checked against, and what wrong tries are counted by.
pub struct Stored {
    pub organization: OrganizationId,
    pub email_key: String,
    /// Nothing when there is no password, or one that is not in force.
    pub hash: Option<String>,
}

pub fn stored(conn: &mut AnyConnection, user: UserId) -> Result<Option<Stored>, Fault> {
    let row: Option<(OrganizationId, String)> = users::table
        .filter(users::id.eq(user))
        .select((users::organization_id, users::email_key))
        .first(conn)
        .optional()?;
    let Some((organization, email_key)) = row else { return Ok(None) };
    let hash = password_credentials::table
        .find(user)
        .filter(password_credentials::disabled.eq(false))
        .select(password_credentials::hash)
        .first(conn)
        .optional()?;
    Ok(Some(Stored { organization, email_key, hash }))
}
