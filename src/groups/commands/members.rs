//! Adding people to a group and taking them out, from the group's side.

use std::collections::BTreeSet;

use serde_json::json;

use super::is_anothers;
use crate::{
    access::{Permit, actions::ChangeMembers, hold_last_administrator},
    audit,
    base::{
        email_address::EmailAddress,
        ids::{OrganizationId, UserId},
    },
    db::{Stop, Tx},
    groups::{
        model::{Added, Group, MembersRefusal, Removed},
        store,
    },
    people::{self, Someone},
};

/// Who shall be added: people who were ticked, and addresses that were typed. The form bounds both.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub people: Vec<UserId>,
    pub addresses: Vec<EmailAddress>,
}

/// Adds people, invited ones too. Who is a member already stays one.
pub fn add_members(
    tx: &mut Tx<'_>,
    permit: Permit<ChangeMembers>,
    asked: &Asked,
) -> Result<Added, Stop<MembersRefusal>> {
    let organization = permit.organization();
    let group = group_of(tx, &permit)?;
    let roles = store::named_by(tx.conn(), organization, group.id)?;
    if !permit.actor().may_grant(roles.iter().flat_map(|by| by.roles.iter().map(String::as_str))) {
        return Err(Stop::Refused(MembersRefusal::MoreThanOwn));
    }
    let wanted = found(tx, organization, asked)?;
    let ids: Vec<UserId> = wanted.iter().map(|one| one.id).collect();
    let before = store::are_members(tx.conn(), group.id, &ids)?;
    let (were_members, people): (Vec<_>, Vec<_>) = wanted.into_iter().partition(|it| before.contains(&it.id));
    let added = Added { group: group.name.clone(), people, were_members: were_members.len() };
    if added.people.is_empty() {
        return Ok(added);
    }
    store::add(tx, organization, group.id, &added.people.iter().map(|one| one.id).collect::<Vec<_>>())?;
    let line = audit::Line {
        action: permit.name(),
        target: audit::Target::group(group.id),
        before: json!({ "group": group.name, "members": group.members }),
        after: json!({
            "group": group.name,
            "members": group.members + added.people.len() as i64,
            "added": addresses(&added.people),
        }),
    };
    audit::record(tx, organization, &permit.actor().into(), line)?;
    Ok(added)
}

/// Everybody who was ticked or typed, each once; all of them, or a refusal.
fn found(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    asked: &Asked,
) -> Result<Vec<Someone>, Stop<MembersRefusal>> {
    let ids: BTreeSet<UserId> = asked.people.iter().copied().collect();
    let mut found = people::these(tx.conn(), organization, &ids.iter().copied().collect::<Vec<_>>())?;
    if found.len() < ids.len() {
        return Err(Stop::Refused(MembersRefusal::NoSuchPerson));
    }
    let mut unknown = Vec::new();
    let by_address = people::by_addresses(tx.conn(), organization, &asked.addresses)?;
    for (address, one) in asked.addresses.iter().zip(by_address) {
        match one {
            Some(one) if found.iter().any(|known| known.id == one.id) => {}
            Some(one) => found.push(one),
            None => unknown.push(address.to_string()),
        }
    }
    match unknown.is_empty() {
        true => Ok(found),
        false => Err(Stop::Refused(MembersRefusal::UnknownAddresses(unknown))),
    }
}

/// Takes people out of a group. Who is not in it is left alone.
pub fn remove_members(
    tx: &mut Tx<'_>,
    permit: Permit<ChangeMembers>,
    people: &[UserId],
) -> Result<Removed, Stop<MembersRefusal>> {
    let organization = permit.organization();
    let group = group_of(tx, &permit)?;
    let members: Vec<UserId> = store::are_members(tx.conn(), group.id, people)?.into_iter().collect();
    let removed =
        Removed { people: people::these(tx.conn(), organization, &members)?, group: group.name.clone() };
    if members.is_empty() {
        return Ok(removed);
    }
    store::remove(tx, organization, group.id, &members)?;
    hold_last_administrator(tx, organization)
        .map_err(|stop| stop.map(|_| MembersRefusal::LastAdministrator))?;
    let line = audit::Line {
        action: permit.name(),
        target: audit::Target::group(group.id),
        before: json!({ "group": group.name, "members": group.members }),
        after: json!({
            "group": group.name,
            "members": group.members - members.len() as i64,
            "removed": addresses(&removed.people),
        }),
    };
    audit::record(tx, organization, &permit.actor().into(), line)?;
    Ok(removed)
}

fn group_of(tx: &mut Tx<'_>, permit: &Permit<ChangeMembers>) -> Result<Group, Stop<MembersRefusal>> {
    let group = store::group(tx.conn(), permit.organization(), permit.target().of)?;
    let group = group.ok_or(Stop::Refused(MembersRefusal::NoSuchGroup))?;
    match is_anothers(tx.conn(), permit.actor(), group.id)? {
        true => Err(Stop::Refused(MembersRefusal::Provisioned)),
        false => Ok(group),
    }
}

fn addresses(people: &[Someone]) -> Vec<&str> {
    people.iter().map(|one| one.email.as_str()).collect()
}
