//! A passkey that is added.

use serde_json::json;
use webauthn_rs::prelude::{CreationChallengeResponse, RegisterPublicKeyCredential, Webauthn};
use webauthn_rs_proto::ResidentKeyRequirement;

use super::credential_id;
use crate::{
    access::{Actor, NextStep, Origin, ProofMethod, next_step},
    audit::{self, By, Line, Target},
    base::{
        clock::Moment,
        ids::{OrganizationId, PasskeyId, UserId},
    },
    db::{AnyConnection, Fault, Stop, Tx},
    mail::letters::AccountEvent,
    passkeys::{
        model::{AddRefusal, Asked, Ceremony, MOST_PASSKEYS},
        store::{self, NewPasskey},
    },
    people::{self, Status},
    sign_in::{self, Account, Completed},
    web::{Browser, session::Who},
};

/// The question to make a passkey that can also be found without a username. Nothing when there are too many.
pub fn ask_to_add(
    conn: &mut AnyConnection,
    party: &Webauthn,
    (user, email, name): (UserId, &str, &str),
    now: Moment,
) -> Result<Option<(CreationChallengeResponse, Ceremony)>, Fault> {
    let own = store::credentials(conn, user)?;
    if own.len() >= MOST_PASSKEYS {
        return Ok(None);
    }
    let known = own.iter().map(|kept| kept.credential.cred_id().clone()).collect();
    let (mut question, state) = party
        .start_passkey_registration(user.uuid(), email, name, Some(known))
        .map_err(|e| Fault::broken("asking for a new passkey", e))?;
    if let Some(wanted) = question.public_key.authenticator_selection.as_mut() {
        wanted.resident_key = Some(ResidentKeyRequirement::Required);
        wanted.require_resident_key = true;
    }
    Ok(Some((question, Ceremony::new(Asked::ToAdd(user, state), now))))
}

/// Adds the passkey that answers this ceremony, mails its owner, and settles which second factor they have.
pub fn add(
    tx: &mut Tx<'_>,
    actor: &Actor,
    party: &Webauthn,
    ceremony: &Ceremony,
    (name, answer): (&str, &RegisterPublicKeyCredential),
) -> Result<(), Stop<AddRefusal>> {
    match &ceremony.asked {
        Asked::ToAdd(user, _) if actor.user() == Some(*user) => {
            add_by(tx, (&actor.into(), actor.organization()), party, ceremony, (name, answer))
        }
        _ => Err(Stop::Refused(AddRefusal::Unfit)),
    }
}

/// Somebody in the middle of a sign-in that asks for a second factor they do not have.
pub struct Enrolling<'a> {
    pub who: &'a Who,
    pub browser: &'a Browser,
    pub origin: &'a Origin,
}

/// Adds a passkey, under the name of the device, as the second step of a sign-in: from now on the person is in. False, and
/// nothing is added, when the organization has come to ask for single sign-on meanwhile.
pub fn enrol(
    tx: &mut Tx<'_>,
    enrolling: &Enrolling<'_>,
    party: &Webauthn,
    ceremony: &Ceremony,
    answer: &RegisterPublicKeyCredential,
) -> Result<bool, Stop<AddRefusal>> {
    let Enrolling { who, browser, origin } = enrolling;
    let account = sign_in::account_by_any_means(tx.conn(), who.user)?;
    let is_due = |account: &Account| {
        account.status == Status::Active
            && account.epoch == who.epoch
            && next_step(account.factors(tx.now()), &who.proofs) == NextStep::Enrol
    };
    let is_theirs = matches!(&ceremony.asked, Asked::ToAdd(user, _) if *user == who.user);
    if !is_theirs || !account.is_some_and(|account| is_due(&account)) {
        return Err(Stop::Refused(AddRefusal::Unfit));
    }
    if sign_in::is_turned_away(tx, who, origin)? {
        return Ok(false);
    }
    let by = By::person(who.user, (*origin).clone());
    add_by(tx, (&by, who.organization), party, ceremony, (&browser.device, answer))?;
    Ok(matches!(sign_in::complete(tx, who, ProofMethod::Passkey, browser, origin)?, Completed::In))
}

fn add_by(
    tx: &mut Tx<'_>,
    (by, organization): (&By, OrganizationId),
    party: &Webauthn,
    ceremony: &Ceremony,
    (name, answer): (&str, &RegisterPublicKeyCredential),
) -> Result<(), Stop<AddRefusal>> {
    let refused = |refusal| Err(Stop::Refused(refusal));
    let Asked::ToAdd(user, state) = &ceremony.asked else { return refused(AddRefusal::Unfit) };
    if !ceremony.is_open(tx.now()) {
        return refused(AddRefusal::Unfit);
    }
    let Ok(credential) = party.finish_passkey_registration(answer, state) else {
        return refused(AddRefusal::Unfit);
    };
    let credential_id = credential_id(credential.cred_id().as_ref());
    if store::by_credential(tx.conn(), &credential_id)?.is_some() {
        return refused(AddRefusal::Known);
    }
    if store::of_person(tx.conn(), *user)?.len() >= MOST_PASSKEYS {
        return refused(AddRefusal::TooMany);
    }
    let new = NewPasskey {
        id: PasskeyId::new(),
        organization,
        user: *user,
        credential_id: &credential_id,
        credential: &credential,
        name,
    };
    store::insert(tx, &new)?;
    people::settle_second_factor(tx, *user)?;
    people::tell(tx, *user, AccountEvent::PasskeyAdded { name: name.to_owned() })?;
    let line = Line {
        action: "account.passkey_added",
        target: Target::user(*user),
        before: json!({}),
        after: json!({ "name": name }),
    };
    Ok(audit::record(tx, organization, by, line)?)
}
