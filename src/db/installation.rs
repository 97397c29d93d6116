//! The few values that belong to the installation as a whole.

use diesel::prelude::*;

use super::{AnyConnection, Fault, Tx, schema::installation};

/// Which secret key the database belongs to.
pub const SECRET_KEY_FINGERPRINT: &str = "secret_key_fingerprint";

/// How far a copy into this database has come; there is none unless one was begun and is not finished.
pub const COPYING: &str = "copying";

pub fn value(conn: &mut AnyConnection, name: &str) -> Result<Option<String>, Fault> {
    Ok(installation::table.find(name).select(installation::value).first(conn).optional()?)
}

/// [`value`] of a backup.
pub fn value_in(file: &mut SqliteConnection, name: &str) -> Result<Option<String>, Fault> {
    Ok(installation::table.find(name).select(installation::value).first(file).optional()?)
}

/// Writes a value in place of an older one.
pub fn set_value(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<(), Fault> {
    let row = installation::table.find(name);
    if diesel::update(row).set(installation::value.eq(value)).execute(tx.conn())? == 0 {
        diesel::insert_into(installation::table)
            .values((installation::name.eq(name), installation::value.eq(value)))
            .execute(tx.conn())?;
    }
    Ok(())
}
