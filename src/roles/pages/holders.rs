//! Who holds roles, and through what.

use askama::{Template, filters::HtmlSafe};

use crate::{
    access::{Actor, HeldBy},
    base::ids::PolicyId,
    roles::{model::Holders, words},
    web::{shell::shown_name, url, when},
};

#[derive(Template)]
#[template(path = "roles/holders.html")]
pub struct HoldersPart {
    groups: Vec<Line>,
    people: Vec<Line>,
    are_more: bool,
}

impl HtmlSafe for HoldersPart {}

struct Line {
    name: String,
    href: Option<String>,
    /// Through what, with which role, for how many; the policy in the middle, with its page.
    note: String,
    policy: Option<(String, Option<String>)>,
    after: String,
}

impl HoldersPart {
    /// With the name of the role on each line when there may be several.
    pub fn new(actor: &Actor, zone: &str, holders: Holders, is_of_one: bool) -> Self {
        let with = |role: &str| match is_of_one {
            true => String::new(),
            false => format!("{}, ", actor.catalogue().role_name(role)),
        };
        let (may_read_groups, may_read_users) =
            (actor.may_do("iam.groups.read"), actor.may_do("iam.users.read"));
        let policy = |id: PolicyId, name: String| {
            Some((name, actor.may_do("iam.policies.read").then(|| url::policy(id))))
        };
        let groups = holders.groups.into_iter().map(|it| Line {
            href: may_read_groups.then(|| url::group(it.group)),
            note: format!("{}by the access policy ", with(&it.role)),
            policy: policy(it.policy, it.policy_name),
            after: format!(
                " · {}",
                words::number_of(usize::try_from(it.members).unwrap_or(0), "member", "members")
            ),
            name: it.name,
        });
        let people = holders.people.into_iter().map(|it| {
            let (by, policy) = match it.by {
                HeldBy::Policy { policy: id, policy_name } => {
                    ("by the access policy ".to_owned(), policy(id, policy_name))
                }
                HeldBy::Request { until } => {
                    (format!("by an approved request, until {}", when::in_zone(until, zone)), None)
                }
            };
            Line {
                href: may_read_users.then(|| url::user(it.user)),
                note: format!("{}{by}", with(&it.role)),
                policy,
                after: if it.is_active { String::new() } else { " · not active".to_owned() },
                name: shown_name(&it.name, &it.email).to_owned(),
            }
        });
        Self { groups: groups.collect(), people: people.collect(), are_more: holders.are_more }
    }

    fn is_nobody(&self) -> bool {
        self.groups.is_empty() && self.people.is_empty()
    }
}
