//! The list: search, filters and pages, all of it in the address.

use askama::Template;

use super::Told;
use crate::{
    audit::{
        model::{Looked, Meant, Party, Slice, View},
        words::{self, Row},
        words_of_actions::{ACTIONS, Words},
    },
    web::{SignedIn, page::Shell, url},
};

#[derive(Template)]
#[template(path = "audit/index.html", blocks = ["lines"])]
pub struct AuditPage {
    frame: Shell,
    view: View,
    lines: Vec<Told>,
    chips: Vec<Chip>,
    notices: Vec<String>,
    areas: Vec<Area>,
    summary: String,
    previous: Option<String>,
    next: Option<String>,
    csv: String,
    jsonl: String,
    without_search: String,
}

/// A filter that is on, and the way to the list without it.
pub struct Chip {
    words: String,
    without: String,
}

/// Actions of one part of the console.
pub struct Area {
    name: &'static str,
    actions: Vec<&'static Words>,
}

impl AuditPage {
    pub fn new(person: &SignedIn, looked: Looked) -> Self {
        let Looked { view, slice, actor, target, about, all, is_lost, is_unfolded } = looked;
        let path = |name: &'static str, sequence: Option<i64>| {
            let mut pairs = view.pairs();
            sequence.map(|sequence| {
                pairs.push((name, sequence.to_string()));
                url::with_query(url::AUDIT, &pairs)
            })
        };
        Self {
            frame: person.frame(),
            lines: slice.entries.iter().map(|entry| Told::new(entry, &person.me.time_zone)).collect(),
            chips: chips(&view, (&actor, &target), about.as_ref()),
            notices: notices(&view, (&actor, &target), &slice, is_lost, is_unfolded),
            areas: areas(),
            summary: summary(&slice, all),
            previous: path("before", slice.previous),
            next: path("after", slice.next),
            csv: url::with_query(url::AUDIT_CSV, &view.pairs()),
            jsonl: url::with_query(url::AUDIT_JSONL, &view.pairs()),
            without_search: address(&View { typed: String::new(), ..view.clone() }),
            view,
        }
    }

    /// What the search form keeps of the view.
    fn kept_by_search(&self) -> Vec<(&'static str, String)> {
        View { typed: String::new(), ..self.view.clone() }.pairs()
    }

    /// What the form of filters keeps of the view.
    fn kept_by_filters(&self) -> Vec<(&'static str, String)> {
        View { typed: self.view.typed.clone(), of: self.view.of.clone(), ..View::default() }.pairs()
    }

    fn is_action(&self, words: &Words) -> bool {
        self.view.action == words.action
    }

    fn from(&self) -> String {
        self.view.from.map(|day| day.to_string()).unwrap_or_default()
    }

    fn to(&self) -> String {
        self.view.to.map(|day| day.to_string()).unwrap_or_default()
    }

    fn address(&self) -> String {
        self.view.address.map(|address| address.to_string()).unwrap_or_default()
    }
}

fn address(view: &View) -> String {
    url::with_query(url::AUDIT, &view.pairs())
}

fn areas() -> Vec<Area> {
    let mut areas: Vec<Area> = Vec::new();
    for words in ACTIONS {
        match areas.iter_mut().find(|area| area.name == words.area) {
            Some(area) => area.actions.push(words),
            None => areas.push(Area { name: words.area, actions: vec![words] }),
        }
    }
    areas
}

fn chips(view: &View, (actor, target): (&Meant, &Meant), about: Option<&Party>) -> Vec<Chip> {
    let mut chips = Vec::new();
    let mut chip = |words: String, without: View| chips.push(Chip { words, without: address(&without) });
    if let (Some(of), Some(party)) = (&view.of, about) {
        let name = [party.name.as_str(), &party.email].into_iter().find(|name| !name.is_empty());
        let kind = words::kind_in_words(&of.kind);
        let words = match (of.kind.as_str(), name) {
            ("user", Some(name)) => format!("About or by {name}"),
            ("organization", Some(name)) => format!("About {name}"),
            (_, Some(name)) => format!("About the {kind} {name}"),
            (_, None) => {
                format!("About a {} that is gone", kind.trim_end_matches(" of").trim_end_matches(" for"))
            }
        };
        chip(words, View { of: None, ..view.clone() });
    }
    if !view.actor.is_empty() {
        chip(format!("By {}", meant(actor, &view.actor)), View { actor: String::new(), ..view.clone() });
    }
    if !view.target.is_empty() {
        chip(
            format!("About {}", meant(target, &view.target)),
            View { target: String::new(), ..view.clone() },
        );
    }
    if !view.action.is_empty() {
        chip(words::label(&view.action).to_owned(), View { action: String::new(), ..view.clone() });
    }
    if let Some(day) = view.from {
        chip(format!("From {}", day.format("%-d %b %Y")), View { from: None, ..view.clone() });
    }
    if let Some(day) = view.to {
        chip(format!("To {}", day.format("%-d %b %Y")), View { to: None, ..view.clone() });
    }
    if let Some(address) = view.address {
        chip(format!("From the address {address}"), View { address: None, ..view.clone() });
    }
    chips
}

fn meant(meant: &Meant, typed: &str) -> String {
    match meant {
        Meant::These { words, .. } => words.clone(),
        Meant::Kind("operator") => "the operator".to_owned(),
        Meant::Kind("system") => "Roster".to_owned(),
        Meant::Kind("stranger") => "somebody not signed in".to_owned(),
        Meant::Kind(_) => "the identity provider".to_owned(),
        Meant::Anything | Meant::Nothing => format!("“{typed}”"),
    }
}

fn notices(
    view: &View,
    (actor, target): (&Meant, &Meant),
    slice: &Slice,
    is_lost: bool,
    is_unfolded: bool,
) -> Vec<String> {
    let mut notices = Vec::new();
    if is_lost {
        notices.push(
            "The place in the list that this address names cannot be found. This is its first page.".into(),
        );
    }
    for (meant, typed) in [(actor, &view.actor), (target, &view.target)] {
        if *meant == Meant::Nothing {
            notices.push(format!(
                "Nobody here is called “{typed}”. Whoever is gone is found by the search, or by their ID."
            ));
        }
    }
    if is_unfolded {
        notices.push(
            "Lines that were written before the last update are still being made ready for this search."
                .into(),
        );
    }
    if slice.is_cut {
        let found = match slice.entries.len() {
            0 => "none of them match".to_owned(),
            1 => "1 of them matches".to_owned(),
            many => format!("{many} of them match"),
        };
        notices.push(format!("Looked through 20,000 lines from here; {found}. The next page looks further."));
    }
    notices
}

/// `50 lines of 1,204 in all`.
fn summary(slice: &Slice, all: i64) -> String {
    let shown = match slice.entries.len() {
        1 => "1 line".to_owned(),
        many => format!("{many} lines"),
    };
    format!("{shown} on this page, {} in the audit", number(all))
}

/// With a comma before every three digits.
fn number(of: i64) -> String {
    let digits = of.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
