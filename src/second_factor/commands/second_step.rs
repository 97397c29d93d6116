//! The second step of a sign-in: with what somebody has, or by setting it up.

use super::{
    Presenter,
    app::{Obstacle, TurnedOn, turn_on},
    tries::try_code,
};
use crate::{
    access::ProofMethod,
    crypto::totp::Key,
    db::{Fault, Stop, Tx},
    second_factor::model::{Presented, Verdict},
    sign_in::{self, Completed},
    web::{Browser, Site, session::Who},
};

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

/// The same as [`turn_on`], as the second step of a sign-in, for somebody whose organization requires it. Nothing, and
/// nothing is changed, when it has come to ask for single sign-on meanwhile.
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
