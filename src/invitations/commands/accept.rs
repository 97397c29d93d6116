//! Accepting an invitation.

use serde_json::json;

use super::{invited, tell};
use crate::{
    access::Origin,
    audit,
    base::email_address::EmailAddress,
    db::{Fault, Stop, Tx},
    invitations::{
        model::{Gone, Invitation, Opened},
        store::{self, Person},
    },
    mail::{self, Letter},
    organization::PersonName,
    passwords,
    people::{self, Status},
    web::session::{self, Entering},
};

/// What an invited person brings.
#[derive(Clone)]
pub struct Acceptance {
    pub name: PersonName,
    /// The PHC string of their password.
    pub password_hash: String,
}

/// Somebody has joined.
#[derive(Clone, Copy, Debug)]
pub struct Accepted {
    pub entering: Entering,
}

/// Makes the invited person Active, with their name, password and groups; the inviter is told. Uses the link up: of
/// many tries with it one succeeds, and of an act of an administrator in between, whichever came first.
pub fn accept(
    tx: &mut Tx<'_>,
    link: &Opened,
    acceptance: &Acceptance,
    origin: &Origin,
) -> Result<Accepted, Stop<Gone>> {
    let invitation = store::by_link(tx.conn(), link)?.ok_or(Stop::Refused(Gone::Revoked))?;
    tx.lock(invitation.organization)?;
    // Looked at again under the lock.
    let invitation = store::by_link(tx.conn(), link)?.ok_or(Stop::Refused(Gone::Revoked))?;
    invitation.opens(link, tx.now()).map_err(Stop::Refused)?;
    if !store::accept(tx, &invitation)? {
        return Err(Stop::Refused(Gone::Replaced));
    }
    let person = invited(tx.conn(), &invitation)?;
    join(tx, &invitation, &person, acceptance)?;
    mail::cancel_waiting(tx, &invitation.about())?;
    tell_inviter(tx, &invitation, &person, acceptance.name.as_str())?;
    let line = audit::Line {
        action: "invitation.accept",
        target: audit::Target::user(person.id),
        before: json!({ "status": Status::Invited.as_str(), "name": person.name }),
        after: json!({ "status": Status::Active.as_str(), "name": acceptance.name.as_str() }),
    };
    audit::record(tx, invitation.organization, &audit::By::person(person.id, origin.clone()), line)?;
    let account = session::store::account(tx.conn(), person.id)?
        .ok_or_else(|| Fault::broken("accepting an invitation", "the person is gone"))?;
    let entering = Entering { organization: invitation.organization, user: person.id, epoch: account.epoch };
    Ok(Accepted { entering })
}

fn join(tx: &mut Tx<'_>, of: &Invitation, person: &Person, acceptance: &Acceptance) -> Result<(), Fault> {
    let email = EmailAddress::parse(&person.email).map_err(|e| Fault::broken("reading a person", e))?;
    if !people::change_status(tx, of.organization, person.id, Status::Invited, Status::Active)? {
        return Err(Fault::broken("accepting an invitation", "its person is not invited"));
    }
    people::rename(tx, person.id, acceptance.name.as_str(), &email)?;
    let hash = &acceptance.password_hash;
    passwords::set(tx, &passwords::Change { organization: of.organization, user: person.id, hash })
}

fn tell_inviter(tx: &mut Tx<'_>, of: &Invitation, person: &Person, name: &str) -> Result<(), Fault> {
    let inviter = store::person(tx.conn(), of.organization, of.inviter)?;
    let Some(inviter) = inviter.filter(|inviter| inviter.status == Status::Active) else { return Ok(()) };
    let letter = Letter::InvitationAccepted {
        person: name.to_owned(),
        email: person.email.clone(),
        organization: store::terms(tx.conn(), of.organization)?.organization,
        user: person.id,
    };
    tell(tx, of.organization, &inviter, &letter)
}
