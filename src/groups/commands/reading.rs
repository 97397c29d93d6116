//! What the pages show.

use std::collections::BTreeMap;

use crate::{
    access::{
        Actor, Permit,
        actions::{ChangeGroup, ChangeMembers, DeleteGroup, ReadGroup, ReadGroups},
        roles_of_groups,
    },
    base::ids::{GroupId, UserId},
    db::{AnyConnection, Fault},
    groups::{
        model::{
            Candidate, Candidates, Deletion, Group, Listed, MemberPlace, NamedBy, Page, Place, Seen, page_of,
        },
        store::{self, Toward},
    },
    people,
};

/// How many people the form shows to choose from.
const MOST_FOUND: usize = 100;

/// One page of the list, at most `most` groups.
pub fn list(
    conn: &mut AnyConnection,
    permit: &Permit<ReadGroups>,
    text: &str,
    place: &Place,
    most: usize,
) -> Result<Page, Fault> {
    let organization = permit.organization();
    let mut roles: BTreeMap<GroupId, Vec<String>> =
        roles_of_groups(conn, organization)?.into_iter().map(|group| (group.id, group.roles)).collect();
    let groups = store::every(conn, organization)?;
    let groups = groups
        .into_iter()
        .map(|group| Listed { roles: roles.remove(&group.id).unwrap_or_default(), group })
        .collect();
    Ok(page_of(groups, text, place, most))
}

/// One group with a page of at most `most` members; nothing when there is none.
pub fn show(
    conn: &mut AnyConnection,
    permit: &Permit<ReadGroup>,
    place: &Place,
    most: usize,
) -> Result<Option<Seen>, Fault> {
    let (organization, id) = (permit.organization(), permit.target().of);
    let Some(group) = store::group(conn, organization, id)? else { return Ok(None) };
    let read = match place {
        Place::Start => None,
        Place::After(text) | Place::Before(text) => MemberPlace::decode(text),
    };
    let toward = match (place, &read) {
        (Place::After(_), Some(at)) => Toward::After(at),
        (Place::Before(_), Some(at)) => Toward::Before(at),
        _ => Toward::Start,
    };
    let named_by = store::named_by(conn, organization, id)?;
    Ok(Some(Seen {
        members: store::members(conn, organization, &group, toward, most)?,
        is_lost: read.is_none() && *place != Place::Start,
        may_add: may_grant(permit.actor(), &named_by),
        is_provisioned: store::provisioned(conn, organization)?.contains(&id),
        named_by,
        group,
    }))
}

fn may_grant(actor: &Actor, named_by: &[NamedBy]) -> bool {
    actor.may_grant(named_by.iter().flat_map(|by| by.roles.iter().map(String::as_str)))
}

/// The group to be renamed; nothing when there is none.
pub fn group(conn: &mut AnyConnection, permit: &Permit<ChangeGroup>) -> Result<Option<Group>, Fault> {
    store::group(conn, permit.organization(), permit.target().of)
}

/// What deleting the group would do; nothing when there is none.
pub fn deletion(conn: &mut AnyConnection, permit: &Permit<DeleteGroup>) -> Result<Option<Deletion>, Fault> {
    let (organization, id) = (permit.organization(), permit.target().of);
    let Some(group) = store::group(conn, organization, id)? else { return Ok(None) };
    Ok(Some(Deletion { named_by: store::named_by(conn, organization, id)?, group }))
}

/// People to choose from: who has the text in their name or address, and those ticked before.
pub fn candidates(
    conn: &mut AnyConnection,
    permit: &Permit<ChangeMembers>,
    text: &str,
    ticked: &[UserId],
) -> Result<Option<Candidates>, Fault> {
    let (organization, id) = (permit.organization(), permit.target().of);
    let Some(group) = store::group(conn, organization, id)? else { return Ok(None) };
    let named_by = store::named_by(conn, organization, id)?;
    let mut found = people::search(conn, organization, text, MOST_FOUND + 1)?;
    let are_more = found.len() > MOST_FOUND;
    found.truncate(MOST_FOUND);
    found.retain(|one| !ticked.contains(&one.id));
    let members = store::are_members(conn, id, &found.iter().map(|one| one.id).collect::<Vec<_>>())?;
    Ok(Some(Candidates {
        chosen: people::these(conn, organization, ticked)?,
        found: found.into_iter().map(|who| Candidate { is_member: members.contains(&who.id), who }).collect(),
        are_more,
        may_add: may_grant(permit.actor(), &named_by),
        group,
    }))
}
