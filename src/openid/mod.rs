//! OpenID Connect as whoever relies on a provider speaks it, and what GitHub's way has in common with it. Which provider that
//! is, and what follows from its word, others decide.

mod client;
mod exchange;
mod id_token;

pub use client::{Client, Round, Told};
pub use exchange::{below, challenge, get, post, read};
pub use id_token::claimed_subject;

use crate::outbound::NotFetched;

/// OpenID Connect Core 1.0, section 2: a subject is at most that long.
pub const LONGEST_SUBJECT: usize = 255;

/// Why nothing is vouched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotVouched {
    /// The person said no there.
    Declined,
    /// No answer, in time.
    Away(NotFetched),
    /// An answer that is none.
    Unreadable(&'static str),
    /// What it vouches with is not to be trusted. Whom it claims to be about, when that can be read.
    Untrusted { why: &'static str, claimed: Option<String> },
}

impl NotVouched {
    /// For the log: never more than the kind of thing that is wrong.
    pub fn for_the_log(&self) -> String {
        match self {
            Self::Declined => "declined".to_owned(),
            Self::Away(why) => why.to_string(),
            Self::Unreadable(why) | Self::Untrusted { why, .. } => (*why).to_owned(),
        }
    }
}

impl From<NotFetched> for NotVouched {
    fn from(why: NotFetched) -> Self {
        Self::Away(why)
    }
}
