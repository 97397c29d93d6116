//! The list of policies.

use askama::Template;

use crate::{
    access::{
        Catalogue,
        actions::{Action, CreatePolicy},
    },
    policies::{
        model::{Cursor, Listed, Looked, View},
        words,
    },
    web::{SignedIn, page::Shell, url, when},
};

#[derive(Template)]
#[template(path = "policies/index.html", blocks = ["policies"])]
pub struct PoliciesPage {
    frame: Shell,
    view: View,
    rows: Vec<Row>,
    found: String,
    summary: String,
    previous: Option<String>,
    next: Option<String>,
    may_change: bool,
}

struct Row {
    name: String,
    description: String,
    is_standard: bool,
    href: String,
    delete_href: String,
    count: String,
    rules: Vec<RuleLine>,
    more_rules: u64,
    at: String,
    when: String,
}

/// A rule in two lines: what it gives, and to whom.
struct RuleLine {
    roles: String,
    groups: Vec<String>,
    people: String,
}

impl PoliciesPage {
    pub fn new(person: &SignedIn, view: View, looked: Looked) -> Self {
        let path = |cursor: Option<&Cursor>, name| cursor.map(|cursor| address(&view, Some((name, cursor))));
        let row = |policy: Listed| row(person.actor.catalogue(), policy, &person.me.time_zone);
        let count = u64::try_from(looked.count).unwrap_or(0);
        Self {
            frame: person.frame(),
            found: found(&view, count),
            summary: match count {
                1 => "1 policy".to_owned(),
                many => format!("{} policies", words::number(many)),
            },
            previous: path(looked.previous.as_ref(), "before"),
            next: path(looked.next.as_ref(), "after"),
            may_change: person.actor.may_do(CreatePolicy::NAME),
            rows: looked.policies.into_iter().map(row).collect(),
            view,
        }
    }
}

fn address(view: &View, place: Option<(&str, &Cursor)>) -> String {
    let search = Some(("q", view.typed.clone())).filter(|(_, typed)| !typed.is_empty());
    let place = place.map(|(name, cursor)| (name, cursor.encode()));
    let pairs: Vec<_> = search
        .into_iter()
        .chain(place)
        .map(|(name, value)| format!("{name}={}", url::encoded(&value)))
        .collect();
    if pairs.is_empty() { url::POLICIES.to_owned() } else { format!("{}?{}", url::POLICIES, pairs.join("&")) }
}

fn found(view: &View, count: u64) -> String {
    match (view.typed.is_empty(), count) {
        (_, 0) => "No policy matches".to_owned(),
        (true, 1) => "1 policy".to_owned(),
        (true, many) => format!("{} policies", words::number(many)),
        (false, 1) => "1 policy matches".to_owned(),
        (false, many) => format!("{} policies match", words::number(many)),
    }
}

fn row(catalogue: &Catalogue, policy: Listed, zone: &str) -> Row {
    let count = u64::try_from(policy.count).unwrap_or(0);
    let line = |rule: crate::policies::model::ListedRule| RuleLine {
        roles: rule.roles.iter().map(|role| catalogue.role_name(role)).collect::<Vec<_>>().join(", "),
        groups: rule.groups,
        people: match rule.people_count {
            0 => String::new(),
            many => words::listed(&rule.people, u64::try_from(many).unwrap_or(0)),
        },
    };
    Row {
        href: url::policy(policy.id),
        delete_href: url::delete_policy(policy.id),
        count: words::rules(count),
        more_rules: count.saturating_sub(policy.rules.len() as u64),
        at: policy.updated_at.rfc3339(),
        when: when::in_zone(policy.updated_at, zone),
        name: policy.name,
        description: policy.description,
        is_standard: policy.is_standard,
        rules: policy.rules.into_iter().map(line).collect(),
    }
}
