//! The editor: name, description, a card for each rule, and what saving would do.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use super::audit_href;
use super::preview::PreviewPart;
use crate::{
    access::Catalogue,
    groups::GroupName,
    people::Someone,
    policies::{
        forms::{CardDraft, PolicyDraft, PolicyErrors},
        model::{
            Difference, LONGEST_DESCRIPTION, MOST_CHARACTERS, Policy, Preview, Rule, WantedRule, Workbench,
        },
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
#[template(path = "policies/editor.html", blocks = ["editor"])]
pub struct EditorPage {
    frame: Shell,
    title: String,
    action: String,
    is_standard: bool,
    name: Field,
    description: Field,
    shown_description: String,
    version: String,
    agreed: String,
    cards: Vec<Card>,
    errors: ErrorSummary,
    preview: Option<PreviewPart>,
    needs_agreement: bool,
    changed: Option<ChangedPart>,
    /// What the last button did, for those who hear the page.
    said: String,
    is_kept: bool,
    delete_href: Option<String>,
    audit_href: Option<String>,
    groups_are_few: bool,
}

/// What an answer of the editor shows besides the form itself.
#[derive(Default)]
pub struct Shown {
    pub errors: PolicyErrors,
    pub preview: Option<Preview>,
    /// The preview came because somebody pressed Save.
    pub needs_agreement: bool,
    pub changed: Option<Changed>,
    pub said: String,
    pub is_kept: bool,
}

/// The policy as somebody else has made it meanwhile, and how it differs from what is in the form.
pub struct Changed {
    pub difference: Difference,
    /// The names of whom the stored rules name.
    pub stored: Policy,
}

struct Card {
    key: String,
    number: usize,
    users: Vec<Choice>,
    groups: Vec<Choice>,
    roles: Vec<Choice>,
    role_names: Vec<String>,
    people_like: String,
    groups_like: String,
    people_note: String,
    groups_note: String,
    principals_error: Option<String>,
    roles_error: Option<String>,
}

struct Choice {
    id: String,
    label: String,
    note: String,
    is_on: bool,
}

struct ChangedPart {
    words: Vec<(String, String, String)>,
    only_stored: Vec<String>,
    only_wanted: Vec<String>,
}

impl EditorPage {
    pub fn new(
        person: &SignedIn,
        stored: Option<&Policy>,
        draft: &PolicyDraft,
        bench: &Workbench,
        shown: Shown,
    ) -> Self {
        let (catalogue, errors) = (person.actor.catalogue(), &shown.errors);
        let is_standard = stored.is_some_and(|policy| policy.is_standard);
        let name = Field::text("name", "Name").value(&draft.name).maxlength(MOST_CHARACTERS as u32);
        let name = name.error(errors.name.clone()).autocomplete("off");
        let description = Field::textarea("description", "Description").value(&draft.description).optional();
        let description = description.maxlength(LONGEST_DESCRIPTION as u32).error(errors.description.clone());
        let cards: Vec<Card> = draft
            .cards
            .iter()
            .enumerate()
            .map(|(place, draft)| card(catalogue, (place, draft), stored_rule(stored, draft), bench, errors))
            .collect();
        Self {
            frame: person.frame(),
            title: stored.map_or_else(|| "Create policy".to_owned(), |policy| policy.name.clone()),
            action: stored.map_or_else(|| url::POLICY_CREATE.to_owned(), |policy| url::policy(policy.id)),
            is_standard,
            errors: summary(errors, [&name, &description], &cards),
            name,
            description,
            shown_description: draft.description.clone(),
            version: draft.version.clone(),
            agreed: shown.preview.as_ref().map_or_else(|| draft.agreed.clone(), Preview::digest),
            cards,
            preview: shown.preview.as_ref().map(PreviewPart::of),
            needs_agreement: shown.needs_agreement,
            changed: shown.changed.map(|changed| changed_part(catalogue, &changed, bench)),
            said: shown.said,
            is_kept: shown.is_kept,
            audit_href: stored.and_then(|policy| audit_href(person, policy.id)),
            delete_href: stored.filter(|_| !is_standard).map(|policy| url::delete_policy(policy.id)),
            groups_are_few: bench.all_groups.is_some(),
        }
    }
}

fn summary(errors: &PolicyErrors, fields: [&Field; 2], cards: &[Card]) -> ErrorSummary {
    let mut summary = ErrorSummary::default();
    for words in &errors.whole {
        summary = summary.with("", words.as_str());
    }
    for field in fields {
        if let Some(words) = &field.error {
            summary = summary.with(&field.id, words.as_str());
        }
    }
    for card in cards {
        if let Some(words) = &card.principals_error {
            summary = summary.with(&format!("users-{}", card.key), words.as_str());
        }
        if let Some(words) = &card.roles_error {
            summary = summary.with(&format!("roles-{}", card.key), words.as_str());
        }
    }
    summary
}

fn stored_rule<'a>(stored: Option<&'a Policy>, draft: &CardDraft) -> Option<&'a Rule> {
    stored?.rules.iter().find(|rule| rule.id.as_str() == draft.key)
}

/// Whoever is stored and not ticked any more is still offered.
fn card(
    catalogue: &Catalogue,
    (place, draft): (usize, &CardDraft),
    stored: Option<&Rule>,
    bench: &Workbench,
    errors: &PolicyErrors,
) -> Card {
    let empty = Default::default();
    let heard = bench.found.get(&place).unwrap_or(&empty);
    let note = |found: usize, are_more: bool, typed: &str, nobody: &str| match (typed.is_empty(), found) {
        (true, _) => String::new(),
        (false, 0) => format!("{nobody} “{typed}”."),
        (false, many) if are_more => format!("The first {many} are shown; type more to narrow."),
        (false, many) => format!("{many} found."),
    };
    let chosen = draft.users.iter().filter_map(|id| id.parse().ok()).filter_map(|id| bench.people.get(&id));
    let mut chosen: Vec<&Someone> = chosen.collect();
    chosen.sort_by_key(|person| person.shown().to_lowercase());
    let unticked = stored.map(|rule| rule.users.as_slice()).unwrap_or_default();
    let found = heard.people.iter().filter(|person| unticked.iter().all(|it| it.id != person.id));
    let others = unticked.iter().chain(found).filter(|person| !draft.users.contains(person.id.as_str()));
    let users = chosen.into_iter().map(|it| of_person(it, true)).chain(others.map(|it| of_person(it, false)));
    Card {
        key: draft.key.clone(),
        number: place + 1,
        users: users.collect(),
        groups: groups(draft, stored, bench, &heard.groups),
        roles: roles(catalogue, &draft.roles),
        role_names: draft.roles.iter().map(|role| catalogue.role_name(role).to_owned()).collect(),
        people_note: note(heard.people.len(), heard.are_more_people, &draft.people_like, "Nobody matches"),
        groups_note: note(heard.groups.len(), heard.are_more_groups, &draft.groups_like, "No group matches"),
        people_like: draft.people_like.clone(),
        groups_like: draft.groups_like.clone(),
        principals_error: errors.principals.get(&place).cloned(),
        roles_error: errors.roles.get(&place).cloned(),
    }
}

fn of_person(person: &Someone, is_on: bool) -> Choice {
    use crate::people::Status;
    let status = match person.status {
        Status::Active => "",
        Status::Invited => " · invited",
        Status::Deactivated => " · deactivated",
    };
    let under = if person.name.is_empty() { "" } else { &person.email };
    let note = format!("{under}{status}");
    Choice {
        id: person.id.to_string(),
        label: person.shown().to_owned(),
        note: note.trim_start_matches(" · ").to_owned(),
        is_on,
    }
}

/// All groups when they are few; otherwise those that are chosen, then those that were found.
fn groups(draft: &CardDraft, stored: Option<&Rule>, bench: &Workbench, found: &[GroupName]) -> Vec<Choice> {
    let choice = |group: &GroupName| Choice {
        is_on: draft.groups.contains(group.id.as_str()),
        id: group.id.to_string(),
        label: group.name.clone(),
        note: String::new(),
    };
    match &bench.all_groups {
        Some(all) => all.iter().map(choice).collect(),
        None => {
            let chosen =
                draft.groups.iter().filter_map(|id| id.parse().ok()).filter_map(|id| bench.groups.get(&id));
            let unticked = stored.map(|rule| rule.groups.as_slice()).unwrap_or_default();
            let found = found.iter().filter(|group| unticked.iter().all(|it| it.id != group.id));
            let others =
                unticked.iter().chain(found).filter(|group| !draft.groups.contains(group.id.as_str()));
            chosen.chain(others).map(choice).collect()
        }
    }
}

/// Every role of the catalogue, and those that are given and not described any more.
fn roles(catalogue: &Catalogue, given: &BTreeSet<String>) -> Vec<Choice> {
    let choice = |id: &str, note: &str| Choice {
        is_on: given.contains(id),
        id: id.to_owned(),
        label: catalogue.role_name(id).to_owned(),
        note: note.to_owned(),
    };
    let described = catalogue.roles().iter().map(|role| choice(&role.id, ""));
    let gone = given.iter().filter(|role| catalogue.role(role).is_none());
    described.chain(gone.map(|role| choice(role, "Not described any more; it gives nothing"))).collect()
}

fn changed_part(catalogue: &Catalogue, changed: &Changed, bench: &Workbench) -> ChangedPart {
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    names.extend(bench.people.values().map(|person| (person.id.to_string(), person.shown().to_owned())));
    names.extend(bench.groups.values().map(|group| (group.id.to_string(), format!("group {}", group.name))));
    for rule in &changed.stored.rules {
        names.extend(rule.users.iter().map(|person| (person.id.to_string(), person.shown().to_owned())));
        names.extend(rule.groups.iter().map(|group| (group.id.to_string(), format!("group {}", group.name))));
    }
    let difference = &changed.difference;
    let pair =
        |label: &str, (stored, wanted): &(String, String)| (label.to_owned(), stored.clone(), wanted.clone());
    let name = difference.name.as_ref().map(|both| pair("Name", both));
    let description = difference.description.as_ref().map(|both| pair("Description", both));
    let told = |rules: &[WantedRule]| rules.iter().map(|rule| told(catalogue, rule, &names)).collect();
    ChangedPart {
        words: name.into_iter().chain(description).collect(),
        only_stored: told(&difference.only_stored),
        only_wanted: told(&difference.only_wanted),
    }
}

/// `CKS Admin for Ada Lovelace and group write`; of many the first five.
fn told(catalogue: &Catalogue, rule: &WantedRule, names: &BTreeMap<String, String>) -> String {
    const MOST: usize = 5;
    let roles: Vec<&str> = rule.roles.iter().map(|role| catalogue.role_name(role)).collect();
    let ids = rule.users.iter().map(|id| id.to_string()).chain(rule.groups.iter().map(|id| id.to_string()));
    let ids: Vec<String> = ids.collect();
    let mut principals: Vec<String> = ids.iter().filter_map(|id| names.get(id).cloned()).collect();
    principals.sort();
    principals.truncate(MOST);
    let roles = if roles.is_empty() { "No role".to_owned() } else { roles.join(", ") };
    match ids.len() {
        0 => format!("{roles} for nobody"),
        many => format!("{roles} for {}", words::listed(&principals, many as u64)),
    }
}
