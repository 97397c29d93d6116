//! What a line tells, and which lines are asked for.

mod stream;
mod view;

pub use stream::{Act, Stream, StreamRefusal};
pub use view::{Object, Place, Span, Toward, View};

use serde_json::Value;

use crate::base::clock::Moment;

/// Somebody or something that a line names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// `person`, `session`, `token`, `operator`, `system`, `stranger`; or what kind of thing it was done to.
    pub kind: String,
    pub id: String,
    /// As they are called now, or were called then when they are gone; empty when nobody knows it any more.
    pub name: String,
    pub email: String,
    pub is_there: bool,
}

impl Party {
    /// Whether an act of this kind of actor was a person's own.
    pub fn is_person(&self) -> bool {
        matches!(self.kind.as_str(), "person" | "session" | "token" | "user") && !self.id.is_empty()
    }
}

/// A line with its details, where they were not erased.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub sequence: i64,
    pub at: Moment,
    pub actor: Party,
    pub action: String,
    pub target: Party,
    pub request_id: String,
    pub address: String,
    pub before: Value,
    pub after: Value,
    pub is_erased: bool,
}

/// One page of lines, newest first, and from where the pages beside it begin.
#[derive(Debug, Default)]
pub struct Slice {
    pub entries: Vec<Entry>,
    pub previous: Option<i64>,
    pub next: Option<i64>,
    /// Only so many lines could be looked at on the way here; there may be more that match further on.
    pub is_cut: bool,
}

/// What was typed to name people or things, and who or what it names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Meant {
    /// Nothing was typed.
    #[default]
    Anything,
    /// Nobody and nothing is called that.
    Nothing,
    /// Those with these ids, and how the filter is told.
    These { ids: Vec<String>, words: String },
    /// An actor without a person: `operator`, `system`, `stranger`, `scim`.
    Kind(&'static str),
}

/// What was found for the page.
#[derive(Debug)]
pub struct Looked {
    pub view: View,
    pub slice: Slice,
    pub actor: Meant,
    pub target: Meant,
    /// The name of what the view is about.
    pub about: Option<Party>,
    /// How many lines the organization has.
    pub all: i64,
    /// The place in the address could not be read.
    pub is_lost: bool,
    /// Some lines of an earlier version cannot be found by words and address yet.
    pub is_unfolded: bool,
}
