//! The catalogue by service, and the form that asks.

use askama::Template;

use super::{AbilitiesPart, AnswerPart, HoldersPart, actions};
use crate::{
    access::{Actor, Catalogue, Role},
    roles::{
        model::{Found, Overview, Question},
        words,
    },
    web::{
        SignedIn,
        field::{ErrorSummary, Field},
        page::Shell,
        url,
    },
};

#[derive(Template)]
#[template(path = "roles/index.html")]
pub struct RolesPage {
    frame: Shell,
    errors: ErrorSummary,
    person: Field,
    action: Field,
    actions: Vec<String>,
    may_ask: bool,
    reply: Option<Reply>,
    services: Vec<Section>,
}

/// What was asked, and the answer to it.
enum Reply {
    May(AnswerPart),
    Abilities { name: String, not_active: Option<String>, part: AbilitiesPart },
    Who { action: String, part: HoldersPart },
}

struct Section {
    id: String,
    name: String,
    roles: Vec<Entry>,
}

struct Entry {
    href: String,
    name: String,
    is_built_in: bool,
    /// What of the service and of others it contains.
    actions: Vec<String>,
    summary: String,
    held: String,
}

impl RolesPage {
    pub fn new(person: &SignedIn, question: &Question, found: Found, overview: &Overview) -> Self {
        let catalogue = person.actor.catalogue();
        let (mut no_person, mut no_action) = (None, None);
        match &found {
            Found::NotAnAddress => no_person = Some(words::NOT_AN_ADDRESS),
            Found::NoSuchPerson => no_person = Some(words::NO_SUCH_PERSON),
            Found::NoSuchAction => no_action = Some(words::NO_SUCH_ACTION),
            _ => {}
        }
        let who = Field::text("person", "Person")
            .value(&question.person)
            .error(no_person)
            .hint("Their address; left empty, the answer is who may do the action.")
            .autocomplete("off")
            .optional();
        let action = Field::text("action", "Action")
            .value(&question.action)
            .error(no_action)
            .hint("Such as cks.clusters.create; left empty, the answer is all that the person may do.")
            .autocomplete("off")
            .optional();
        Self {
            frame: person.frame(),
            errors: ErrorSummary::of([&who, &action]),
            person: who,
            action,
            actions: actions(catalogue),
            may_ask: person.actor.may_do("iam.access.check"),
            reply: reply(&person.actor, &person.me.time_zone, question, found),
            services: sections(catalogue, overview),
        }
    }

    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }
}

fn reply(actor: &Actor, zone: &str, question: &Question, found: Found) -> Option<Reply> {
    match found {
        Found::Person(explained) if question.action.is_empty() => Some(Reply::Abilities {
            name: explained.who.shown().to_owned(),
            not_active: words::not_active(&explained.who),
            part: AbilitiesPart::new(actor, &explained),
        }),
        Found::Person(explained) => {
            Some(Reply::May(AnswerPart::new(actor, zone, &explained, &question.action)))
        }
        Found::Holders(holders) => Some(Reply::Who {
            action: question.action.clone(),
            part: HoldersPart::new(actor, zone, holders, false),
        }),
        Found::Nothing | Found::NotAnAddress | Found::NoSuchPerson | Found::NoSuchAction => None,
    }
}

fn sections(catalogue: &Catalogue, overview: &Overview) -> Vec<Section> {
    let of = |service: &crate::access::Service| Section {
        id: format!("service-{}", service.id),
        name: service.name.clone(),
        roles: catalogue
            .roles()
            .iter()
            .filter(|role| role.service == service.id)
            .map(|role| entry(role, overview))
            .collect(),
    };
    catalogue.services().iter().map(of).filter(|section| !section.roles.is_empty()).collect()
}

fn entry(role: &Role, overview: &Overview) -> Entry {
    Entry {
        href: url::role(&role.id),
        name: role.name.clone(),
        is_built_in: role.is_built_in,
        actions: role.actions.iter().cloned().collect(),
        summary: words::number_of(role.actions.len(), "action", "actions"),
        held: held(role, overview),
    }
}

/// `Held through the groups admin and write, and by 2 people by name`.
fn held(role: &Role, overview: &Overview) -> String {
    let mut groups: Vec<&str> =
        overview.groups.iter().filter(|it| it.role == role.id).map(|it| it.name.as_str()).collect();
    groups.dedup();
    let (by_name, for_a_time) = overview.counts.get(&role.id).copied().unwrap_or_default();
    let count = |count: i64| words::number_of(usize::try_from(count).unwrap_or(0), "person", "people");
    let mut parts = Vec::new();
    match groups.as_slice() {
        [] => {}
        [one] => parts.push(format!("through the group {one}")),
        [one, other] => parts.push(format!("through the groups {one} and {other}")),
        [one, other, more @ ..] => {
            parts.push(format!("through the groups {one}, {other} and {} more", more.len()));
        }
    }
    if by_name > 0 {
        parts.push(format!("by {} by name", count(by_name)));
    }
    if for_a_time > 0 {
        parts.push(format!("by {} for a time", count(for_a_time)));
    }
    match parts.is_empty() {
        true => "Held by nobody".to_owned(),
        false => format!("Held {}", parts.join(", ")),
    }
}
