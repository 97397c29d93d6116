//! What an administrator sees and settles of provisioning.

use chrono::Duration;

use super::Refusal;
use crate::base::{
    clock::Moment,
    ids::{GroupId, OrganizationId, ScimNoteId, ScimTokenId},
};

/// How many tokens an organization has at the most that are not revoked.
pub const MOST_TOKENS: usize = 20;
const LONGEST_NAME: usize = 100;

/// A token's name: 1 to 100 characters without control characters, trimmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    Missing,
    TooLong,
    Control,
}

impl Name {
    pub fn parse(text: &str) -> Result<Self, NameError> {
        match text.trim() {
            "" => Err(NameError::Missing),
            name if name.chars().count() > LONGEST_NAME => Err(NameError::TooLong),
            name if name.chars().any(char::is_control) => Err(NameError::Control),
            name => Ok(Self(name.to_owned())),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A provider's token as administrators see it.
#[derive(Clone, Debug)]
pub struct Token {
    pub id: ScimTokenId,
    pub name: String,
    pub created_at: Moment,
    pub last_used_at: Option<Moment>,
}

/// A token that a request presents, with what decides whether it opens anything.
#[derive(Clone, Debug)]
pub struct Connection {
    pub token: ScimTokenId,
    pub token_name: String,
    pub organization: OrganizationId,
    /// The organization's code, as addresses name it.
    pub code: String,
    pub life: Life,
    pub last_used_at: Option<Moment>,
}

/// Whether a token opens anything now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    Live,
    Revoked,
    /// The organization has turned provisioning off.
    Off,
}

impl Connection {
    /// "Last used" is noted when it is older than this.
    pub fn is_use_stale(&self, now: Moment) -> bool {
        self.last_used_at.is_none_or(|used| now.since(used) >= Duration::seconds(60))
    }
}

/// A group of a name that the provider pushed, and what linking them would give to its people.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub group: GroupId,
    pub name: String,
    pub members: i64,
    pub roles: Vec<String>,
    pub asked_at: Moment,
}

/// A line of the log.
#[derive(Clone, Debug)]
pub struct LogLine {
    pub id: ScimNoteId,
    pub at: Moment,
    pub token_name: String,
    /// The status that was answered.
    pub status: i32,
    pub subject: String,
    pub words: String,
}

impl LogLine {
    pub fn is_refusal(&self) -> bool {
        self.status >= 400
    }

    /// What the log says of a refusal.
    pub fn words_of(refusal: &Refusal) -> String {
        match refusal.scim_type() {
            Some(keyword) => format!("{} ({keyword})", refusal.detail()),
            None => refusal.detail().into_owned(),
        }
    }
}

/// All that the page shows.
#[derive(Clone, Debug)]
pub struct Overview {
    pub enabled: bool,
    pub tokens: Vec<Token>,
    pub people: i64,
    pub groups: i64,
    pub waiting: Vec<Waiting>,
    pub log: Vec<LogLine>,
}

/// Why a group is not linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkRefusal {
    NoSuchGroup,
    /// The provider looks after it already.
    LinkedAlready,
    /// It carries other roles now than the page showed.
    Changed,
}
