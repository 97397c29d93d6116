//! Who is in the groups that a provider looks after.

use std::collections::{BTreeMap, BTreeSet};

use super::{LAST_ADMINISTRATOR, NOT_ITS_OWN, Provider, groups::existing};
use crate::{
    access::actions::ChangeMembers,
    base::ids::{GroupId, ScimUserId, UserId},
    db::{Stop, Tx},
    groups::{self, Asked, MembersRefusal},
    scim::{
        model::{GroupSeen, MemberChange, Refusal, nobody},
        store,
    },
};

type Done<T> = Result<T, Stop<Refusal>>;

/// How many people one command adds or takes out; more are done in steps.
const AT_ONCE: usize = 500;

/// Does the changes one after the other; returns how many came and how many went.
pub fn change(
    tx: &mut Tx<'_>,
    provider: &Provider,
    group: &GroupSeen,
    changes: &[MemberChange],
) -> Done<(usize, usize)> {
    let before: BTreeMap<ScimUserId, UserId> = match changes.is_empty() {
        true => return Ok((0, 0)),
        false => {
            let all = store::members_of(tx.conn(), group.group, i64::MAX)?;
            all.into_iter().map(|(user, member)| (member.id, user)).collect()
        }
    };
    let mut are: BTreeSet<ScimUserId> = before.keys().copied().collect();
    for change in changes {
        match change {
            MemberChange::Add(ids) => are.extend(ids),
            MemberChange::Remove(ids) => are.retain(|id| !ids.contains(id)),
            MemberChange::Are(ids) => are.clone_from(ids),
        }
    }
    let came: Vec<ScimUserId> = are.iter().filter(|id| !before.contains_key(id)).copied().collect();
    let known = store::users_of(tx.conn(), provider.actor.organization(), &came)?;
    if let Some(stranger) = came.iter().find(|id| !known.contains_key(id)) {
        return Err(Stop::Refused(nobody(stranger.as_str())));
    }
    let went = before.iter().filter(|(id, _)| !are.contains(id)).map(|(_, user)| *user);
    let went: Vec<UserId> = went.collect();
    add(tx, provider, group.group, &known.into_values().collect::<Vec<_>>())?;
    take_out(tx, provider, group.group, &went)?;
    Ok((came.len(), went.len()))
}

fn add(tx: &mut Tx<'_>, provider: &Provider, of: GroupId, people: &[UserId]) -> Done<()> {
    for people in people.chunks(AT_ONCE) {
        let permit = provider.actor.may(ChangeMembers { of }).map_err(refused)?;
        let asked = Asked { people: people.to_vec(), addresses: Vec::new() };
        groups::add_members(tx, permit, &asked).map_err(|stop| stop.map(not_members))?;
    }
    Ok(())
}

fn take_out(tx: &mut Tx<'_>, provider: &Provider, of: GroupId, people: &[UserId]) -> Done<()> {
    for people in people.chunks(AT_ONCE) {
        let permit = provider.actor.may(ChangeMembers { of }).map_err(refused)?;
        groups::remove_members(tx, permit, people).map_err(|stop| stop.map(not_members))?;
    }
    Ok(())
}

/// Takes out of a group all whom the provider looks after.
pub fn leave(tx: &mut Tx<'_>, provider: &Provider, group: GroupId) -> Done<()> {
    let members = store::members_of(tx.conn(), group, i64::MAX)?;
    take_out(tx, provider, group, &members.into_iter().map(|(user, _)| user).collect::<Vec<_>>())
}

/// Takes somebody out of every group that the provider looks after.
pub fn leave_all(tx: &mut Tx<'_>, provider: &Provider, user: UserId) -> Done<()> {
    let organization = provider.actor.organization();
    let theirs = store::groups_of(tx.conn(), organization, &[user])?.remove(&user).unwrap_or_default();
    for (id, _) in theirs {
        let group = existing(tx, provider, (id, None))?;
        take_out(tx, provider, group.group, &[user])?;
        store::touch_group(tx, group.group, group.external_id.as_ref())?;
    }
    Ok(())
}

fn not_members(refusal: MembersRefusal) -> Refusal {
    match refusal {
        MembersRefusal::NoSuchGroup => Refusal::NotFound,
        MembersRefusal::NoSuchPerson | MembersRefusal::UnknownAddresses(_) => {
            Refusal::BadValue("A member is not in this organization.".to_owned())
        }
        MembersRefusal::Provisioned => Refusal::Forbidden(NOT_ITS_OWN.to_owned()),
        MembersRefusal::MoreThanOwn => {
            Refusal::Forbidden("The group carries roles that cannot be given.".to_owned())
        }
        MembersRefusal::LastAdministrator => Refusal::Forbidden(LAST_ADMINISTRATOR.to_owned()),
    }
}

fn refused(denied: crate::access::Denied) -> Stop<Refusal> {
    Stop::Refused(denied.into())
}
