//! Groups, as a provider pushes them. It gives no roles: policies name groups, and administrators write policies.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{LAST_ADMINISTRATOR, Provider, must_be};
use crate::{
    access::actions::{ChangeGroup, ChangeMembers, CreateGroup, DeleteGroup},
    base::ids::{GroupId, OrganizationId, ScimGroupId, ScimUserId, UserId},
    db::{AnyConnection, Fault, Stop, Tx},
    groups::{
        self, Asked, DeleteRefusal, Description, GroupLabel, MembersRefusal, NameError, Naming, NamingRefusal,
    },
    scim::{
        model::{
            Attribute, Condition, Filter, Found, GroupSeen, GroupSent, MOST_MEMBERS, MemberChange, Operator,
            Patch, Refusal, Window, nobody, unanswered,
        },
        store,
    },
};

type Done<T> = Result<T, Stop<Refusal>>;

/// How many people one command adds or takes out; more are done in steps.
const AT_ONCE: usize = 500;

/// One group; with its members only when they are asked for.
pub fn find(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: ScimGroupId,
    with_members: bool,
) -> Done<GroupSeen> {
    let group = store::group_by_id(conn, organization, id)?.ok_or(Stop::Refused(Refusal::NotFound))?;
    match with_members {
        true => Ok(fill(conn, group)?.map_err(Stop::Refused)?),
        false => Ok(group),
    }
}

/// The same with its members, as far as the provider looks after them.
fn fill(conn: &mut AnyConnection, group: GroupSeen) -> Result<Result<GroupSeen, Refusal>, Fault> {
    let members = store::members_of(conn, group.group, MOST_MEMBERS as i64 + 1)?;
    Ok(match members.len() > MOST_MEMBERS {
        true => Err(Refusal::TooMany(format!(
            "The group has more than {MOST_MEMBERS} members. Ask with excludedAttributes=members."
        ))),
        false => Ok(GroupSeen { members: members.into_iter().map(|(_, member)| member).collect(), ..group }),
    })
}

/// One page of those that the filter finds, in the order in which they came.
pub fn list(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    filter: &Filter,
    window: Window,
    with_members: bool,
) -> Done<Found<GroupSeen>> {
    let mut groups = store::all_groups(conn, organization)?;
    for condition in &filter.0 {
        narrow(conn, organization, &mut groups, condition)?;
    }
    let total = i64::try_from(groups.len()).unwrap_or(i64::MAX);
    let page = groups.into_iter().skip(window.start - 1).take(window.count);
    let mut rows = Vec::new();
    for group in page {
        rows.push(match with_members {
            true => fill(conn, group)?.map_err(Stop::Refused)?,
            false => group,
        });
    }
    Ok(Found { total, rows })
}

fn narrow(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    groups: &mut Vec<GroupSeen>,
    Condition { attribute, operator, value }: &Condition,
) -> Done<()> {
    use crate::base::fold::key;
    match (attribute, operator) {
        (Attribute::Id, Operator::Equal) => groups.retain(|it| it.id.as_str() == value),
        (Attribute::ExternalId, Operator::Equal) => {
            groups.retain(|it| it.external_id.as_ref() == Some(value))
        }
        (Attribute::DisplayName, Operator::Equal) => groups.retain(|it| key(&it.name) == key(value)),
        (Attribute::DisplayName, Operator::StartsWith) => {
            groups.retain(|it| key(&it.name).starts_with(&key(value)));
        }
        (Attribute::DisplayName, Operator::Contains) => {
            groups.retain(|it| key(&it.name).contains(&key(value)))
        }
        (Attribute::Members, Operator::Equal) => {
            let of = match value.parse::<ScimUserId>() {
                Ok(member) => store::of_member(conn, organization, member)?,
                Err(_) => BTreeSet::new(),
            };
            groups.retain(|it| of.contains(&it.group));
        }
        _ => return Err(Stop::Refused(unanswered("Groups are not found by that."))),
    }
    Ok(())
}

/// Pushes a group: a new one, or one of this name that an administrator linked and that the provider did not know yet.
pub fn create(tx: &mut Tx<'_>, provider: &Provider, body: &Value) -> Done<GroupSeen> {
    let sent = GroupSent::read(body).map_err(Stop::Refused)?;
    let organization = provider.actor.organization();
    let label = label(&sent)?;
    let name = label.as_str().to_owned();
    let id = match store::group_of_name(tx.conn(), organization, &label.key())? {
        Some((group, None)) => return Err(Stop::Refused(Refusal::Unlinked { group, name })),
        Some((group, Some(known))) => {
            if !store::take_up(tx, group)? {
                return Err(Stop::Refused(Refusal::Taken(format!("There is a group named “{name}”."))));
            }
            known.id
        }
        None => {
            let permit = provider.actor.may(CreateGroup).map_err(refused)?;
            let naming = Naming { name: label, description: Description::default() };
            let group = groups::create(tx, permit, &naming).map_err(|stop| stop.map(not_named))?;
            let id = ScimGroupId::new();
            store::insert_group(tx, organization, (id, group), sent.external_id.as_ref(), false)?;
            id
        }
    };
    let group = existing(tx, provider, id, None)?;
    store::touch_group(tx, group.group, sent.external_id.as_ref())?;
    change_members(tx, provider, &group, &sent.members)?;
    provider.note(
        tx,
        201,
        &name,
        if group.is_linked { "Taken up by the provider." } else { "Group created." },
    )?;
    find(tx.conn(), organization, id, true)
}

/// Makes a group what the provider sends, members and all.
pub fn replace(
    tx: &mut Tx<'_>,
    provider: &Provider,
    (id, if_match): (ScimGroupId, Option<&str>),
    body: &Value,
) -> Done<GroupSeen> {
    let group = existing(tx, provider, id, if_match)?;
    let sent = GroupSent::read(body).map_err(Stop::Refused)?;
    change(tx, provider, &group, &sent)
}

/// Changes what the operations name.
pub fn patch(
    tx: &mut Tx<'_>,
    provider: &Provider,
    (id, if_match): (ScimGroupId, Option<&str>),
    body: &Value,
) -> Done<GroupSeen> {
    let group = existing(tx, provider, id, if_match)?;
    let patch = Patch::read(body).map_err(Stop::Refused)?;
    let sent = GroupSent::of_patch(&group, &patch).map_err(Stop::Refused)?;
    change(tx, provider, &group, &sent)
}

fn existing(
    tx: &mut Tx<'_>,
    provider: &Provider,
    id: ScimGroupId,
    if_match: Option<&str>,
) -> Done<GroupSeen> {
    let group = store::group_by_id(tx.conn(), provider.actor.organization(), id)?;
    let group = group.ok_or(Stop::Refused(Refusal::NotFound))?;
    must_be(group.version, if_match)?;
    Ok(group)
}

fn change(tx: &mut Tx<'_>, provider: &Provider, group: &GroupSeen, sent: &GroupSent) -> Done<GroupSeen> {
    let organization = provider.actor.organization();
    let label = label(sent)?;
    let is_renamed = label.as_str() != group.name;
    if is_renamed {
        let kept = groups::group(tx.conn(), organization, group.group)?.map(|it| it.description);
        let description = Description::parse(&kept.unwrap_or_default()).unwrap_or_default();
        let permit = provider.actor.may(ChangeGroup { of: group.group }).map_err(refused)?;
        groups::update(tx, permit, &Naming { name: label, description })
            .map_err(|stop| stop.map(not_named))?;
    }
    let (added, removed) = change_members(tx, provider, group, &sent.members)?;
    if is_renamed || added + removed > 0 || sent.external_id != group.external_id || !group.is_taken_up {
        store::touch_group(tx, group.group, sent.external_id.as_ref())?;
        let words = format!("Group changed: {added} added, {removed} taken out.");
        provider.note(tx, 200, sent.name.as_deref().unwrap_or_default(), &words)?;
    }
    find(tx.conn(), organization, group.id, true)
}

/// Does the changes one after the other; returns how many came and how many went.
fn change_members(
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

/// Takes somebody out of every group that the provider looks after.
pub fn leave_all(tx: &mut Tx<'_>, provider: &Provider, user: UserId) -> Done<()> {
    let organization = provider.actor.organization();
    let theirs = store::groups_of(tx.conn(), organization, &[user])?.remove(&user).unwrap_or_default();
    for (id, _) in theirs {
        let group = existing(tx, provider, id, None)?;
        take_out(tx, provider, group.group, &[user])?;
        store::touch_group(tx, group.group, group.external_id.as_ref())?;
    }
    Ok(())
}

/// Lets go of a group. One that the provider made is deleted; from one that an administrator linked, those whom the
/// provider looks after are taken out, and the group stays.
pub fn remove(tx: &mut Tx<'_>, provider: &Provider, (id, if_match): (ScimGroupId, Option<&str>)) -> Done<()> {
    let group = existing(tx, provider, id, if_match)?;
    if group.is_linked {
        let members = store::members_of(tx.conn(), group.group, i64::MAX)?;
        take_out(tx, provider, group.group, &members.into_iter().map(|(user, _)| user).collect::<Vec<_>>())?;
        store::end_group(tx, group.group)?;
        return Ok(provider.note(
            tx,
            204,
            &group.name,
            "Let go of the linked group; its people were taken out.",
        )?);
    }
    let permit = provider.actor.may(DeleteGroup { of: group.group }).map_err(refused)?;
    groups::delete(tx, permit).map_err(|stop| {
        stop.map(|refusal| match refusal {
            DeleteRefusal::NoSuchGroup => Refusal::NotFound,
            DeleteRefusal::Provisioned => Refusal::Forbidden(NOT_ITS_OWN.to_owned()),
            DeleteRefusal::Standard => Refusal::Forbidden("A standard group cannot be deleted.".to_owned()),
            DeleteRefusal::LastAdministrator => Refusal::Forbidden(LAST_ADMINISTRATOR.to_owned()),
        })
    })?;
    Ok(provider.note(tx, 204, &group.name, "Group deleted.")?)
}

const NOT_ITS_OWN: &str = "Another provider settles this group.";

fn label(sent: &GroupSent) -> Done<GroupLabel> {
    GroupLabel::parse(sent.name.as_deref().unwrap_or_default()).map_err(|error| {
        Stop::Refused(Refusal::BadValue(match error {
            NameError::Empty => "displayName is needed.".to_owned(),
            NameError::TooLong(long) => {
                format!("displayName has {long} characters; the name of a group may have 60.")
            }
        }))
    })
}

fn not_named(refusal: NamingRefusal) -> Refusal {
    match refusal {
        NamingRefusal::NoSuchGroup => Refusal::NotFound,
        NamingRefusal::Taken(name) => {
            Refusal::Taken(format!("There is a group named “{name}”, or with a name that looks like it."))
        }
        NamingRefusal::Standard => Refusal::Forbidden("A standard group keeps its name.".to_owned()),
        NamingRefusal::Provisioned => Refusal::Forbidden(NOT_ITS_OWN.to_owned()),
        NamingRefusal::TooMany => {
            Refusal::Forbidden("The organization has as many groups as it may.".to_owned())
        }
    }
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
