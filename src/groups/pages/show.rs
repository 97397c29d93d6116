//! One group: who is in it, what it carries.

use askama::Template;

use super::in_order;
use crate::{
    groups::{
        model::{MemberPlace, Seen},
        words,
    },
    people::{Someone, Status},
    web::{
        SignedIn,
        field::ErrorSummary,
        page::{Shell, hue, initials},
        url, when,
    },
};

#[derive(Template)]
#[template(path = "groups/show.html", blocks = ["members"])]
pub struct GroupPage {
    frame: Shell,
    errors: ErrorSummary,
    name: String,
    description: String,
    is_standard: bool,
    is_provisioned: bool,
    members: Vec<Member>,
    count: i64,
    previous: Option<String>,
    next: Option<String>,
    is_lost: bool,
    policies: Vec<Carried>,
    created: (String, String),
    /// Where those acts lead that whoever looks may do.
    add_href: Option<String>,
    /// Why nobody can be added although members may be changed.
    add_off: Option<&'static str>,
    remove_href: Option<String>,
    edit_href: Option<String>,
    delete_href: Option<String>,
    audit_href: Option<String>,
}

struct Member {
    id: String,
    name: String,
    under: String,
    initials: String,
    hue: u8,
    status: Status,
    href: Option<String>,
    is_me: bool,
}

/// A policy and the names of the roles it gives to the group.
struct Carried {
    policy: String,
    href: Option<String>,
    roles: Vec<String>,
}

impl GroupPage {
    pub fn new(person: &SignedIn, seen: Seen, refused: Option<String>) -> Self {
        let Seen { group, named_by, members, is_lost, may_add, is_provisioned } = seen;
        let may = |action| person.actor.may_do(action);
        let here = url::group(group.id);
        let page =
            |name: &str, at: Option<MemberPlace>| at.map(|at| format!("{here}?{name}={}", at.encode()));
        let may_change_members = may("iam.memberships.write") && !is_provisioned;
        Self {
            frame: person.frame(),
            errors: refused.into_iter().fold(ErrorSummary::default(), |all, words| all.with("", words)),
            previous: page("before", members.previous),
            next: page("after", members.next),
            members: members.people.into_iter().map(|(_, one)| Member::of(person, one)).collect(),
            count: group.members,
            is_lost,
            policies: named_by
                .into_iter()
                .map(|by| Carried {
                    roles: in_order(person.actor.catalogue(), &by.roles),
                    href: may("iam.policies.read").then(|| url::policy(by.policy)),
                    policy: by.name,
                })
                .collect(),
            created: (group.created_at.rfc3339(), when::in_zone(group.created_at, &person.me.time_zone)),
            add_href: (may_change_members && may_add).then(|| url::group_act(group.id, "members")),
            add_off: match (may_change_members, may_add) {
                (true, true) => None,
                (true, false) => Some(words::MORE_THAN_OWN),
                (false, _) if is_provisioned => Some(words::PROVISIONED),
                (false, _) => Some(words::NO_RIGHT),
            },
            remove_href: may_change_members.then(|| url::group_act(group.id, "remove")),
            edit_href: may("iam.groups.write").then(|| url::group_act(group.id, "edit")),
            delete_href: (may("iam.groups.write") && !group.standard && !is_provisioned)
                .then(|| url::group_act(group.id, "delete")),
            audit_href: may("iam.audit.read").then(|| url::audit_of("group", group.id)),
            is_standard: group.standard,
            is_provisioned,
            name: group.name,
            description: group.description,
        }
    }

    fn edit_label(&self) -> &'static str {
        if self.is_standard || self.is_provisioned { "Describe" } else { "Rename" }
    }

    fn count_words(&self) -> String {
        words::people(self.count)
    }
}

impl Member {
    fn of(person: &SignedIn, one: Someone) -> Self {
        let name = one.shown().to_owned();
        Self {
            initials: initials(&name),
            hue: hue(one.id.as_str()),
            href: person.actor.may_do("iam.users.read").then(|| url::user(one.id)),
            is_me: one.id == person.me.id,
            status: one.status,
            under: if one.name.is_empty() { String::new() } else { one.email },
            id: one.id.to_string(),
            name,
        }
    }

    fn is_invited(&self) -> bool {
        self.status == Status::Invited
    }
}
