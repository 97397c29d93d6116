//! Inviting one or many.

use std::collections::BTreeSet;

use serde_json::json;

use super::{may_hand_out, reading, renew, send_letter};
use crate::{
    access::{
        Actor, GroupRoles, Permit,
        actions::{InviteUsers, ResendInvitation},
        roles_of_groups,
    },
    audit,
    base::ids::{GroupId, InvitationId, UserId},
    db::{Fault, Stop, Tx},
    groups,
    invitations::{
        model::{ActRefusal, Found, Invitation, Invite, InviteRefusal, Invitee, Sent, State},
        store::{self, NewInvitation, Terms},
    },
    people::{self, NewPerson, Status},
};

/// Invites everybody on the list who is new, each with their groups, letter and audit line. Decided anew here, however
/// it looked when the list was shown: who has joined or was invited meanwhile is left out and named.
pub fn invite(
    tx: &mut Tx<'_>,
    permit: Permit<InviteUsers>,
    invite: &Invite,
) -> Result<Sent, Stop<InviteRefusal>> {
    let organization = permit.organization();
    let terms = store::terms(tx.conn(), organization)?;
    let all = roles_of_groups(tx.conn(), organization)?;
    let chosen = choose(permit.actor(), &all, &invite.groups).map_err(Stop::Refused)?;
    if !groups::provisioned(tx.conn(), organization)?.is_disjoint(&invite.groups) {
        return Err(Stop::Refused(InviteRefusal::Provisioned));
    }
    let list = reading::found_of(tx.conn(), organization, &terms, &invite.people)?;
    let mut sent = Sent::default();
    for (person, found) in &list {
        match found {
            Found::New => {
                begin(tx, &permit, &terms, &Newcomer { person, groups: &chosen, message: &invite.message })?;
                sent.invited.push(person.email.clone());
            }
            Found::Invited { invitation, generation, .. } if invite.resend => {
                match resend(tx, permit.actor(), *invitation, *generation)? {
                    true => sent.resent.push(person.email.clone()),
                    false => sent.left.push((person.email.clone(), found.clone())),
                }
            }
            _ => sent.left.push((person.email.clone(), found.clone())),
        }
    }
    if sent.invited.is_empty() && sent.resent.is_empty() {
        return Err(Stop::Refused(InviteRefusal::Nobody(list)));
    }
    Ok(sent)
}

fn choose<'a>(
    actor: &Actor,
    all: &'a [GroupRoles],
    wanted: &BTreeSet<GroupId>,
) -> Result<Vec<&'a GroupRoles>, InviteRefusal> {
    let chosen: Vec<_> = all.iter().filter(|group| wanted.contains(&group.id)).collect();
    if chosen.len() != wanted.len() {
        return Err(InviteRefusal::NoSuchGroup);
    }
    if !may_hand_out(actor, all, wanted) {
        return Err(InviteRefusal::MoreThanOwn);
    }
    Ok(chosen)
}

struct Newcomer<'a> {
    person: &'a Invitee,
    groups: &'a [&'a GroupRoles],
    message: &'a str,
}

fn begin(
    tx: &mut Tx<'_>,
    permit: &Permit<InviteUsers>,
    terms: &Terms,
    new: &Newcomer<'_>,
) -> Result<(), Fault> {
    let (organization, user, id) = (permit.organization(), UserId::new(), InvitationId::new());
    let (email, name) = (&new.person.email, &new.person.name);
    let person = NewPerson {
        id: user,
        organization,
        email: email.clone(),
        name: name.clone(),
        status: Status::Invited,
    };
    people::insert(tx, &person)?;
    groups::set_memberships(tx, organization, user, &new.groups.iter().map(|group| group.id).collect())?;
    let (inviter, expires_at) = (permit.actor().user(), tx.now().plus(terms.life));
    store::insert(
        tx,
        &NewInvitation { id, organization, user, inviter, email, message: new.message, expires_at },
    )?;
    let group_names: Vec<String> = new.groups.iter().map(|group| group.name.clone()).collect();
    let invitation = Invitation {
        id,
        organization,
        user: Some(user),
        inviter,
        email: email.as_str().to_owned(),
        state: State::Pending,
        generation: 1,
        message: new.message.to_owned(),
        remembered: String::new(),
        fresh_link_asked_at: None,
        sent_at: tx.now(),
        expires_at,
    };
    send_letter(tx, terms, &invitation, name, &group_names)?;
    let line = audit::Line {
        action: permit.name(),
        target: audit::Target::user(user),
        before: json!({}),
        after: json!({ "email": email.as_str(), "name": name, "groups": group_names }),
    };
    audit::record(tx, organization, &permit.actor().into(), line)
}

/// Whether a pending invitation was sent anew: not by somebody who may not resend it.
fn resend(tx: &mut Tx<'_>, actor: &Actor, of: InvitationId, seen: i64) -> Result<bool, Fault> {
    let Ok(permit) = actor.may(ResendInvitation { of }) else { return Ok(false) };
    match renew::resend(tx, permit, Some(seen)) {
        Ok(_) => Ok(true),
        Err(Stop::Refused(ActRefusal::Changed { .. } | ActRefusal::MoreThanOwn)) => Ok(false),
        Err(Stop::Refused(refusal)) => {
            Err(Fault::broken("sending an invitation anew", format!("{refusal:?}")))
        }
        Err(Stop::Fault(fault)) => Err(fault),
    }
}
