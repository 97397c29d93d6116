//! Rows of passkeys.

use diesel::prelude::*;
use webauthn_rs::prelude::Passkey;

use super::model::{Kept, Shown};
use crate::{
    base::{
        clock::Moment,
        ids::{OrganizationId, PasskeyId, UserId},
    },
    db::{
        AnyConnection, Fault, Tx,
        schema::{passkeys, users},
    },
};

type ShownRow = (PasskeyId, String, Moment, Option<Moment>);

fn shown((id, name, created_at, last_used_at): ShownRow) -> Shown {
    Shown { id, name, created_at, last_used_at }
}

/// The passkeys of somebody, oldest first.
pub fn of_person(conn: &mut AnyConnection, user: UserId) -> Result<Vec<Shown>, Fault> {
    let rows: Vec<ShownRow> = passkeys::table
        .filter(passkeys::user_id.eq(user))
        .order((passkeys::created_at, passkeys::id))
        .select((passkeys::id, passkeys::name, passkeys::created_at, passkeys::last_used_at))
        .load(conn)?;
    Ok(rows.into_iter().map(shown).collect())
}

/// One passkey of this person; nothing when it is another's.
pub fn one_of_person(conn: &mut AnyConnection, user: UserId, id: PasskeyId) -> Result<Option<Shown>, Fault> {
    let row: Option<ShownRow> = passkeys::table
        .find(id)
        .filter(passkeys::user_id.eq(user))
        .select((passkeys::id, passkeys::name, passkeys::created_at, passkeys::last_used_at))
        .first(conn)
        .optional()?;
    Ok(row.map(shown))
}

type KeptRow = (PasskeyId, UserId, OrganizationId, String);

fn kept((id, user, organization, credential): KeptRow) -> Result<Kept, Fault> {
    let credential = read(&credential)?;
    Ok(Kept { id, user, organization, credential })
}

fn read(credential: &str) -> Result<Passkey, Fault> {
    serde_json::from_str(credential).map_err(|e| Fault::broken("reading a passkey", e))
}

fn written(credential: &Passkey) -> Result<String, Fault> {
    serde_json::to_string(credential).map_err(|e| Fault::broken("writing a passkey", e))
}

/// What can be signed with: the credentials of somebody.
pub fn credentials(conn: &mut AnyConnection, user: UserId) -> Result<Vec<Kept>, Fault> {
    let rows: Vec<KeptRow> = passkeys::table
        .filter(passkeys::user_id.eq(user))
        .order(passkeys::created_at)
        .select((passkeys::id, passkeys::user_id, passkeys::organization_id, passkeys::credential))
        .load(conn)?;
    rows.into_iter().map(kept).collect()
}

/// By the id that the authenticator gave it, whoever's it is.
pub fn by_credential(conn: &mut AnyConnection, credential_id: &str) -> Result<Option<Kept>, Fault> {
    let row: Option<KeptRow> = passkeys::table
        .filter(passkeys::credential_id.eq(credential_id))
        .select((passkeys::id, passkeys::user_id, passkeys::organization_id, passkeys::credential))
        .first(conn)
        .optional()?;
    row.map(kept).transpose()
}

pub struct NewPasskey<'a> {
    pub id: PasskeyId,
    pub organization: OrganizationId,
    pub user: UserId,
    pub credential_id: &'a str,
    pub credential: &'a Passkey,
    pub name: &'a str,
}

pub fn insert(tx: &mut Tx<'_>, new: &NewPasskey<'_>) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(passkeys::table)
        .values((
            passkeys::id.eq(new.id),
            passkeys::organization_id.eq(new.organization),
            passkeys::user_id.eq(new.user),
            passkeys::credential_id.eq(new.credential_id),
            passkeys::credential.eq(written(new.credential)?),
            passkeys::name.eq(new.name),
            passkeys::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Compare-and-set: true when the passkey is still there and has taken no assertion of this ceremony or a later one.
pub fn use_up(tx: &mut Tx<'_>, id: PasskeyId, ceremony: &str, credential: &Passkey) -> Result<bool, Fault> {
    let now = tx.now();
    let row = passkeys::table.filter(passkeys::id.eq(id)).filter(passkeys::last_ceremony.lt(ceremony));
    let used = diesel::update(row)
        .set((
            passkeys::last_ceremony.eq(ceremony),
            passkeys::last_used_at.eq(now),
            passkeys::credential.eq(written(credential)?),
        ))
        .execute(tx.conn())?;
    Ok(used == 1)
}

pub fn rename(tx: &mut Tx<'_>, id: PasskeyId, name: &str) -> Result<(), Fault> {
    diesel::update(passkeys::table.find(id)).set(passkeys::name.eq(name)).execute(tx.conn())?;
    Ok(())
}

pub fn remove(tx: &mut Tx<'_>, id: PasskeyId) -> Result<(), Fault> {
    diesel::delete(passkeys::table.find(id)).execute(tx.conn())?;
    Ok(())
}

pub fn epoch(conn: &mut AnyConnection, user: UserId) -> Result<i64, Fault> {
    Ok(users::table.filter(users::id.eq(user)).select(users::session_epoch).first(conn)?)
}
