//! How provisioning stands: on or off, tokens, groups that wait, the log.

use askama::Template;

use crate::{
    base::{clock::Moment, ids::ScimNoteId},
    scim::model::{LogLine, Overview, Token, Waiting},
    web::{SignedIn, page::Shell, url, when},
};

#[derive(Template)]
#[template(path = "scim/index.html", blocks = ["log"])]
pub struct ScimPage {
    frame: Shell,
    enabled: bool,
    /// Whoever looks may change what stands here.
    may_change: bool,
    base_url: String,
    people: i64,
    groups: i64,
    tokens: Vec<TokenRow>,
    waiting: Vec<WaitingRow>,
    log: Vec<LogRow>,
    previous: Option<String>,
    next: Option<String>,
}

struct TokenRow {
    name: String,
    created: Time,
    last_used: Option<Time>,
    revoke_href: String,
}

struct WaitingRow {
    name: String,
    href: String,
    link_href: String,
    roles: String,
    asked: Time,
}

struct LogRow {
    at: Time,
    subject: String,
    words: String,
    token: String,
    status: i32,
    is_refusal: bool,
}

struct Time {
    at: String,
    words: String,
}

impl Time {
    fn of(at: Moment, zone: &str) -> Self {
        Self { at: at.rfc3339(), words: when::in_zone(at, zone) }
    }
}

impl ScimPage {
    /// `before` is where the log begins, `on_a_page` how many of its lines are shown.
    pub fn new(person: &SignedIn, overview: Overview, before: Option<ScimNoteId>, on_a_page: usize) -> Self {
        let zone = person.me.time_zone.as_str();
        let mut log = overview.log;
        let is_more = log.len() > on_a_page;
        log.truncate(on_a_page);
        let next = log.last().filter(|_| is_more).map(|last| format!("{}?before={}", url::SCIM, last.id));
        let catalogue = person.actor.catalogue();
        let row = |waiting: Waiting| {
            let roles: Vec<&str> = waiting.roles.iter().map(|role| catalogue.role_name(role)).collect();
            WaitingRow {
                roles: roles.join(", "),
                href: url::group(waiting.group),
                link_href: url::link_scim_group(waiting.group),
                asked: Time::of(waiting.asked_at, zone),
                name: waiting.name,
            }
        };
        Self {
            enabled: overview.enabled,
            may_change: person.actor.may_do("iam.scim.write"),
            base_url: person.site.absolute(&format!("/scim/v2/{}", person.organization.code)),
            people: overview.people,
            groups: overview.groups,
            tokens: overview.tokens.into_iter().map(|token| TokenRow::of(token, zone)).collect(),
            waiting: overview.waiting.into_iter().map(row).collect(),
            log: log.into_iter().map(|line| LogRow::of(line, zone)).collect(),
            previous: before.map(|_| url::SCIM.to_owned()),
            next,
            frame: person.frame(),
        }
    }

    fn counts(&self) -> String {
        let people = if self.people == 1 { "1 person".to_owned() } else { format!("{} people", self.people) };
        let groups = if self.groups == 1 { "1 group".to_owned() } else { format!("{} groups", self.groups) };
        format!("{people} and {groups}")
    }

    fn log_summary(&self) -> String {
        match self.log.len() {
            1 => "1 line".to_owned(),
            many => format!("{many} lines"),
        }
    }
}

impl TokenRow {
    fn of(token: Token, zone: &str) -> Self {
        Self {
            created: Time::of(token.created_at, zone),
            last_used: token.last_used_at.map(|at| Time::of(at, zone)),
            revoke_href: url::revoke_scim_token(token.id),
            name: token.name,
        }
    }
}

impl LogRow {
    fn of(line: LogLine, zone: &str) -> Self {
        Self {
            at: Time::of(line.at, zone),
            is_refusal: line.is_refusal(),
            subject: line.subject,
            words: line.words,
            token: line.token_name,
            status: line.status,
        }
    }
}
