//! The list of groups.

use askama::Template;

use super::in_order;
use crate::{
    groups::{
        model::{Listed, Page},
        words,
    },
    web::{SignedIn, page::Shell, url},
};

#[derive(Template)]
#[template(path = "groups/index.html", blocks = ["groups"])]
pub struct GroupsPage {
    frame: Shell,
    typed: String,
    rows: Vec<Row>,
    count: usize,
    summary: String,
    previous: Option<String>,
    next: Option<String>,
    is_lost: bool,
    may_create: bool,
}

pub struct Row {
    href: String,
    name: String,
    description: String,
    is_standard: bool,
    members: String,
    /// The first roles, and how many more there are.
    roles: Vec<String>,
    more: usize,
}

/// More roles than these are only counted.
const MOST_ROLES: usize = 3;

impl GroupsPage {
    pub fn new(person: &SignedIn, typed: String, page: Page) -> Self {
        let address = |name: &str, place: Option<String>| {
            place.map(|place| {
                let search =
                    if typed.is_empty() { String::new() } else { format!("q={}&", url::encoded(&typed)) };
                format!("{}?{search}{name}={place}", url::GROUPS)
            })
        };
        Self {
            frame: person.frame(),
            summary: summary(&page),
            previous: address("before", page.previous),
            next: address("after", page.next),
            count: page.count,
            is_lost: page.is_lost,
            may_create: person.actor.may_do("iam.groups.write"),
            rows: page.groups.into_iter().map(|one| row(person, one)).collect(),
            typed,
        }
    }

    fn found(&self) -> String {
        match (self.count, self.typed.is_empty()) {
            (1, true) => "1 group".to_owned(),
            (many, true) => format!("{many} groups"),
            (0, false) => "No group matches".to_owned(),
            (1, false) => "1 group matches".to_owned(),
            (many, false) => format!("{many} groups match"),
        }
    }
}

fn row(person: &SignedIn, Listed { group, roles }: Listed) -> Row {
    let mut roles = in_order(person.actor.catalogue(), &roles);
    let more = roles.len().saturating_sub(MOST_ROLES);
    roles.truncate(MOST_ROLES);
    Row {
        href: url::group(group.id),
        name: group.name,
        description: group.description,
        is_standard: group.standard,
        members: words::people(group.members),
        roles,
        more,
    }
}

fn summary(page: &Page) -> String {
    match page.groups.len() {
        0 => "0".to_owned(),
        shown => format!("{}–{} of {}", page.before + 1, page.before + shown, page.count),
    }
}
