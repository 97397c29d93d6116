//! What happens to invitations, each act in one transaction.

mod accept;
mod ask;
mod invite;
mod reading;
mod renew;
mod revoke;
mod telling;

use std::collections::BTreeSet;

pub use accept::{Acceptance, Accepted, NotAccepted, WayIn, accept, is_open_to, join, join_by_sso};
pub use ask::{
    SEND_AGAIN, WantedLetter, ask_for_fresh_link, ask_for_letter, send_again, tell_of_failure, waiting_for,
};
pub use invite::invite;
pub use reading::{
    awaited_by, choices, correctable, is_address_allowed, pending_count, pending_of, sort_out, view, welcome,
};
pub use renew::{correct_address, resend};
pub use revoke::{revoke, revoke_all_of, undo_revoke};
pub use telling::{told, told_pending};

use super::{
    model::{ActRefusal, Changed, Invitation},
    store::{self, Person, Terms},
};
use crate::{
    access::{Actor, GroupRoles, roles_of_groups},
    base::ids::{GroupId, InvitationId, OrganizationId},
    db::{AnyConnection, Fault, Stop, Tx},
    groups::{self, GroupName},
    mail::{self, Letter, Recipient},
};

fn changed(of: &Invitation, what: Changed) -> Stop<ActRefusal> {
    Stop::Refused(ActRefusal::Changed { email: of.email.clone(), what })
}

fn found(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: InvitationId,
) -> Result<Invitation, Stop<ActRefusal>> {
    let found = store::of_organization(conn, organization, id)?;
    found.ok_or(Stop::Refused(ActRefusal::NoSuchInvitation))
}

/// An invitation that is pending as it was seen, with its person and their groups, for somebody who may hand out what
/// these groups carry: a link is worth all of it.
struct Held {
    invitation: Invitation,
    person: Person,
    groups: Vec<GroupName>,
}

fn held(
    conn: &mut AnyConnection,
    actor: &Actor,
    id: InvitationId,
    seen: Option<i64>,
) -> Result<Held, Stop<ActRefusal>> {
    let organization = actor.organization();
    let invitation = found(conn, organization, id)?;
    invitation.is_pending_as(seen).map_err(|what| changed(&invitation, what))?;
    let person = invited(conn, &invitation)?;
    let groups = groups::of_people(conn, organization, &[person.id])?.remove(&person.id).unwrap_or_default();
    let ids = groups.iter().map(|group| group.id).collect();
    if !may_hand_out(actor, &roles_of_groups(conn, organization)?, &ids) {
        return Err(Stop::Refused(ActRefusal::MoreThanOwn));
    }
    Ok(Held { invitation, person, groups })
}

/// The person of a pending invitation.
fn invited(conn: &mut AnyConnection, of: &Invitation) -> Result<Person, Fault> {
    store::person(conn, of.organization, of.user)?
        .ok_or_else(|| Fault::broken("reading an invitation", "it is pending and nobody is invited"))
}

/// Nobody grants more than they hold.
fn may_hand_out(actor: &Actor, all: &[GroupRoles], groups: &BTreeSet<GroupId>) -> bool {
    let wanted = all.iter().filter(|group| groups.contains(&group.id));
    actor.may_grant(wanted.flat_map(|group| group.roles.iter().map(String::as_str)))
}

/// Queues the letter with the link that is in force.
fn send_letter(
    tx: &mut Tx<'_>,
    terms: &Terms,
    of: &Invitation,
    to_name: &str,
    groups: &[String],
) -> Result<(), Fault> {
    let inviter = store::person(tx.conn(), of.organization, of.inviter)?;
    let letter = Letter::Invitation {
        invitation: of.id,
        generation: link_number(of.generation)?,
        organization: terms.organization.clone(),
        inviter: inviter.map_or_else(String::new, |inviter| inviter.shown().to_owned()),
        groups: groups.to_vec(),
        message: of.message.clone(),
        expires_at: of.expires_at,
    };
    let to = Recipient {
        address: of.email.clone(),
        name: to_name.to_owned(),
        organization: Some(of.organization),
        about: Some(of.about()),
    };
    mail::enqueue(tx, &to, &letter).map(drop)
}

/// The generation as links carry it.
pub fn link_number(generation: i64) -> Result<u32, Fault> {
    u32::try_from(generation).map_err(|e| Fault::broken("making an invitation's link", e))
}

fn names(groups: &[GroupName]) -> Vec<String> {
    groups.iter().map(|group| group.name.clone()).collect()
}

/// A letter to somebody of the organization that only tells of something.
fn tell(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    person: &Person,
    letter: &Letter,
) -> Result<(), Fault> {
    let to = Recipient {
        address: person.email.clone(),
        name: person.name.clone(),
        organization: Some(organization),
        about: None,
    };
    mail::enqueue(tx, &to, letter).map(drop)
}
