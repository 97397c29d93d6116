//! Rows of apps and of recovery codes.

use diesel::prelude::*;

use super::model::{Credential, Standing};
use crate::{
    base::{
        clock::Moment,
        ids::{OrganizationId, UserId},
    },
    db::{
        AnyConnection, Fault, Tx,
        schema::{organization_settings, passkeys, recovery_codes, totp_credentials, users},
    },
};

pub fn credential(conn: &mut AnyConnection, user: UserId) -> Result<Option<Credential>, Fault> {
    let row: Option<(String, i64, i64, i32)> = totp_credentials::table
        .find(user)
        .select((
            totp_credentials::secret,
            totp_credentials::last_step,
            totp_credentials::tried_step,
            totp_credentials::tries,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(secret, last_step, tried_step, tries)| Credential { secret, last_step, tried_step, tries }))
}

/// Adds an app whose code of `step` was just shown; false when there is one already.
pub fn insert(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    user: UserId,
    (secret, step): (&str, i64),
) -> Result<bool, Fault> {
    let now = tx.now();
    if credential(tx.conn(), user)?.is_some() {
        return Ok(false);
    }
    diesel::insert_into(totp_credentials::table)
        .values((
            totp_credentials::user_id.eq(user),
            totp_credentials::organization_id.eq(organization),
            totp_credentials::secret.eq(secret),
            totp_credentials::last_step.eq(step),
            totp_credentials::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(true)
}

/// Counts a try in this step.
pub fn note_try(tx: &mut Tx<'_>, user: UserId, step: i64, tries: i32) -> Result<(), Fault> {
    diesel::update(totp_credentials::table.find(user))
        .set((totp_credentials::tried_step.eq(step), totp_credentials::tries.eq(tries)))
        .execute(tx.conn())?;
    Ok(())
}

/// Compare-and-set: true for the one try that uses up the code of this step.
pub fn use_step(tx: &mut Tx<'_>, user: UserId, step: i64) -> Result<bool, Fault> {
    let row = totp_credentials::table.find(user).filter(totp_credentials::last_step.lt(step));
    let used = diesel::update(row)
        .set((totp_credentials::last_step.eq(step), totp_credentials::tries.eq(0)))
        .execute(tx.conn())?;
    Ok(used == 1)
}

/// Seals the secret anew, when the installation's key has changed.
pub fn reseal(tx: &mut Tx<'_>, user: UserId, secret: &str) -> Result<(), Fault> {
    diesel::update(totp_credentials::table.find(user))
        .set(totp_credentials::secret.eq(secret))
        .execute(tx.conn())?;
    Ok(())
}

/// Puts these recovery codes in the place of all others.
pub fn replace_codes(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    user: UserId,
    hashes: &[String],
) -> Result<(), Fault> {
    let now = tx.now();
    remove_codes(tx, user)?;
    for hash in hashes {
        diesel::insert_into(recovery_codes::table)
            .values((
                recovery_codes::user_id.eq(user),
                recovery_codes::hash.eq(hash),
                recovery_codes::organization_id.eq(organization),
                recovery_codes::created_at.eq(now),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// True for the one try that uses up a code; its hash may be by either key.
pub fn use_code(tx: &mut Tx<'_>, user: UserId, hashes: &[String]) -> Result<bool, Fault> {
    let row = recovery_codes::table
        .filter(recovery_codes::user_id.eq(user))
        .filter(recovery_codes::hash.eq_any(hashes));
    Ok(diesel::delete(row).execute(tx.conn())? == 1)
}

pub fn codes_left(conn: &mut AnyConnection, user: UserId) -> Result<usize, Fault> {
    let left: i64 =
        recovery_codes::table.filter(recovery_codes::user_id.eq(user)).count().get_result(conn)?;
    Ok(usize::try_from(left).unwrap_or(0))
}

/// Removes the app and its recovery codes; true when there was an app.
pub fn remove(tx: &mut Tx<'_>, user: UserId) -> Result<bool, Fault> {
    remove_codes(tx, user)?;
    Ok(diesel::delete(totp_credentials::table.find(user)).execute(tx.conn())? == 1)
}

fn remove_codes(tx: &mut Tx<'_>, user: UserId) -> Result<(), Fault> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user))).execute(tx.conn())?;
    Ok(())
}

pub fn remove_passkeys(tx: &mut Tx<'_>, user: UserId) -> Result<usize, Fault> {
    Ok(diesel::delete(passkeys::table.filter(passkeys::user_id.eq(user))).execute(tx.conn())?)
}

fn passkeys_of(conn: &mut AnyConnection, user: UserId) -> Result<i64, Fault> {
    Ok(passkeys::table.filter(passkeys::user_id.eq(user)).count().get_result(conn)?)
}

pub fn standing(conn: &mut AnyConnection, user: UserId) -> Result<Standing, Fault> {
    let since: Option<Moment> =
        totp_credentials::table.find(user).select(totp_credentials::created_at).first(conn).optional()?;
    let is_required: Option<bool> = users::table
        .inner_join(
            organization_settings::table
                .on(organization_settings::organization_id.eq(users::organization_id)),
        )
        .filter(users::id.eq(user))
        .select(organization_settings::second_factor_required)
        .first(conn)
        .optional()?;
    Ok(Standing {
        since,
        codes_left: codes_left(conn, user)?,
        is_required: is_required.unwrap_or(false),
        has_passkeys: passkeys_of(conn, user)? > 0,
    })
}
