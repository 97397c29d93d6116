//! The section of sessions.

use askama::{Template, filters::HtmlSafe};

use super::model::{MOST_SHOWN, Session};
use crate::{
    base::{clock::Moment, ids::SessionId},
    web::{device, section::Section, url, when},
};

#[derive(Template)]
#[template(path = "sessions/section.html")]
pub struct SessionsSection {
    rows: Vec<Row>,
    /// How many there are besides this one.
    others: usize,
    /// How many are not shown.
    more: usize,
}

struct Row {
    device: String,
    icon: &'static str,
    address: String,
    first: Time,
    last: Time,
    is_this: bool,
    action: String,
}

struct Time {
    at: String,
    words: String,
}

impl HtmlSafe for SessionsSection {}

impl Section for SessionsSection {
    const ID: &'static str = "sessions";
    const TITLE: &'static str = "Sessions";
}

impl SessionsSection {
    /// This one first, then the one used last.
    pub fn new(mut sessions: Vec<Session>, this: SessionId, zone: &str) -> Self {
        sessions.sort_by_key(|session| session.id != this);
        let others = sessions.iter().filter(|session| session.id != this).count();
        let more = sessions.len().saturating_sub(MOST_SHOWN);
        sessions.truncate(MOST_SHOWN);
        let rows = sessions.into_iter().map(|session| Row::new(session, this, zone)).collect();
        Self { rows, others, more }
    }
}

impl Row {
    fn new(session: Session, this: SessionId, zone: &str) -> Self {
        let time = |at: Moment| Time { at: at.rfc3339(), words: when::in_zone(at, zone) };
        Self {
            device: session.device(),
            icon: if device::is_phone(&session.agent) { "smartphone" } else { "laptop" },
            first: time(session.first_seen_at),
            last: time(session.last_seen_at),
            is_this: session.id == this,
            action: url::end_session(session.id),
            address: session.address,
        }
    }
}
