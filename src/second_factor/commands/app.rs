//! An app that is switched on and off, and its recovery codes.

use serde_json::json;

use super::{
    Presenter,
    secrets::{fingerprints, sealed},
    tries::try_code,
};
use crate::{
    access::{last_administrator, sso_requirement},
    audit::{self, By},
    crypto::totp::Key,
    db::{Fault, Stop, Tx},
    mail::letters::AccountEvent,
    people,
    second_factor::{
        model::{Presented, RECOVERY_CODES, RecoveryCode, Verdict},
        store,
    },
    web::{
        Site,
        session::{self, Entering},
    },
};

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
