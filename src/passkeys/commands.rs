//! What happens to passkeys, and what they prove.

use serde_json::json;
use webauthn_rs::prelude::{
    CreationChallengeResponse, PublicKeyCredential, RegisterPublicKeyCredential, RequestChallengeResponse,
    Webauthn, WebauthnError,
};
use webauthn_rs_proto::ResidentKeyRequirement;

use super::{
    model::{AddRefusal, Asked, Ceremony, ChangeRefusal, Kept, MOST_PASSKEYS, Shown, Unproved},
    store::{self, NewPasskey},
};
use crate::{
    access::{Actor, NextStep, Origin, ProofMethod, hold_last_administrator, next_step},
    audit::{self, By, Line, Target},
    base::{
        clock::Moment,
        ids::{OrganizationId, PasskeyId, UserId},
    },
    db::{AnyConnection, Fault, Stop, Tx},
    mail::letters::AccountEvent,
    people::{self, Status},
    sign_in::{self, Account, Completed, Entered, Way},
    web::{
        Browser,
        session::{self, Entering, Who},
    },
};

/// The passkeys of somebody, oldest first.
pub fn list(conn: &mut AnyConnection, user: UserId) -> Result<Vec<Shown>, Fault> {
    store::of_person(conn, user)
}

/// One of one's own passkeys.
pub fn find(conn: &mut AnyConnection, user: UserId, id: PasskeyId) -> Result<Option<Shown>, Fault> {
    store::one_of_person(conn, user, id)
}

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

/// The question for whatever passkey the browser has for this site.
pub fn ask_any(party: &Webauthn, now: Moment) -> Result<(RequestChallengeResponse, Ceremony), Fault> {
    let (question, state) =
        party.start_discoverable_authentication().map_err(|e| Fault::broken("asking for a passkey", e))?;
    Ok((question, Ceremony::new(Asked::ForAny(state), now)))
}

/// The question for a passkey of this person; nothing when they have none.
pub fn ask_own(
    conn: &mut AnyConnection,
    party: &Webauthn,
    user: UserId,
    now: Moment,
) -> Result<Option<(RequestChallengeResponse, Ceremony)>, Fault> {
    let own: Vec<_> = store::credentials(conn, user)?.into_iter().map(|kept| kept.credential).collect();
    if own.is_empty() {
        return Ok(None);
    }
    let (question, state) =
        party.start_passkey_authentication(&own).map_err(|e| Fault::broken("asking for a passkey", e))?;
    Ok(Some((question, Ceremony::new(Asked::ForOwn(user, state), now))))
}

/// A passkey whose signature answers the question of a ceremony; used up by [`enter`] or [`prove`].
#[derive(Clone)]
pub struct Signed {
    passkey: Kept,
    ceremony: String,
}

impl Signed {
    pub fn user(&self) -> UserId {
        self.passkey.user
    }
}

/// Verifies the answer to a ceremony: origin, signature, user verification, counter.
pub fn verify(
    conn: &mut AnyConnection,
    party: &Webauthn,
    ceremony: &Ceremony,
    answer: &PublicKeyCredential,
    now: Moment,
) -> Result<Signed, Stop<Unproved>> {
    let wrong = || Stop::Refused(Unproved::Wrong);
    if !ceremony.is_open(now) {
        return Err(wrong());
    }
    let found = store::by_credential(conn, &credential_id(answer.get_credential_id()))?;
    let mut passkey = found.ok_or_else(wrong)?;
    let verified = match &ceremony.asked {
        Asked::ForAny(state) => {
            let (user, _) = party.identify_discoverable_authentication(answer).map_err(|_| wrong())?;
            if UserId::of(user) != passkey.user {
                return Err(wrong());
            }
            party.finish_discoverable_authentication_v2(answer, state.clone(), &passkey.credential)
        }
        Asked::ForOwn(user, state) if *user == passkey.user => {
            party.finish_passkey_authentication(answer, state)
        }
        Asked::ForOwn(..) | Asked::ToAdd(..) => return Err(wrong()),
    };
    match verified {
        Ok(result) if result.user_verified() => {
            passkey.credential.update_credential(&result);
            Ok(Signed { passkey, ceremony: ceremony.id.clone() })
        }
        Err(WebauthnError::CredentialPossibleCompromise) => {
            Err(Stop::Refused(Unproved::Copied(passkey.id, passkey.user, passkey.organization)))
        }
        Ok(_) | Err(_) => Err(wrong()),
    }
}

/// Writes down that a passkey may have been copied. Nobody is let in.
pub fn note_copy(tx: &mut Tx<'_>, unproved: Unproved, origin: &Origin) -> Result<(), Fault> {
    let Unproved::Copied(passkey, user, organization) = unproved else { return Ok(()) };
    tx.lock(organization)?;
    let line = Line {
        action: "account.sign_in_failed",
        target: Target::user(user),
        before: json!({}),
        after: json!({ "by": "passkey", "why": "signature counter went back", "passkey": passkey.as_str() }),
    };
    audit::record(tx, organization, &By::stranger(origin.clone()), line)
}

/// Signs in with the passkey alone.
pub fn enter(
    tx: &mut Tx<'_>,
    signed: &Signed,
    browser: &Browser,
    origin: &Origin,
) -> Result<Entered, Stop<Unproved>> {
    tx.lock(signed.passkey.organization)?;
    use_up(tx, signed)?;
    Ok(sign_in::enter_by(tx, signed.passkey.user, (Way::Passkey, &[]), browser, origin)?)
}

/// Uses the passkey as a further proof of somebody who is in, or half in.
pub fn prove(tx: &mut Tx<'_>, signed: &Signed) -> Result<(), Stop<Unproved>> {
    tx.lock(signed.passkey.organization)?;
    use_up(tx, signed)
}

fn use_up(tx: &mut Tx<'_>, signed: &Signed) -> Result<(), Stop<Unproved>> {
    let Signed { passkey, ceremony } = signed;
    match store::use_up(tx, passkey.id, ceremony, &passkey.credential)? {
        true => Ok(()),
        false => Err(Stop::Refused(Unproved::Wrong)),
    }
}

fn credential_id(raw: &[u8]) -> String {
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
    BASE64_URL_SAFE_NO_PAD.encode(raw)
}
