//! What a passkey proves.

use serde_json::json;
use webauthn_rs::prelude::{PublicKeyCredential, RequestChallengeResponse, Webauthn, WebauthnError};

use super::credential_id;
use crate::{
    access::Origin,
    audit::{self, By, Line, Target},
    base::{clock::Moment, ids::UserId},
    db::{AnyConnection, Fault, Stop, Tx},
    passkeys::{
        model::{Asked, Ceremony, Kept, Unproved},
        store,
    },
    sign_in::{self, Entered, Way},
    web::Browser,
};

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
