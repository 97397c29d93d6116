//! A passkey that gets another name, or is removed.

use serde_json::json;

use crate::{
    access::{Actor, hold_last_administrator},
    audit::{self, Line, Target},
    base::ids::{PasskeyId, UserId},
    db::{Fault, Stop, Tx},
    mail::letters::AccountEvent,
    passkeys::{
        model::{ChangeRefusal, Shown},
        store,
    },
    people,
    web::session::{self, Entering},
};

/// Gives a passkey another name; its owner is told, unless it is the one it has.
pub fn rename(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (user, id): (UserId, PasskeyId),
    name: &str,
) -> Result<(), Stop<ChangeRefusal>> {
    let before = own(tx, user, id)?;
    if before.name == name {
        return Ok(());
    }
    store::rename(tx, id, name)?;
    people::tell(
        tx,
        user,
        AccountEvent::PasskeyRenamed { from: before.name.clone(), name: name.to_owned() },
    )?;
    let change = (json!({ "name": before.name }), json!({ "name": name }));
    Ok(record(tx, actor, user, "account.passkey_renamed", change)?)
}

/// Removes a passkey for good and ends every session of its owner, whose browser enters anew with the answer. Refused
/// when it is the last way to sign in; linked accounts of these issuers are ways.
pub fn remove(
    tx: &mut Tx<'_>,
    actor: &Actor,
    (user, id): (UserId, PasskeyId),
    issuers: &[String],
) -> Result<(Shown, Entering), Stop<ChangeRefusal>> {
    let gone = own(tx, user, id)?;
    store::remove(tx, id)?;
    if !people::has_a_way_in(tx.conn(), user, issuers)? {
        return Err(Stop::Refused(ChangeRefusal::LastWay));
    }
    people::settle_second_factor(tx, user)?;
    let organization = actor.organization();
    hold_last_administrator(tx, organization)
        .map_err(|stop| stop.map(|_| ChangeRefusal::LastAdministrator))?;
    session::store::end_all_of(tx, user)?;
    people::tell(tx, user, AccountEvent::PasskeyRemoved { name: gone.name.clone() })?;
    record(tx, actor, user, "account.passkey_removed", (json!({ "name": gone.name }), json!({})))?;
    let entering = Entering { organization, user, epoch: store::epoch(tx.conn(), user)? };
    Ok((gone, entering))
}

fn own(tx: &mut Tx<'_>, user: UserId, id: PasskeyId) -> Result<Shown, Stop<ChangeRefusal>> {
    store::one_of_person(tx.conn(), user, id)?.ok_or(Stop::Refused(ChangeRefusal::NoSuchPasskey))
}

fn record(
    tx: &mut Tx<'_>,
    actor: &Actor,
    user: UserId,
    action: &'static str,
    (before, after): (serde_json::Value, serde_json::Value),
) -> Result<(), Fault> {
    audit::record(
        tx,
        actor.organization(),
        &actor.into(),
        Line { action, target: Target::user(user), before, after },
    )
}
