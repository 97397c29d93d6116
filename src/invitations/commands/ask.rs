//! What somebody without an account may ask for: a fresh link, or the letter once more. Nobody learns from the answer
//! whether an address is invited.

use std::{net::IpAddr, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{invited, names, send_letter, tell};
use crate::{
    access::{IAM_ADMIN, Origin, administrators, load_standing},
    audit,
    base::{
        email_address::EmailAddress,
        ids::{InvitationId, OrganizationId},
        token,
    },
    crypto::hashing::network_of,
    db::{AnyConnection, Fault, Tx},
    groups,
    invitations::{
        model::{ASK_AGAIN_AFTER, Gone, Invitation, Opened, SEND_AGAIN_AFTER, State},
        store::{self, Person},
    },
    jobs::{self, NewJob, Queue},
    mail::{self, FailedLetter, Letter},
    people::Status,
    web::throttle::{self, Admission, Kind},
};

/// How many administrators are told at most, when the inviter is not there to be told.
const MOST_TOLD: i64 = 20;

/// Tells the inviter that a link no longer works and that its holder would like another; the administrators, when the
/// inviter is none any more. At most once an hour for an invitation. Nothing for a link that works or was accepted.
pub fn ask_for_fresh_link(tx: &mut Tx<'_>, link: &Opened, origin: &Origin) -> Result<(), Fault> {
    let Some(invitation) = store::by_link(tx.conn(), link)? else { return Ok(()) };
    tx.lock(invitation.organization)?;
    let Some(invitation) = store::by_link(tx.conn(), link)? else { return Ok(()) };
    match invitation.opens(link, tx.now()) {
        Ok(()) | Err(Gone::Accepted) => Ok(()),
        Err(Gone::Expired | Gone::Replaced | Gone::Revoked) => ask(tx, &invitation, origin),
    }
}

fn ask(tx: &mut Tx<'_>, of: &Invitation, origin: &Origin) -> Result<(), Fault> {
    let now = tx.now();
    if of.fresh_link_asked_at.is_some_and(|asked| now.since(asked) < ASK_AGAIN_AFTER) {
        return Ok(());
    }
    store::note_asked(tx, of.id)?;
    let letter = Letter::FreshLinkAsked {
        email: of.email.clone(),
        organization: store::terms(tx.conn(), of.organization)?.organization,
        user: of.user,
    };
    for person in whom_to_tell(tx, of)? {
        tell(tx, of.organization, &person, &letter)?;
    }
    note(tx, "invitation.ask_for_fresh_link", of, origin)
}

/// The inviter, as long as they administer the organization; otherwise those who do.
fn whom_to_tell(tx: &mut Tx<'_>, of: &Invitation) -> Result<Vec<Person>, Fault> {
    let now = tx.now();
    let conn = tx.conn();
    if let Some(inviter) = store::person(conn, of.organization, of.inviter)?
        && inviter.status == Status::Active
        && load_standing(conn, of.organization, inviter.id, now)?.holds(IAM_ADMIN)
    {
        return Ok(vec![inviter]);
    }
    let ids = administrators(conn, of.organization, MOST_TOLD)?;
    store::people(conn, of.organization, &ids)
}

/// The kind of job that sends letters once more.
pub const SEND_AGAIN: &str = "invitations.send_again";

/// Whose letters are to be sent once more, and who asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WantedLetter {
    pub email: EmailAddress,
    request_id: String,
    address: String,
}

impl WantedLetter {
    pub fn origin(&self) -> Origin {
        Origin { request_id: self.request_id.clone(), address: self.address.clone() }
    }
}

/// Notes that the letters of an address are wanted once more, whether there are any or not; they are looked for and
/// sent afterwards. Says how long to wait when that was asked for too often.
pub fn ask_for_letter(
    tx: &mut Tx<'_>,
    email: &EmailAddress,
    from: IpAddr,
    origin: &Origin,
) -> Result<Option<Duration>, Fault> {
    let (wanted, network) = (format!("{SEND_AGAIN} {}", email.folded()), network_of(from).to_string());
    if let Admission::Wait(wait) =
        throttle::admit(tx, &[(Kind::Account, &wanted), (Kind::Address, &network)])?
    {
        return Ok(Some(wait));
    }
    let letter = WantedLetter {
        email: email.clone(),
        request_id: origin.request_id.clone(),
        address: origin.address.clone(),
    };
    let parameters = serde_json::to_value(letter).map_err(|e| Fault::broken("noting a wanted letter", e))?;
    // One at a time for an address.
    let singleton = token::hash(&wanted);
    let job =
        NewJob { singleton: Some(&singleton), ..NewJob::new(Queue::Work, SEND_AGAIN, parameters, tx.now()) };
    jobs::enqueue(tx, &job)?;
    Ok(None)
}

/// The pending invitations of an address, wherever it has some.
pub fn waiting_for(
    conn: &mut AnyConnection,
    email: &EmailAddress,
) -> Result<Vec<(OrganizationId, InvitationId)>, Fault> {
    let all = store::pending_for(conn, email)?;
    Ok(all.into_iter().map(|invitation| (invitation.organization, invitation.id)).collect())
}

/// Sends the letter of a pending invitation once more, with the same link, at most once in five minutes; for one that
/// has expired the inviter is asked for a fresh link.
pub fn send_again(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    id: InvitationId,
    origin: &Origin,
) -> Result<(), Fault> {
    let now = tx.now();
    let found = store::of_organization(tx.conn(), organization, id)?;
    let Some(invitation) = found.filter(|found| found.state == State::Pending) else { return Ok(()) };
    if invitation.is_expired(now) {
        return ask(tx, &invitation, origin);
    }
    if now.since(invitation.sent_at) < SEND_AGAIN_AFTER {
        return Ok(());
    }
    let person = invited(tx.conn(), &invitation)?;
    let groups =
        groups::of_people(tx.conn(), organization, &[person.id])?.remove(&person.id).unwrap_or_default();
    let terms = store::terms(tx.conn(), organization)?;
    store::note_sent(tx, invitation.id)?;
    mail::cancel_waiting(tx, &invitation.about())?;
    send_letter(tx, &terms, &invitation, &person.name, &names(&groups))?;
    note(tx, "invitation.send_again", &invitation, origin)
}

/// Tells whoever sent an invitation that its letter could not be delivered and is given up.
pub fn tell_of_failure(tx: &mut Tx<'_>, failed: &FailedLetter) -> Result<(), Fault> {
    let (Letter::Invitation { invitation, generation, .. }, Some(organization)) =
        (&failed.letter, failed.organization)
    else {
        return Ok(());
    };
    let found = store::of_organization(tx.conn(), organization, *invitation)?;
    let is_current = |of: &Invitation| of.is_pending_as(Some(i64::from(*generation))).is_ok();
    let Some(invitation) = found.filter(is_current) else { return Ok(()) };
    let letter = Letter::InvitationMailFailed {
        email: invitation.email.clone(),
        reason: failed.words.clone(),
        organization: store::terms(tx.conn(), organization)?.organization,
    };
    for person in whom_to_tell(tx, &invitation)? {
        tell(tx, organization, &person, &letter)?;
    }
    Ok(())
}

fn note(tx: &mut Tx<'_>, action: &'static str, of: &Invitation, origin: &Origin) -> Result<(), Fault> {
    let target = match of.user {
        Some(user) => audit::Target::user(user),
        None => audit::Target::invitation(of.id),
    };
    let line = audit::Line { action, target, before: json!({}), after: json!({ "email": of.email }) };
    audit::record(tx, of.organization, &audit::By::stranger(origin.clone()), line)
}
