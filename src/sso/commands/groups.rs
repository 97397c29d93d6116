//! The groups of whoever comes by single sign-on follow what the provider says, as far as they are mapped.

use std::collections::BTreeSet;

use serde_json::json;

use crate::{
    access::{Origin, hold_last_administrator},
    audit::{self, By, Line, Target},
    base::ids::{GroupId, UserId},
    db::{Fault, Stop, Tx},
    groups::{self, GroupName},
    sso::model::{Connection, Vouched},
};

/// Puts a person into the mapped groups that the provider names and takes them out of the mapped ones that it does not.
/// Others stay. What would leave nobody to administer the organization is not done, and that is written down.
pub fn follow(
    tx: &mut Tx<'_>,
    connection: &Connection,
    user: UserId,
    vouched: &Vouched,
    origin: &Origin,
) -> Result<(), Fault> {
    let Some(claimed) = &vouched.groups else { return Ok(()) };
    let organization = connection.organization;
    let before = groups::of_people(tx.conn(), organization, &[user])?.remove(&user).unwrap_or_default();
    let had: BTreeSet<GroupId> = before.iter().map(|group| group.id).collect();
    let wanted = wanted(connection, &had, claimed);
    if wanted == had {
        return Ok(());
    }
    groups::set_memberships(tx, organization, user, &wanted)?;
    let is_kept = match hold_last_administrator(tx, organization) {
        Ok(()) => false,
        Err(Stop::Refused(_)) => {
            groups::set_memberships(tx, organization, user, &had.union(&wanted).copied().collect())?;
            true
        }
        Err(Stop::Fault(fault)) => return Err(fault),
    };
    let after = groups::of_people(tx.conn(), organization, &[user])?.remove(&user).unwrap_or_default();
    let mut told = json!({ "groups": names(&after) });
    if is_kept {
        told["why"] = "nobody else could administer the organization, so no group was taken away".into();
    }
    let line = Line {
        action: "sso.memberships",
        target: Target::user(user),
        before: json!({ "groups": names(&before) }),
        after: told,
    };
    audit::record(tx, organization, &By::person(user, origin.clone()), line)
}

/// The groups of somebody who had these, by what is claimed.
pub fn wanted(connection: &Connection, had: &BTreeSet<GroupId>, claimed: &[String]) -> BTreeSet<GroupId> {
    let (mut mapped, mut named) = (BTreeSet::new(), BTreeSet::new());
    for it in &connection.mapping {
        mapped.insert(it.group);
        if claimed.contains(&it.value) {
            named.insert(it.group);
        }
    }
    had.difference(&mapped).copied().chain(named).collect()
}

fn names(groups: &[GroupName]) -> Vec<&str> {
    groups.iter().map(|group| group.name.as_str()).collect()
}
