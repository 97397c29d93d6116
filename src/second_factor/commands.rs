//! What happens to apps and recovery codes, each act in one transaction. A try that is wrong must be counted, so it is
//! an outcome and no error: the transaction is committed whatever became of the try.

use std::{net::IpAddr, time::Duration};

use serde_json::json;

use super::{
    model::{Credential, Presented, RECOVERY_CODES, RecoveryCode, Standing, Verdict},
    store,
};
use crate::{
    access::{
        Origin, Permit, ProofMethod, actions::ResetSecondFactor, hold_last_administrator, last_administrator,
        sso_requirement,
    },
    audit::{self, By, Line, Target},
    base::{
        clock::Moment,
        ids::{OrganizationId, UserId},
    },
    crypto::{
        hashing::network_of,
        totp::{self, Key},
    },
    db::{AnyConnection, Fault, Stop, Tx},
    mail::letters::AccountEvent,
    people::{self, SecondFactor},
    sign_in::{self, Completed},
    web::{
        Browser, Site,
        session::{self, Entering, Who},
        throttle::{self, Admission, Kind},
    },
};

/// Whose code it should be, and where it comes from.
#[derive(Clone, Debug)]
pub struct Presenter {
    pub organization: OrganizationId,
    pub user: UserId,
    pub from: IpAddr,
    pub origin: Origin,
}

impl Presenter {
    /// What wrong codes of this account are counted by, in whatever browser they are typed.
    fn throttle_key(&self) -> String {
        format!("second factor of {}", self.user)
    }

    fn by(&self) -> By {
        By::person(self.user, self.origin.clone())
    }

    fn line(&self, action: &'static str, after: serde_json::Value) -> Line {
        Line { action, target: Target::user(self.user), before: json!({}), after }
    }
}

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

/// The second step of somebody's sign-in, and the browser it is taken in.
pub struct SecondStep {
    pub by: Presenter,
    pub half: Who,
    pub browser: Browser,
}

/// The second step of a sign-in. Nothing when the organization has come to ask for single sign-on meanwhile: nobody is in
/// then.
pub fn sign_in(
    tx: &mut Tx<'_>,
    site: &Site,
    step: &SecondStep,
    presented: &Presented,
) -> Result<Option<Verdict>, Fault> {
    let verdict = try_code(tx, site, &step.by, presented)?;
    let Verdict::Right(method) = verdict else { return Ok(Some(verdict)) };
    Ok(match sign_in::complete(tx, &step.half, method, &step.browser, &step.by.origin)? {
        Completed::In => Some(verdict),
        Completed::OnlyBySso { .. } => None,
    })
}

/// Why two-factor authentication was not switched on. Nothing was changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    WrongCode,
    /// Another browser was faster.
    IsOn,
}

/// An app that is on now, and what goes with it.
pub struct TurnedOn {
    /// To be shown once.
    pub codes: Vec<RecoveryCode>,
    /// Every session has ended; a new one begins with this.
    pub entering: Entering,
}

/// Switches the app on, for a key that was shown and whose code came back. All sessions of the person end.
pub fn turn_on(
    tx: &mut Tx<'_>,
    site: &Site,
    who: &Presenter,
    by: &By,
    (key, code): (&Key, &str),
) -> Result<TurnedOn, Stop<Obstacle>> {
    let step = key.step_of(code, tx.now(), 0)?.ok_or(Stop::Refused(Obstacle::WrongCode))?;
    let secret = sealed(site, who.user, key)?;
    if !store::insert(tx, who.organization, who.user, (&secret, step))? {
        return Err(Stop::Refused(Obstacle::IsOn));
    }
    let codes = new_codes(tx, site, who)?;
    people::settle_second_factor(tx, who.user)?;
    let entering = end_sessions(tx, who)?;
    people::tell(tx, who.user, AccountEvent::TwoFactorOn)?;
    audit::record(tx, who.organization, by, who.line("account.two_factor_on", json!({ "by": "app" })))?;
    Ok(TurnedOn { codes, entering })
}

/// The same as the second step of a sign-in, for somebody whose organization requires it. Nothing, and nothing is changed,
/// when it has come to ask for single sign-on meanwhile.
pub fn enrol(
    tx: &mut Tx<'_>,
    site: &Site,
    step: &SecondStep,
    proved: (&Key, &str),
) -> Result<Option<TurnedOn>, Stop<Obstacle>> {
    if sign_in::is_turned_away(tx, &step.half, &step.by.origin)? {
        return Ok(None);
    }
    let on = turn_on(tx, site, &step.by, &step.by.by(), proved)?;
    Ok(match sign_in::complete(tx, &step.half, ProofMethod::Totp, &step.browser, &step.by.origin)? {
        Completed::In => Some(on),
        Completed::OnlyBySso { .. } => None,
    })
}

/// Why a second factor stays on.
#[derive(Clone, Copy, Debug)]
pub enum StaysOn {
    Code(Verdict),
    /// Single sign-on is required, and nobody else who administers the organization could sign in while the provider
    /// fails.
    LastAdministrator,
}

/// What switching off came to: done, with all sessions of the person ended, or why not.
pub fn turn_off(
    tx: &mut Tx<'_>,
    site: &Site,
    who: &Presenter,
    by: &By,
    presented: &Presented,
) -> Result<Result<Entering, StaysOn>, Fault> {
    let verdict = try_code(tx, site, who, presented)?;
    if !matches!(verdict, Verdict::Right(_)) {
        return Ok(Err(StaysOn::Code(verdict)));
    }
    if needs_both(tx, who)? {
        return Ok(Err(StaysOn::LastAdministrator));
    }
    store::remove(tx, who.user)?;
    people::settle_second_factor(tx, who.user)?;
    let entering = end_sessions(tx, who)?;
    people::tell(tx, who.user, AccountEvent::TwoFactorOff)?;
    audit::record(tx, who.organization, by, who.line("account.two_factor_off", json!({})))?;
    Ok(Ok(entering))
}

/// Whether it is by a password and a second factor that the only administrator left does not depend on the provider.
fn needs_both(tx: &mut Tx<'_>, who: &Presenter) -> Result<bool, Fault> {
    let required = sso_requirement(tx.conn(), who.organization)?;
    let email = people::contact(tx.conn(), who.user)?.map(|person| person.email).unwrap_or_default();
    Ok(required.is_some_and(|required| required.covers(&email))
        && last_administrator(tx.conn(), who.organization)? == Some(who.user))
}

/// Ten new recovery codes; the older ones work no more. Nothing when there is no app.
pub fn renew_codes(
    tx: &mut Tx<'_>,
    site: &Site,
    who: &Presenter,
    by: &By,
) -> Result<Option<Vec<RecoveryCode>>, Fault> {
    if store::credential(tx.conn(), who.user)?.is_none() {
        return Ok(None);
    }
    let codes = new_codes(tx, site, who)?;
    people::tell(tx, who.user, AccountEvent::RecoveryCodesRenewed)?;
    let line = who.line("account.recovery_codes_renewed", json!({ "count": codes.len() }));
    audit::record(tx, who.organization, by, line)?;
    Ok(Some(codes))
}

/// What an administrator took away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WasReset {
    pub factor: SecondFactor,
    pub sessions: usize,
}

/// Why nothing was reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetRefusal {
    NoSuchPerson,
    /// They have no second factor (any more).
    HasNone,
    /// Their passkeys are the only way in of the last administrator.
    LastAdministrator,
}

/// Takes somebody's second factor away: the app with its recovery codes, or, when they have no app, their passkeys. Their
/// sessions end; they and the other administrators are told, with the reason. The organization's rule applies at their
/// next sign-in.
pub fn reset(
    tx: &mut Tx<'_>,
    permit: Permit<ResetSecondFactor>,
    reason: &str,
) -> Result<WasReset, Stop<ResetRefusal>> {
    let (organization, user) = (permit.organization(), permit.target().of);
    let person = people::contact(tx.conn(), user)?.filter(|person| person.organization == organization);
    person.ok_or(Stop::Refused(ResetRefusal::NoSuchPerson))?;
    let factor = if store::remove(tx, user)? {
        SecondFactor::App
    } else if store::remove_passkeys(tx, user)? > 0 {
        SecondFactor::Passkey
    } else {
        return Err(Stop::Refused(ResetRefusal::HasNone));
    };
    let after = people::settle_second_factor(tx, user)?;
    hold_last_administrator(tx, organization)
        .map_err(|stop| stop.map(|_| ResetRefusal::LastAdministrator))?;
    let sessions = session::store::end_all_of(tx, user)?;
    let by = permit.actor().user();
    let named = by.map(|by| people::contact(tx.conn(), by)).transpose()?.flatten();
    let event = AccountEvent::SecondFactorReset {
        by: named.map(|named| named.shown().to_owned()).unwrap_or_default(),
        reason: reason.to_owned(),
    };
    people::tell_administrators(tx, user, by, &event)?;
    people::tell(tx, user, event)?;
    let line = Line {
        action: permit.name(),
        target: Target::user(user),
        before: json!({ "second_factor": factor.as_str() }),
        after: json!({ "second_factor": after.as_str(), "sessions_ended": sessions, "reason": reason }),
    };
    audit::record(tx, organization, &permit.actor().into(), line)?;
    Ok(WasReset { factor, sessions })
}

/// What of two-factor authentication a person has.
pub fn standing(conn: &mut AnyConnection, user: UserId) -> Result<Standing, Fault> {
    store::standing(conn, user)
}

fn new_codes(tx: &mut Tx<'_>, site: &Site, who: &Presenter) -> Result<Vec<RecoveryCode>, Fault> {
    let codes: Vec<_> = (0..RECOVERY_CODES).map(|_| RecoveryCode::random()).collect();
    let hash = |code| fingerprints(site, who.user, code).into_iter().next();
    let hashes: Vec<_> = codes.iter().filter_map(hash).collect();
    store::replace_codes(tx, who.organization, who.user, &hashes)?;
    Ok(codes)
}

fn end_sessions(tx: &mut Tx<'_>, who: &Presenter) -> Result<Entering, Fault> {
    session::store::end_all_of(tx, who.user)?;
    let gone = || Fault::broken("ending the sessions of a person", "the person is gone");
    let account = session::store::account(tx.conn(), who.user)?.ok_or_else(gone)?;
    Ok(Entering { organization: who.organization, user: who.user, epoch: account.epoch })
}

fn fingerprints(site: &Site, user: UserId, code: &RecoveryCode) -> Vec<String> {
    site.signer.fingerprints(&format!("recovery code of {user}"), code.secret())
}

fn purpose(user: UserId) -> String {
    format!("second factor of {user}")
}

/// The key as it is stored, sealed for this person alone.
pub fn sealed(site: &Site, user: UserId, key: &Key) -> Result<String, Fault> {
    let sealed = site.sealer.seal(&purpose(user), key.bytes());
    sealed.ok_or_else(|| Fault::broken("sealing the secret of an app", "it could not be sealed"))
}

/// The key that [`sealed`] was given.
pub fn unsealed(site: &Site, user: UserId, text: &str) -> Option<Key> {
    Key::from_bytes(site.sealer.open(&purpose(user), text)?.secret)
}
