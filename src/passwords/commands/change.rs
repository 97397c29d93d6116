//! A new password for who knows the old one. Wrong ones count against the account as they do at the sign-in page.

use std::{net::IpAddr, time::Duration};

use serde_json::json;

use crate::{
    access::{Actor, Origin},
    audit::{self, By, Line, Target},
    base::ids::UserId,
    crypto::hashing::network_of,
    db::{Fault, Stop, Tx},
    mail::letters::AccountEvent,
    passwords::{
        model::{Change, EVERY_KIND, Holder},
        store,
    },
    people,
    web::{
        session::{self, Entering},
        throttle::{self, Admission, Kind},
    },
};

/// Whether a password may be checked now, and against which hash.
pub enum Try {
    Open { holder: Holder, failures: i32 },
    Wait(Duration),
    /// The account was there a moment ago.
    Gone,
}

/// Counts a try against the account and this network; it stays counted until it turns out right.
pub fn open_try(tx: &mut Tx<'_>, user: UserId, from: IpAddr) -> Result<Try, Fault> {
    let Some(holder) = store::holder(tx.conn(), user)? else { return Ok(Try::Gone) };
    let network = network_of(from).to_string();
    match throttle::admit(tx, &[(Kind::Account, &holder.email_key), (Kind::Address, &network)])? {
        Admission::Wait(wait) => Ok(Try::Wait(wait)),
        Admission::Open { failures } => Ok(Try::Open { holder, failures }),
    }
}

/// The try was right.
pub fn forgive(tx: &mut Tx<'_>, holder: &Holder, from: IpAddr) -> Result<(), Fault> {
    throttle::forgive(tx, &holder.email_key, &network_of(from).to_string())
}

/// A wrong password: one audit line, no more than the first ten and every tenth after.
pub fn note_failure(tx: &mut Tx<'_>, holder: &Holder, failures: i32, origin: &Origin) -> Result<(), Fault> {
    if failures > 10 && failures % 10 != 0 {
        return Ok(());
    }
    let line = Line {
        action: "account.password_wrong",
        target: Target::user(holder.user),
        before: json!({}),
        after: json!({ "failures": failures }),
    };
    audit::record(tx, holder.organization, &By::stranger(origin.clone()), line)
}

/// The password is not the one any more that was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overtaken;

/// Stores the new hash in place of the one that was checked, ends every session and every link, and tells the person.
/// Returns what this browser goes on with.
pub fn change(
    tx: &mut Tx<'_>,
    actor: &Actor,
    user: UserId,
    checked: &str,
    hash: &str,
) -> Result<Entering, Stop<Overtaken>> {
    let organization = actor.organization();
    if !store::replace(tx, checked, &Change { organization, user, hash })? {
        return Err(Stop::Refused(Overtaken));
    }
    store::replace_links(tx, user, EVERY_KIND)?;
    let ended = session::store::end_all_of(tx, user)?.saturating_sub(1);
    let line = Line {
        action: "account.password",
        target: Target::user(user),
        before: json!({}),
        after: json!({ "other_sessions_ended": ended }),
    };
    audit::record(tx, organization, &actor.into(), line)?;
    people::tell(tx, user, AccountEvent::PasswordChanged)?;
    let account = session::store::account(tx.conn(), user)?.ok_or(Stop::Refused(Overtaken))?;
    Ok(Entering { organization, user, epoch: account.epoch })
}
