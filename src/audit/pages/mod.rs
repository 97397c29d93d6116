//! The page of the audit, and its lines as files.

pub mod files;
mod list;
mod stream;

pub use list::AuditPage;
pub use stream::StreamSection;

use crate::{
    audit::{
        model::Entry,
        words::{self, Change, Piece, Row},
    },
    base::ids::UserId,
    web::{url, when},
};

/// A line as pages tell it.
pub struct Told {
    pub sequence: i64,
    pub action: String,
    pub pieces: Vec<Part>,
    pub at: String,
    pub when: String,
    pub address: String,
    pub request_id: String,
    pub changes: Vec<Change>,
    pub diff: Vec<Row>,
    pub is_erased: bool,
}

/// A piece of a sentence, and the page of whom it names.
pub struct Part {
    pub text: String,
    pub href: Option<String>,
}

impl Told {
    pub fn new(entry: &Entry, zone: &str) -> Self {
        Self {
            sequence: entry.sequence,
            action: entry.action.clone(),
            pieces: words::told(entry).into_iter().map(Part::of).collect(),
            at: entry.at.rfc3339(),
            when: when::in_zone(entry.at, zone),
            address: entry.address.clone(),
            request_id: entry.request_id.clone(),
            changes: words::changes(entry, zone).into_iter().filter(|change| !change.is_same()).collect(),
            diff: words::diff(entry),
            is_erased: entry.is_erased,
        }
    }
}

impl Part {
    fn of(piece: Piece) -> Self {
        let href = piece.of.and_then(|(kind, id)| match kind.as_str() {
            "user" => id.parse::<UserId>().ok().map(url::user),
            "group" => Some(format!("{}/{id}", url::GROUPS)),
            "policy" => Some(format!("{}/{id}", url::POLICIES)),
            _ => None,
        });
        Self { text: piece.text, href }
    }
}
