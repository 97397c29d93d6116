//! Groups, as a provider pushes them. It gives no roles: policies name groups, and administrators write policies.

use serde_json::Value;

use super::{LAST_ADMINISTRATOR, NOT_ITS_OWN, Provider, find_group, members, must_be};
use crate::{
    access::actions::{ChangeGroup, CreateGroup, DeleteGroup},
    base::ids::ScimGroupId,
    db::{Stop, Tx},
    groups::{self, DeleteRefusal, Description, GroupLabel, NameError, Naming, NamingRefusal},
    scim::{
        model::{GroupSeen, GroupSent, Patch, Refusal},
        store,
    },
};

type Done<T> = Result<T, Stop<Refusal>>;

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
    let group = existing(tx, provider, (id, None))?;
    store::touch_group(tx, group.group, sent.external_id.as_ref())?;
    members::change(tx, provider, &group, &sent.members)?;
    provider.note(
        tx,
        201,
        &name,
        if group.is_linked { "Taken up by the provider." } else { "Group created." },
    )?;
    find_group(tx.conn(), organization, id, true)
}

/// Makes a group what the provider sends, members and all.
pub fn replace(
    tx: &mut Tx<'_>,
    provider: &Provider,
    which: (ScimGroupId, Option<&str>),
    body: &Value,
) -> Done<GroupSeen> {
    let group = existing(tx, provider, which)?;
    let sent = GroupSent::read(body).map_err(Stop::Refused)?;
    change(tx, provider, &group, &sent)
}

/// Changes what the operations name.
pub fn patch(
    tx: &mut Tx<'_>,
    provider: &Provider,
    which: (ScimGroupId, Option<&str>),
    body: &Value,
) -> Done<GroupSeen> {
    let group = existing(tx, provider, which)?;
    let patch = Patch::read(body).map_err(Stop::Refused)?;
    let sent = GroupSent::of_patch(&group, &patch).map_err(Stop::Refused)?;
    change(tx, provider, &group, &sent)
}

/// With this id, and of a version that If-Match names; without its members.
pub fn existing(
    tx: &mut Tx<'_>,
    provider: &Provider,
    (id, if_match): (ScimGroupId, Option<&str>),
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
    let (added, removed) = members::change(tx, provider, group, &sent.members)?;
    if is_renamed || added + removed > 0 || sent.external_id != group.external_id || !group.is_taken_up {
        store::touch_group(tx, group.group, sent.external_id.as_ref())?;
        let words = format!("Group changed: {added} added, {removed} taken out.");
        provider.note(tx, 200, sent.name.as_deref().unwrap_or_default(), &words)?;
    }
    find_group(tx.conn(), organization, group.id, true)
}

/// Lets go of a group. One that the provider made is deleted; from one that an administrator linked, those whom the
/// provider looks after are taken out, and the group stays.
pub fn remove(tx: &mut Tx<'_>, provider: &Provider, which: (ScimGroupId, Option<&str>)) -> Done<()> {
    let group = existing(tx, provider, which)?;
    if group.is_linked {
        members::leave(tx, provider, group.group)?;
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

fn refused(denied: crate::access::Denied) -> Stop<Refusal> {
    Stop::Refused(denied.into())
}
