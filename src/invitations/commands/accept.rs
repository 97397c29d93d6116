//! Accepting an invitation.

use serde_json::json;

use super::{invited, tell};
use crate::{
    access::{Origin, sso_requirement},
    audit,
    base::{
        clock::Moment,
        email_address::EmailAddress,
        ids::{InvitationId, OrganizationId, UserId},
    },
    db::{AnyConnection, Fault, Stop, Tx},
    invitations::{
        model::{Gone, Invitation, Opened},
        store::{self, Person},
    },
    mail::{self, Letter},
    organization::PersonName,
    passwords,
    people::{self, Status},
    social::{self, NotLinked, Vouched},
    web::session::{self, Entering},
};

/// What an invited person brings.
#[derive(Clone)]
pub struct Acceptance {
    pub name: PersonName,
    pub way_in: WayIn,
}

/// How they sign in from then on.
#[derive(Clone)]
pub enum WayIn {
    /// The PHC string of their password.
    Password(String),
    /// An account elsewhere, whose provider vouches for the invited address.
    Account(Vouched),
    /// Their organization's own provider, to which whoever calls this links them.
    SingleSignOn,
}

/// Why somebody has not joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAccepted {
    Gone(Gone),
    /// The provider vouches for other addresses.
    OtherAddress,
    /// The account elsewhere signs in somebody else of the organization.
    AnothersAlready,
    /// The organization asks for single sign-on, which accepts the invitation.
    OnlyBySso,
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
) -> Result<Accepted, Stop<NotAccepted>> {
    let revoked = || gone(Gone::Revoked);
    let invitation = store::by_link(tx.conn(), link)?.ok_or_else(revoked)?;
    tx.lock(invitation.organization)?;
    // Looked at again under the lock.
    let invitation = store::by_link(tx.conn(), link)?.ok_or_else(revoked)?;
    invitation.opens(link, tx.now()).map_err(gone)?;
    admit(tx, &invitation, acceptance, origin)
}

/// The same without the link in hand, for an account elsewhere whose provider vouches for the invited address.
pub fn join(
    tx: &mut Tx<'_>,
    (organization, id): (OrganizationId, InvitationId),
    acceptance: &Acceptance,
    origin: &Origin,
) -> Result<Accepted, Stop<NotAccepted>> {
    if !matches!(acceptance.way_in, WayIn::Account(_)) {
        return Err(Stop::Refused(NotAccepted::OtherAddress));
    }
    tx.lock(organization)?;
    let found = store::of_organization(tx.conn(), organization, id)?;
    let invitation = found.ok_or_else(|| gone(Gone::Revoked))?;
    invitation.is_open(tx.now()).map_err(gone)?;
    admit(tx, &invitation, acceptance, origin)
}

/// Accepts the invitation of this person, for whom their organization's own provider vouches.
pub fn join_by_sso(
    tx: &mut Tx<'_>,
    (organization, user): (OrganizationId, UserId),
    name: PersonName,
    origin: &Origin,
) -> Result<Accepted, Stop<NotAccepted>> {
    tx.lock(organization)?;
    let invitation = store::pending_of_person(tx.conn(), organization, user)?;
    let invitation = invitation.ok_or_else(|| gone(Gone::Revoked))?;
    invitation.is_open(tx.now()).map_err(gone)?;
    admit(tx, &invitation, &Acceptance { name, way_in: WayIn::SingleSignOn }, origin)
}

/// Whether this invited person's invitation can still be accepted.
pub fn is_open_to(
    conn: &mut AnyConnection,
    who: (OrganizationId, UserId),
    now: Moment,
) -> Result<bool, Fault> {
    let invitation = store::pending_of_person(conn, who.0, who.1)?;
    Ok(invitation.is_some_and(|invitation| invitation.is_open(now).is_ok()))
}

fn gone(gone: Gone) -> Stop<NotAccepted> {
    Stop::Refused(NotAccepted::Gone(gone))
}

fn admit(
    tx: &mut Tx<'_>,
    invitation: &Invitation,
    acceptance: &Acceptance,
    origin: &Origin,
) -> Result<Accepted, Stop<NotAccepted>> {
    if !matches!(acceptance.way_in, WayIn::SingleSignOn) {
        let required = sso_requirement(tx.conn(), invitation.organization)?;
        if required.is_some_and(|required| required.covers(&invitation.email)) {
            return Err(Stop::Refused(NotAccepted::OnlyBySso));
        }
    }
    if !store::accept(tx, invitation)? {
        return Err(gone(Gone::Replaced));
    }
    let person = invited(tx.conn(), invitation)?;
    enter(tx, invitation, &person, acceptance)?;
    mail::cancel_waiting(tx, &invitation.about())?;
    tell_inviter(tx, invitation, &person, acceptance.name.as_str())?;
    let line = audit::Line {
        action: "invitation.accept",
        target: audit::Target::user(person.id),
        before: json!({ "status": Status::Invited.as_str(), "name": person.name }),
        after: json!({
            "status": Status::Active.as_str(),
            "name": acceptance.name.as_str(),
            "by": acceptance.way_in.word(),
        }),
    };
    audit::record(tx, invitation.organization, &audit::By::person(person.id, origin.clone()), line)?;
    let account = session::store::account(tx.conn(), person.id)?
        .ok_or_else(|| Fault::broken("accepting an invitation", "the person is gone"))?;
    let entering = Entering { organization: invitation.organization, user: person.id, epoch: account.epoch };
    Ok(Accepted { entering })
}

impl WayIn {
    fn word(&self) -> &'static str {
        match self {
            Self::Password(_) => "password",
            Self::Account(vouched) => vouched.provider.word(),
            Self::SingleSignOn => "sso",
        }
    }
}

fn enter(
    tx: &mut Tx<'_>,
    of: &Invitation,
    person: &Person,
    acceptance: &Acceptance,
) -> Result<(), Stop<NotAccepted>> {
    let email = EmailAddress::parse(&person.email).map_err(|e| Fault::broken("reading a person", e))?;
    if !people::change_status(tx, of.organization, person.id, Status::Invited, Status::Active)? {
        return Err(Fault::broken("accepting an invitation", "its person is not invited").into());
    }
    people::rename(tx, person.id, acceptance.name.as_str(), &email)?;
    match &acceptance.way_in {
        WayIn::Password(hash) => {
            let change = passwords::Change { organization: of.organization, user: person.id, hash };
            Ok(passwords::set(tx, &change)?)
        }
        WayIn::SingleSignOn => Ok(()),
        WayIn::Account(vouched) if !vouched.vouches_for(&of.email) => {
            Err(Stop::Refused(NotAccepted::OtherAddress))
        }
        WayIn::Account(vouched) => social::attach(tx, of.organization, person.id, vouched)
            .map_err(|stop| stop.map(|_: NotLinked| NotAccepted::AnothersAlready)),
    }
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
