//! What holds at the first step of a sign-in and at the second: whom an organization lets in by single sign-on only.

use serde_json::json;

use super::{completed, record};
use crate::{
    access::{Origin, ProofMethod, load_standing, sso_requirement},
    db::{Fault, Tx},
    people::{self, SecondFactor},
    sign_in::{model::Account, store},
    web::{
        Browser,
        session::{Entering, Who},
    },
};

/// As the audit tells it.
pub const ONLY_BY_SSO: &str = "single sign-on is required";

/// What a second step that went well came to.
#[derive(Clone, Debug)]
#[must_use]
pub enum Completed {
    In,
    /// The organization has come to ask for single sign-on since the first step. Nobody is in.
    OnlyBySso {
        organization: String,
    },
}

/// The second step of a sign-in went well: from now on the person is in, unless their organization does not take their
/// first step any more, which is written down.
pub fn complete(
    tx: &mut Tx<'_>,
    who: &Who,
    by: ProofMethod,
    browser: &Browser,
    origin: &Origin,
) -> Result<Completed, Fault> {
    let account = half_in(tx, who)?;
    if is_turned_away(tx, who, origin)? {
        return Ok(Completed::OnlyBySso { organization: account.organization_name });
    }
    people::mark_active(tx, account.user)?;
    let entering = Entering { organization: account.organization, user: account.user, epoch: account.epoch };
    completed(tx, &entering, browser)?;
    record(tx, &account, "account.sign_in", json!({ "complete": true, "by": by }), origin)?;
    Ok(Completed::In)
}

/// Whether the organization does not take the first step of this sign-in any more; that is written down then. Whoever was
/// in already and proves anew that it is them goes on.
pub fn is_turned_away(tx: &mut Tx<'_>, who: &Who, origin: &Origin) -> Result<bool, Fault> {
    let account = half_in(tx, who)?;
    let methods: Vec<ProofMethod> = who.proofs.iter().map(|proof| proof.method).collect();
    if who.proves_anew() || !must_use_sso(tx, &account, &methods)? {
        return Ok(false);
    }
    let after = json!({ "why": ONLY_BY_SSO, "by": methods.first() });
    record(tx, &account, "account.sign_in_refused", after, origin)?;
    Ok(true)
}

fn half_in(tx: &mut Tx<'_>, who: &Who) -> Result<Account, Fault> {
    let account = store::account_by_any_means(tx.conn(), who.user)?;
    account.ok_or_else(|| Fault::broken("completing a sign-in", "the account is gone"))
}

/// Whether the organization lets this person in by single sign-on only, which is none of these methods. An administrator
/// with a password and a second factor comes in all the same, in case the provider fails.
pub fn must_use_sso(tx: &mut Tx<'_>, account: &Account, methods: &[ProofMethod]) -> Result<bool, Fault> {
    if methods.contains(&ProofMethod::SingleSignOn) {
        return Ok(false);
    }
    let (organization, now) = (account.organization, tx.now());
    let required = sso_requirement(tx.conn(), organization)?;
    if !required.is_some_and(|required| required.covers(&account.email)) {
        return Ok(false);
    }
    let has_both = methods.contains(&ProofMethod::Password) && account.second_factor != SecondFactor::None;
    Ok(!(has_both && load_standing(tx.conn(), organization, account.user, now)?.administers_for_good()))
}
