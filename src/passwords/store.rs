//! Rows of password hashes.

use diesel::prelude::*;

use crate::{
    base::ids::{OrganizationId, UserId},
    db::{Fault, Tx, schema::password_credentials},
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
