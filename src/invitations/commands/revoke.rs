//! Taking an invitation back, and taking that back.

use std::collections::BTreeSet;

use serde_json::json;

use super::{changed, found, invited, may_hand_out, names, send_letter};
use crate::{
    access::{
        Permit,
        actions::{InviteUsers, RevokeInvitation},
        roles_of_groups,
    },
    audit,
    base::{
        email_address::EmailAddress,
        ids::{GroupId, InvitationId, OrganizationId, UserId},
    },
    db::{Fault, Stop, Tx},
    groups::{self, GroupName},
    invitations::{
        model::{ActRefusal, Changed, Invitation, Remembered, State},
        store,
    },
    mail,
    people::{self, NewPerson, Status},
};

/// Ends a pending invitation: the link works no more, the person goes from the list with their memberships. `seen` is
/// the link's number on the page where it was decided; `None` for work that goes by what is in force.
pub fn revoke(
    tx: &mut Tx<'_>,
    permit: Permit<RevokeInvitation>,
    seen: Option<i64>,
) -> Result<Invitation, Stop<ActRefusal>> {
    let invitation = found(tx.conn(), permit.organization(), permit.target().of)?;
    invitation.is_pending_as(seen).map_err(|what| changed(&invitation, what))?;
    if !end(tx, &permit.actor().into(), permit.name(), &invitation)? {
        return Err(changed(&invitation, Changed::Resent));
    }
    Ok(invitation)
}

/// Ends what somebody sent who may do nothing any more, and says how many invitations that were. For deactivation, in
/// its transaction; one audit line each.
pub fn revoke_all_of(
    tx: &mut Tx<'_>,
    by: &audit::By,
    organization: OrganizationId,
    inviter: UserId,
) -> Result<usize, Fault> {
    let all = store::pending_sent_by(tx.conn(), organization, inviter)?;
    for invitation in &all {
        if !end(tx, by, "iam.users.revoke", invitation)? {
            return Err(Fault::broken("revoking invitations", "one changed under the organization's lock"));
        }
    }
    Ok(all.len())
}

fn end(tx: &mut Tx<'_>, by: &audit::By, action: &'static str, of: &Invitation) -> Result<bool, Fault> {
    let organization = of.organization;
    let person = invited(tx.conn(), of)?;
    let groups =
        groups::of_people(tx.conn(), organization, &[person.id])?.remove(&person.id).unwrap_or_default();
    let remembered =
        Remembered { name: person.name.clone(), groups: groups.iter().map(|group| group.id).collect() };
    let remembered =
        serde_json::to_string(&remembered).map_err(|e| Fault::broken("remembering an invitation", e))?;
    if !store::revoke(tx, of, &remembered)? {
        return Ok(false);
    }
    // Before the row goes, so that the groups' counts of members stay right.
    groups::set_memberships(tx, organization, person.id, &BTreeSet::new())?;
    if !people::remove_invited(tx, organization, person.id)? {
        return Err(Fault::broken("revoking an invitation", "its person is not invited"));
    }
    mail::cancel_waiting(tx, &of.about())?;
    let line = audit::Line {
        action,
        target: audit::Target::user(person.id),
        before: json!({ "email": of.email, "name": person.name, "groups": names(&groups) }),
        after: json!({}),
    };
    audit::record(tx, organization, by, line)?;
    Ok(true)
}

/// Invites the person of a revoked invitation again, with the groups they had as far as these still exist and no identity
/// provider fills them by now; a new link is mailed. Returns the invitation that is pending now.
pub fn undo_revoke(
    tx: &mut Tx<'_>,
    permit: Permit<InviteUsers>,
    id: InvitationId,
    seen: i64,
) -> Result<Invitation, Stop<ActRefusal>> {
    let organization = permit.organization();
    let revoked = found(tx.conn(), organization, id)?;
    revoked.is_revoked_as(seen).map_err(|what| changed(&revoked, what))?;
    let remembered: Remembered = serde_json::from_str(&revoked.remembered).unwrap_or_default();
    let email = EmailAddress::parse(&revoked.email).map_err(|e| Fault::broken("reading an invitation", e))?;
    if store::holders(tx.conn(), organization, &[email.folded()])?.contains_key(email.folded()) {
        return Err(Stop::Refused(ActRefusal::AddressTaken));
    }
    let groups = still_there(tx, &permit, &remembered)?;
    let person =
        NewPerson { id: UserId::new(), organization, email, name: remembered.name, status: Status::Invited };
    restore(tx, &permit, &revoked, &person, &groups)
}

fn still_there(
    tx: &mut Tx<'_>,
    permit: &Permit<InviteUsers>,
    remembered: &Remembered,
) -> Result<Vec<GroupName>, Stop<ActRefusal>> {
    let organization = permit.organization();
    if !may_hand_out(permit.actor(), &roles_of_groups(tx.conn(), organization)?, &remembered.groups) {
        return Err(Stop::Refused(ActRefusal::MoreThanOwn));
    }
    let pushed = groups::provisioned(tx.conn(), organization)?;
    let ids: Vec<GroupId> = remembered.groups.difference(&pushed).copied().collect();
    Ok(groups::named(tx.conn(), organization, &ids)?)
}

fn restore(
    tx: &mut Tx<'_>,
    permit: &Permit<InviteUsers>,
    revoked: &Invitation,
    person: &NewPerson,
    groups: &[GroupName],
) -> Result<Invitation, Stop<ActRefusal>> {
    let (organization, inviter) = (permit.organization(), permit.actor().user());
    let terms = store::terms(tx.conn(), organization)?;
    let expires_at = tx.now().plus(terms.life);
    people::insert(tx, person)?;
    groups::set_memberships(tx, organization, person.id, &groups.iter().map(|group| group.id).collect())?;
    if !store::restore(tx, revoked, person.id, inviter, expires_at)? {
        return Err(changed(revoked, Changed::Restored));
    }
    let pending = Invitation {
        user: Some(person.id),
        inviter,
        state: State::Pending,
        generation: revoked.generation + 1,
        remembered: String::new(),
        fresh_link_asked_at: None,
        sent_at: tx.now(),
        expires_at,
        ..revoked.clone()
    };
    send_letter(tx, &terms, &pending, &person.name, &names(groups))?;
    let line = audit::Line {
        action: permit.name(),
        target: audit::Target::user(person.id),
        before: json!({}),
        after: json!({ "email": pending.email, "name": person.name, "groups": names(groups) }),
    };
    audit::record(tx, organization, &permit.actor().into(), line)?;
    Ok(pending)
}
