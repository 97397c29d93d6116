use diesel::prelude::*;

use crate::{
    base::ids::UserId,
    db::{Fault, Tx, schema::users},
};

pub fn set_theme(tx: &mut Tx<'_>, user: UserId, theme: &str) -> Result<(), Fault> {
    diesel::update(users::table.filter(users::id.eq(user))).set(users::theme.eq(theme)).execute(tx.conn())?;
    Ok(())
}
