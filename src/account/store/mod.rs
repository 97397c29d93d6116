//! What of a person's row is their own.

pub mod email;

use diesel::prelude::*;

use crate::{
    base::ids::UserId,
    db::{AnyConnection, Fault, Tx, schema::users},
};

pub fn set_theme(tx: &mut Tx<'_>, user: UserId, theme: &str) -> Result<(), Fault> {
    diesel::update(users::table.filter(users::id.eq(user))).set(users::theme.eq(theme)).execute(tx.conn())?;
    Ok(())
}

/// Name, address and time zone.
pub fn profile(conn: &mut AnyConnection, user: UserId) -> Result<(String, String, String), Fault> {
    let row = users::table.filter(users::id.eq(user));
    Ok(row.select((users::name, users::email, users::time_zone)).first(conn)?)
}

pub fn set_time_zone(tx: &mut Tx<'_>, user: UserId, zone: &str) -> Result<(), Fault> {
    let row = users::table.filter(users::id.eq(user));
    diesel::update(row).set(users::time_zone.eq(zone)).execute(tx.conn())?;
    Ok(())
}
