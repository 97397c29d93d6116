//! A line as programs are told it: in files, in the stream, by the API.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    model::{Entry, Party},
    words,
};

/// A line of the audit.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct LineShown {
    /// Its number in the organization's chain; the first is 1 and none is left out.
    pub sequence: i64,
    /// RFC 3339, UTC.
    pub at: String,
    /// The line as a sentence.
    pub told: String,
    pub action: String,
    pub actor: PartyShown,
    pub target: PartyShown,
    /// The network address the request came from.
    pub address: String,
    pub request_id: String,
    /// What it was like before, as far as it changed; null when the details were erased.
    pub before: Value,
    /// What it was like afterwards.
    pub after: Value,
    pub details_erased: bool,
}

/// Who did it, or whom or what it was done to.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PartyShown {
    pub kind: String,
    /// Empty for the operator, Roster itself, and whoever was not signed in.
    pub id: String,
    /// As they are called now, or were then when they are gone.
    pub name: String,
    pub email: String,
}

impl From<&Entry> for LineShown {
    fn from(entry: &Entry) -> Self {
        Self {
            sequence: entry.sequence,
            at: entry.at.rfc3339(),
            told: words::sentence(entry),
            action: entry.action.clone(),
            actor: (&entry.actor).into(),
            target: (&entry.target).into(),
            address: entry.address.clone(),
            request_id: entry.request_id.clone(),
            before: entry.before.clone(),
            after: entry.after.clone(),
            details_erased: entry.is_erased,
        }
    }
}

impl From<&Party> for PartyShown {
    fn from(party: &Party) -> Self {
        Self {
            kind: party.kind.clone(),
            id: party.id.clone(),
            name: party.name.clone(),
            email: party.email.clone(),
        }
    }
}
