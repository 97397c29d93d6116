//! A session as its person sees it.

use chrono::Duration;

use crate::{
    base::{clock::Moment, ids::SessionId},
    web::device,
};

/// At most this many are shown, those used last.
pub const MOST_SHOWN: usize = 50;

#[derive(Clone, Debug)]
pub struct Session {
    pub id: SessionId,
    /// What the browser calls itself.
    pub agent: String,
    pub address: String,
    pub first_seen_at: Moment,
    pub last_seen_at: Moment,
}

impl Session {
    /// The browser and its system in plain words.
    pub fn device(&self) -> String {
        device::in_words(&self.agent)
    }
}

/// How long sessions of an organization live.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub idle: Duration,
    pub overall: Duration,
}

impl Limits {
    pub fn allow(&self, session: &Session, now: Moment) -> bool {
        now.since(session.last_seen_at) <= self.idle && now.since(session.first_seen_at) <= self.overall
    }
}

/// The session had ended already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Over;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_beyond_a_limit_is_none_any_more() {
        let began = Moment::from_micros(0);
        let session = |seen| Session {
            id: SessionId::new(),
            agent: String::new(),
            address: String::new(),
            first_seen_at: began,
            last_seen_at: began.plus(seen),
        };
        let limits = Limits { idle: Duration::hours(12), overall: Duration::days(7) };
        let is_alive = |seen, now| limits.allow(&session(seen), began.plus(now));
        assert!(is_alive(Duration::zero(), Duration::hours(12)));
        assert!(!is_alive(Duration::zero(), Duration::hours(13)));
        assert!(is_alive(Duration::days(7), Duration::days(7)));
        assert!(!is_alive(Duration::days(7), Duration::days(7) + Duration::minutes(1)));
    }
}
