//! A policy for those who may only look.

use askama::Template;

use super::audit_href;
use crate::{
    policies::{model::Policy, words},
    web::{SignedIn, page::Shell, url},
};

#[derive(Template)]
#[template(path = "policies/show.html")]
pub struct PolicyPage {
    frame: Shell,
    name: String,
    description: String,
    is_standard: bool,
    rules: Vec<RuleShown>,
    audit_href: Option<String>,
}

struct RuleShown {
    number: usize,
    users: Vec<(String, String)>,
    groups: Vec<(String, String)>,
    roles: Vec<(String, String)>,
}

impl PolicyPage {
    pub fn new(person: &SignedIn, policy: Policy) -> Self {
        let catalogue = person.actor.catalogue();
        let rule = |(place, rule): (usize, crate::policies::model::Rule)| RuleShown {
            number: place + 1,
            users: rule.users.iter().map(|it| (url::user(it.id), it.shown().to_owned())).collect(),
            groups: rule.groups.into_iter().map(|group| (url::group(group.id), group.name)).collect(),
            roles: rule
                .roles
                .iter()
                .map(|role| (url::role(role), catalogue.role_name(role).to_owned()))
                .collect(),
        };
        Self {
            frame: person.frame(),
            rules: policy.rules.into_iter().enumerate().map(rule).collect(),
            audit_href: audit_href(person, policy.id),
            name: policy.name,
            description: policy.description,
            is_standard: policy.is_standard,
        }
    }

    fn no_right(&self) -> &'static str {
        words::NO_RIGHT
    }
}
