//! One's own requests; and for those who may read them, everybody's.

use askama::Template;

use super::{Act, Onlooker, Standing, Way, acts, asker, href};
use crate::{
    access::actions::{Action, ReadRequests},
    access_requests::model::{AccessRequest, Looked},
    access_requests::words,
    base::{clock::Moment, ids::AccessRequestId},
    web::{
        SignedIn,
        page::{Shell, hue, initials},
        url, when,
    },
};

/// The lists of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    Waiting,
    History,
    Mine,
}

impl Tab {
    const ALL: [Tab; 3] = [Tab::Waiting, Tab::History, Tab::Mine];

    fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::History => "history",
            Self::Mine => "mine",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::History => "History",
            Self::Mine => "Yours",
        }
    }

    /// As the address names it.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.word() == word)
    }

    fn href(self) -> String {
        format!("{}?show={}", url::ACCESS_REQUESTS, self.word())
    }
}

#[derive(Template)]
#[template(path = "access_requests/index.html", blocks = ["requests"])]
pub struct ListPage {
    frame: Shell,
    tab: Tab,
    /// Whoever may read everybody's chooses between lists.
    may_read_all: bool,
    rows: Vec<Row>,
    is_lost: bool,
    summary: String,
    previous: Option<String>,
    next: Option<String>,
    here: String,
}

pub struct Row {
    id: AccessRequestId,
    name: String,
    email: String,
    initials: String,
    hue: u8,
    role: String,
    length: String,
    reason: String,
    note: String,
    at: String,
    when: String,
    standing: Standing,
    acts: Vec<Act>,
    /// Why nothing can be done with it here.
    why_not: &'static str,
}

impl Row {
    fn new(by: &Onlooker<'_>, looked: &Looked, request: &AccessRequest, is_mine: bool) -> Self {
        let who = asker(&looked.people, request);
        let role = by.actor.catalogue().role_name(&request.role).to_owned();
        let object = match is_mine {
            true => format!("{role} for {}", words::minutes(request.minutes)),
            false => format!("{role} for {}", who.shown()),
        };
        let acts = acts(by, request, &object);
        Self {
            id: request.id,
            initials: initials(who.shown()),
            hue: hue(request.user.as_str()),
            name: who.shown().to_owned(),
            email: if who.name.is_empty() { String::new() } else { who.email },
            length: words::minutes(request.minutes),
            reason: request.reason.clone(),
            note: request.note.clone(),
            at: request.created_at.rfc3339(),
            when: when::in_zone(request.created_at, by.zone),
            standing: Standing::of(by, request, &looked.people),
            why_not: if Some(request.user) == by.actor.user() && !is_mine { words::OWN } else { "" },
            acts,
            role,
        }
    }

    fn href(&self) -> String {
        href(self.id)
    }
}

impl ListPage {
    pub fn new(person: &SignedIn, tab: Tab, looked: Looked, now: Moment) -> Self {
        let by = Onlooker::at(person, now);
        let is_mine = tab == Tab::Mine;
        let rows: Vec<_> =
            looked.slice.requests.iter().map(|it| Row::new(&by, &looked, it, is_mine)).collect();
        let to = |name: &str, id: Option<AccessRequestId>| id.map(|id| format!("{}&{name}={id}", tab.href()));
        Self {
            frame: person.frame(),
            tab,
            may_read_all: person.actor.may_do(ReadRequests::NAME),
            is_lost: looked.is_lost,
            summary: match rows.len() {
                1 => "1 request".to_owned(),
                many => format!("{many} requests"),
            },
            previous: to("before", looked.slice.previous),
            next: to("after", looked.slice.next),
            here: person.path().to_owned(),
            rows,
        }
    }

    fn tabs(&self) -> [Tab; 3] {
        Tab::ALL
    }

    fn is_mine(&self) -> bool {
        self.tab == Tab::Mine
    }

    fn is_waiting(&self) -> bool {
        self.tab == Tab::Waiting
    }

    fn caption(&self) -> &'static str {
        match self.tab {
            Tab::Waiting => "Requests that wait for an answer",
            Tab::History => "Requests that were answered or are over",
            Tab::Mine => "Your requests",
        }
    }
}
