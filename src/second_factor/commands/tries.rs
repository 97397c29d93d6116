//! Codes that are tried. A try that is wrong must be counted, so it is an outcome and no error: the transaction is
//! committed whatever became of the try.

use std::time::Duration;

use serde_json::json;

use super::{
    Presenter,
    secrets::{fingerprints, purpose, sealed},
};
use crate::{
    audit::{self, By},
    base::clock::Moment,
    crypto::{
        hashing::network_of,
        totp::{self, Key},
    },
    db::{Fault, Tx},
    mail::letters::AccountEvent,
    people,
    second_factor::{
        model::{Credential, Presented, RecoveryCode, Verdict},
        store,
    },
    web::{
        Site,
        throttle::{self, Admission, Kind},
    },
};

/// Tries a code or a recovery code: either is right once. Five tries in a step of thirty seconds, and fewer after many
/// wrong ones in a row; who waits as told may always try again.
pub fn try_code(
    tx: &mut Tx<'_>,
    site: &Site,
    who: &Presenter,
    presented: &Presented,
) -> Result<Verdict, Fault> {
    let Some(credential) = store::credential(tx.conn(), who.user)? else { return Ok(Verdict::Off) };
    let (now, network) = (tx.now(), network_of(who.from).to_string());
    let step = totp::step_at(now);
    let Some(tries) = credential.next_try(step) else { return Ok(Verdict::Wait(rest_of(step, now))) };
    let keys = [(Kind::Account, &*who.throttle_key()), (Kind::Address, &*network)];
    let failures = match throttle::admit(tx, &keys)? {
        Admission::Wait(wait) => return Ok(Verdict::Wait(wait)),
        Admission::Open { failures } => failures,
    };
    store::note_try(tx, who.user, step, tries)?;
    let is_right = match presented {
        Presented::Code(code) => use_code(tx, site, who, &credential, code)?,
        Presented::Recovery(code) => use_recovery_code(tx, site, who, code)?,
    };
    if is_right {
        throttle::forgive(tx, &who.throttle_key(), &network)?;
        return Ok(Verdict::Right(presented.method()));
    }
    note_failure(tx, who, failures)?;
    Ok(Verdict::Wrong)
}

fn rest_of(step: i64, now: Moment) -> Duration {
    let next = Moment::from_micros((step + 1) * totp::STEP * 1_000_000);
    next.since(now).to_std().unwrap_or(Duration::from_secs(1))
}

fn use_code(
    tx: &mut Tx<'_>,
    site: &Site,
    who: &Presenter,
    credential: &Credential,
    code: &str,
) -> Result<bool, Fault> {
    let unreadable = || Fault::broken("opening the secret of an app", "it was not sealed with this key");
    let opened = site.sealer.open(&purpose(who.user), &credential.secret).ok_or_else(unreadable)?;
    let key = Key::from_bytes(opened.secret).ok_or_else(unreadable)?;
    if opened.with_previous_key {
        store::reseal(tx, who.user, &sealed(site, who.user, &key)?)?;
    }
    match key.step_of(code, tx.now(), credential.last_step)? {
        Some(step) => store::use_step(tx, who.user, step),
        None => Ok(false),
    }
}

fn use_recovery_code(
    tx: &mut Tx<'_>,
    site: &Site,
    who: &Presenter,
    code: &RecoveryCode,
) -> Result<bool, Fault> {
    if !store::use_code(tx, who.user, &fingerprints(site, who.user, code))? {
        return Ok(false);
    }
    let left = store::codes_left(tx.conn(), who.user)?;
    people::tell(tx, who.user, AccountEvent::RecoveryCodeUsed { left })?;
    let line = who.line("account.recovery_code_used", json!({ "left": left }));
    audit::record(tx, who.organization, &who.by(), line)?;
    Ok(true)
}

/// One audit line for a wrong code, no more than the first ten and every tenth after.
fn note_failure(tx: &mut Tx<'_>, who: &Presenter, failures: i32) -> Result<(), Fault> {
    if failures > 10 && failures % 10 != 0 {
        return Ok(());
    }
    let line = who.line("account.second_factor_failed", json!({ "failures": failures }));
    audit::record(tx, who.organization, &By::stranger(who.origin.clone()), line)
}
