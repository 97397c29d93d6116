//! What was typed of a connection, and why it is not deployed.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use super::{Configuration, Mapped};

/// How long what was typed waits for its confirmation.
pub const DRAFT_LIFE: Duration = Duration::hours(1);
/// The most values of the claim that are mapped.
pub const MOST_MAPPED: usize = 100;

/// A connection about to be deployed. It is kept sealed as a whole, for its secret is in it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Draft {
    pub configuration: Configuration,
    /// Nothing where the one in force stays.
    pub secret: Option<String>,
    pub domains: Vec<String>,
    pub groups_claim: String,
    pub mapping: Vec<Mapped>,
    pub trusts_factor: bool,
    /// The version of the connection that it changes; nothing when there was none.
    pub changes: Option<i64>,
}

/// Why nothing was deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeployRefusal {
    /// Nothing waits to be confirmed, or something else than what was shown.
    NoDraft,
    /// Somebody changed the connection meanwhile.
    Stale,
    /// Another organization's addresses lead from this domain.
    DomainTaken(String),
    /// A group is not there any more.
    NoSuchGroup,
    /// A group carries roles that whoever asks does not hold.
    MoreThanOwn,
    LastAdministrator,
}

/// Why nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingRefusal {
    NoConnection,
    /// On or off already, by somebody else's doing.
    IsSo,
    /// It is on: it is turned off first.
    IsOn,
    /// It is off: nobody could come by it.
    IsOff,
    /// Somebody changed it since the page was made.
    Stale,
    LastAdministrator,
}
