//! Changing who is in which group.

use std::collections::BTreeSet;

use serde_json::json;

use crate::{
    access::{Permit, actions::ChangeMemberships, hold_last_administrator, roles_of_groups},
    audit,
    base::ids::GroupId,
    db::{Stop, Tx},
    groups::store,
};

/// These shall be the groups of the person; `version` is that of the page it was decided on.
#[derive(Clone, Debug)]
pub struct Change {
    pub groups: BTreeSet<GroupId>,
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeRefusal {
    /// There is no such person in this organization.
    NoSuchPerson,
    /// Somebody changed the person since the page was made.
    Stale,
    /// A group that does not exist, or not any more.
    NoSuchGroup,
    /// The groups carry roles that whoever asks does not hold.
    MoreThanOwn,
    /// An identity provider settles who is in one of the groups.
    Provisioned,
    LastAdministrator,
}

/// Makes these the groups of an invited or accepted person.
pub fn change_memberships(
    tx: &mut Tx<'_>,
    permit: Permit<ChangeMemberships>,
    change: &Change,
) -> Result<(), Stop<ChangeRefusal>> {
    let (organization, user) = (permit.organization(), permit.target().of);
    let version = store::version_of(tx.conn(), organization, user)?;
    let version = version.ok_or(Stop::Refused(ChangeRefusal::NoSuchPerson))?;
    if version != change.version {
        return Err(Stop::Refused(ChangeRefusal::Stale));
    }
    let all = roles_of_groups(tx.conn(), organization)?;
    if change.groups.iter().any(|wanted| !all.iter().any(|group| group.id == *wanted)) {
        return Err(Stop::Refused(ChangeRefusal::NoSuchGroup));
    }
    let before = store::of_people(tx.conn(), organization, &[user])?.remove(&user).unwrap_or_default();
    let pushed = store::provisioned(tx.conn(), organization)?;
    let is_changed =
        |group: &GroupId| change.groups.contains(group) != before.iter().any(|it| it.id == *group);
    if pushed.iter().any(is_changed) {
        return Err(Stop::Refused(ChangeRefusal::Provisioned));
    }
    let added = all.iter().filter(|g| change.groups.contains(&g.id) && !before.iter().any(|b| b.id == g.id));
    if !permit.actor().may_grant(added.flat_map(|group| group.roles.iter().map(String::as_str))) {
        return Err(Stop::Refused(ChangeRefusal::MoreThanOwn));
    }
    store::set_memberships(tx, organization, user, &change.groups)?;
    hold_last_administrator(tx, organization)
        .map_err(|stop| stop.map(|_| ChangeRefusal::LastAdministrator))?;
    let names =
        |groups: Vec<store::GroupName>| groups.into_iter().map(|group| group.name).collect::<Vec<_>>();
    let after = store::of_people(tx.conn(), organization, &[user])?.remove(&user).unwrap_or_default();
    let line = audit::Line {
        action: permit.name(),
        target: audit::Target::user(user),
        before: json!({ "groups": names(before) }),
        after: json!({ "groups": names(after) }),
    };
    Ok(audit::record(tx, organization, &permit.actor().into(), line)?)
}
