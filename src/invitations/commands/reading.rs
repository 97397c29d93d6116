//! What pages show of invitations.

use std::collections::BTreeMap;

use super::{Held, changed, found, held, invited, link_number, may_hand_out};
use crate::{
    access::{
        Actor, Catalogue, GroupRoles, Permit,
        actions::{InviteUsers, ResendInvitation},
        roles_of_groups, sso_leads_from, sso_requirement,
    },
    base::{
        clock::Moment,
        email_address::EmailAddress,
        ids::{InvitationId, OrganizationId, UserId},
    },
    db::{AnyConnection, Fault, Stop},
    groups,
    invitations::{
        model::{
            ActRefusal, BySso, Choice, Found, Invitation, Invitee, Offer, Opened, Pending, Viewed, Welcome,
            is_domain_allowed,
        },
        store::{self, Person, Terms},
    },
    mail::{self, Links, MailStatus},
    passwords,
    people::Status,
};

/// The invitations that are open for these addresses, in every organization.
pub fn awaited_by(
    conn: &mut AnyConnection,
    addresses: &[EmailAddress],
    now: Moment,
) -> Result<Vec<Offer>, Fault> {
    let mut awaited = Vec::new();
    for address in addresses {
        for invitation in store::pending_for(conn, address)? {
            if !invitation.is_expired(now) {
                let terms = store::terms(conn, invitation.organization)?;
                awaited.push(offer(conn, invitation, terms.organization)?);
            }
        }
    }
    Ok(awaited)
}

/// Every group of the organization.
pub fn choices(conn: &mut AnyConnection, permit: &Permit<InviteUsers>) -> Result<Vec<Choice>, Fault> {
    let actor = permit.actor();
    let all = roles_of_groups(conn, actor.organization())?;
    let pushed = groups::provisioned(conn, actor.organization())?;
    let choice = |group: &GroupRoles| Choice {
        is_provisioned: pushed.contains(&group.id),
        id: group.id,
        name: group.name.clone(),
        roles: role_names(actor.catalogue(), &group.roles),
        may_give: may_hand_out(actor, &all, &[group.id].into()),
    };
    Ok(all.iter().map(choice).collect())
}

/// In the order in which the groups of the catalogue tell them, others after.
fn role_names(catalogue: &Catalogue, roles: &[String]) -> Vec<String> {
    let told: Vec<&String> = catalogue.standard_groups().iter().flat_map(|group| &group.roles).collect();
    let mut roles: Vec<&String> = roles.iter().collect();
    roles.sort_by_key(|role| told.iter().position(|known| known == role).unwrap_or(usize::MAX));
    roles.into_iter().map(|role| catalogue.role_name(role).to_owned()).collect()
}

/// What stands behind each address of a list.
pub fn sort_out(
    conn: &mut AnyConnection,
    permit: &Permit<InviteUsers>,
    people: &[Invitee],
) -> Result<Vec<(Invitee, Found)>, Fault> {
    let terms = store::terms(conn, permit.organization())?;
    found_of(conn, permit.organization(), &terms, people)
}

pub(super) fn found_of(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    terms: &Terms,
    people: &[Invitee],
) -> Result<Vec<(Invitee, Found)>, Fault> {
    let keys: Vec<&str> = people.iter().map(|person| person.email.folded()).collect();
    let holders = store::holders(conn, organization, &keys)?;
    people
        .iter()
        .map(|person| {
            let found = match holders.get(person.email.folded()) {
                Some(holder) => behind(holder)?,
                None if is_domain_allowed(&person.email, &terms.domains) => Found::New,
                None => Found::DomainNotAllowed,
            };
            Ok((person.clone(), found))
        })
        .collect()
}

fn behind(holder: &store::Holder) -> Result<Found, Fault> {
    Ok(match (holder.status, holder.invitation, holder.generation) {
        (Status::Active, ..) => Found::Member(holder.user),
        (Status::Deactivated, ..) => Found::Deactivated(holder.user),
        (Status::Invited, Some(invitation), Some(generation)) => {
            Found::Invited { user: holder.user, invitation, generation }
        }
        (Status::Invited, ..) => {
            return Err(Fault::broken("reading a person", "they are invited and have no invitation"));
        }
    })
}

/// With its link, which is worth what the person's groups carry.
pub fn view(
    conn: &mut AnyConnection,
    permit: Permit<ResendInvitation>,
    links: &Links,
    now: Moment,
) -> Result<(Viewed, String), Stop<ActRefusal>> {
    let Held { invitation, person, .. } = held(conn, permit.actor(), permit.target().of, None)?;
    let link = links.invitation(invitation.id, link_number(invitation.generation)?);
    Ok((viewed(&invitation, &person, now), link))
}

/// The one to correct, if it is pending. Correcting it needs a permit to edit its person.
pub fn correctable(
    conn: &mut AnyConnection,
    actor: &Actor,
    id: InvitationId,
    now: Moment,
) -> Result<Viewed, Stop<ActRefusal>> {
    let invitation = found(conn, actor.organization(), id)?;
    invitation.is_pending_as(None).map_err(|what| changed(&invitation, what))?;
    let person = invited(conn, &invitation)?;
    Ok(viewed(&invitation, &person, now))
}

fn viewed(of: &Invitation, person: &Person, now: Moment) -> Viewed {
    Viewed {
        user: person.id,
        email: of.email.clone(),
        generation: of.generation,
        expires_at: of.expires_at,
        is_expired: of.is_expired(now),
    }
}

/// Nothing when the installation does not know the invitation any more.
pub fn welcome(conn: &mut AnyConnection, link: &Opened, now: Moment) -> Result<Option<Welcome>, Fault> {
    let Some(invitation) = store::by_link(conn, link)? else { return Ok(None) };
    let terms = store::terms(conn, invitation.organization)?;
    Ok(Some(Welcome {
        rules: passwords::rules(terms.factor_required, now),
        user: invitation.user,
        by_sso: by_sso(conn, &invitation)?,
        state: invitation.opens(link, now),
        offer: offer(conn, invitation, terms.organization)?,
    }))
}

fn offer(
    conn: &mut AnyConnection,
    invitation: Invitation,
    organization_name: String,
) -> Result<Offer, Fault> {
    let person = store::person(conn, invitation.organization, invitation.user)?;
    Ok(Offer {
        id: invitation.id,
        organization: invitation.organization,
        organization_name,
        name: person.map(|person| person.name).unwrap_or_default(),
        inviter: inviter(conn, &invitation)?,
        groups: invited_to(conn, &invitation)?,
        email: invitation.email,
        message: invitation.message,
        expires_at: invitation.expires_at,
    })
}

fn inviter(conn: &mut AnyConnection, of: &Invitation) -> Result<Option<(String, String)>, Fault> {
    let inviter = store::person(conn, of.organization, of.inviter)?;
    Ok(inviter.map(|inviter| (inviter.shown().to_owned(), inviter.email)))
}

/// The names of the groups.
fn invited_to(conn: &mut AnyConnection, of: &Invitation) -> Result<Vec<String>, Fault> {
    let Some(user) = of.user else { return Ok(Vec::new()) };
    let groups = groups::of_people(conn, of.organization, &[user])?.remove(&user).unwrap_or_default();
    Ok(super::names(&groups))
}

fn by_sso(conn: &mut AnyConnection, of: &Invitation) -> Result<BySso, Fault> {
    let leads = match EmailAddress::parse(&of.email) {
        Ok(email) => sso_leads_from(conn, of.organization, &email)?,
        Err(_) => false,
    };
    let required = sso_requirement(conn, of.organization)?;
    Ok(BySso { leads, is_required: required.is_some_and(|required| required.covers(&of.email)) })
}

/// The pending invitations of these people, in two queries.
pub fn pending_of(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    people: &[UserId],
) -> Result<BTreeMap<UserId, Pending>, Fault> {
    let rows = store::pending_of(conn, organization, people)?;
    let abouts: Vec<String> = rows.iter().map(|row| row.id.to_string()).collect();
    let mut letters: BTreeMap<String, MailStatus> = mail::status_of(conn, organization, &abouts)?
        .into_iter()
        .map(|status| (status.about.clone(), status))
        .collect();
    let pending = |row: store::PendingRow| {
        let name = row.inviter_name.filter(|name| !name.is_empty());
        let pending = Pending {
            id: row.id,
            generation: row.generation,
            sent_at: row.sent_at,
            expires_at: row.expires_at,
            inviter: name.or(row.inviter_email).unwrap_or_default(),
            mail: letters.remove(row.id.as_str()),
        };
        (row.user, pending)
    };
    Ok(rows.into_iter().map(pending).collect())
}

/// How many pending invitations somebody sent: what deactivating them would end.
pub fn pending_count(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    inviter: UserId,
) -> Result<i64, Fault> {
    store::count_sent_by(conn, organization, inviter)
}

/// Whether the organization lets people have this address: one of its domains, if it names any.
pub fn is_address_allowed(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    email: &EmailAddress,
) -> Result<bool, Fault> {
    Ok(is_domain_allowed(email, &store::terms(conn, organization)?.domains))
}
