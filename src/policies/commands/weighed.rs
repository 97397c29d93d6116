//! From what was held before and what is held after to who gains and who loses.

use std::collections::BTreeSet;

use crate::{
    access::{Actor, IAM_ADMIN},
    base::ids::UserId,
    policies::{
        model::{Affected, GroupEffect, PersonEffect, Preview},
        store::Held,
    },
};

/// What a change does to those it touches.
pub fn preview(actor: &Actor, before: &Held, after: &Held) -> Preview {
    let names = |roles: BTreeSet<&String>| -> Vec<String> {
        roles.into_iter().map(|role| actor.catalogue().role_name(role).to_owned()).collect()
    };
    let mut groups: Vec<GroupEffect> = Vec::new();
    for (id, group) in &before.groups {
        let none = BTreeSet::new();
        let then = after.groups.get(id).map_or(&none, |group| &group.roles);
        let (gains, loses) = (then.difference(&group.roles), group.roles.difference(then));
        let (gains, loses) = (names(gains.collect()), names(loses.collect()));
        if !gains.is_empty() || !loses.is_empty() {
            groups.push(GroupEffect {
                id: *id,
                name: group.name.clone(),
                members: group.members,
                gains,
                loses,
            });
        }
    }
    groups.sort_by(|one, other| one.name.cmp(&other.name));
    let mut people: Vec<PersonEffect> = Vec::new();
    for id in &before.named {
        let (had, has) = (before.roles(*id), after.roles(*id));
        let (gains, loses) = (names(has.difference(&had).collect()), names(had.difference(&has).collect()));
        if let (Some(person), false) = (before.persons.get(id), gains.is_empty() && loses.is_empty()) {
            people.push(PersonEffect { id: *id, name: person.shown().to_owned(), gains, loses });
        }
    }
    people.sort_by(|one, other| one.name.cmp(&other.name));
    let lost_admin =
        |had: &BTreeSet<String>, has: &BTreeSet<String>| had.contains(IAM_ADMIN) && !has.contains(IAM_ADMIN);
    let lost_all = |had: &BTreeSet<String>, has: &BTreeSet<String>| !had.is_empty() && has.is_empty();
    Preview {
        more_groups: groups.len().saturating_sub(Preview::MOST_NAMED),
        more_people: people.len().saturating_sub(Preview::MOST_NAMED),
        lose_admin: affected(actor.user(), before, after, lost_admin),
        locked_out: affected(actor.user(), before, after, lost_all),
        groups: groups.into_iter().take(Preview::MOST_NAMED).collect(),
        people: people.into_iter().take(Preview::MOST_NAMED).collect(),
        leaves_nobody: false,
    }
}

/// The Active people, and the groups too large to look at each member, to whom this happens.
fn affected(
    me: Option<UserId>,
    before: &Held,
    after: &Held,
    happens: impl Fn(&BTreeSet<String>, &BTreeSet<String>) -> bool,
) -> Affected {
    let none = BTreeSet::new();
    let mut found = Affected::default();
    let people = before.persons.keys().filter(|id| before.is_active(**id));
    found.ids.extend(people.filter(|id| happens(&before.roles(**id), &after.roles(**id))));
    let names =
        found.ids.iter().filter_map(|id| before.persons.get(id)).map(|person| person.shown().to_owned());
    found.names = names.take(Preview::MOST_NAMED).collect();
    found.is_me = me.is_some_and(|me| found.ids.contains(&me));
    let large = before.groups.iter().filter(|(_, group)| !group.is_seen);
    for (id, group) in large {
        let then = after.groups.get(id).map_or(&none, |group| &group.roles);
        if happens(&group.roles, then) {
            found.groups.push((*id, group.name.clone(), group.members));
        }
    }
    found
}
