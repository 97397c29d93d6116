//! How a provider knows somebody, as they are shown it.

use super::Configuration;
use crate::base::clock::Moment;

#[derive(Clone, Debug)]
pub struct Known {
    pub configuration: Configuration,
    /// Whether the connection is on: otherwise it signs nobody in.
    pub is_on: bool,
    pub email: String,
    pub created_at: Moment,
    pub last_used_at: Moment,
    /// Whether the organization lets this person in by it only.
    pub is_required: bool,
}

impl Known {
    /// As letters name it.
    pub fn provider(&self) -> String {
        format!("single sign-on ({})", self.configuration.host())
    }
}

/// Why somebody's identity was not unlinked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotUnlinked {
    NotLinked,
    /// The organization lets them in by it only.
    Required,
    LastWay,
    LastAdministrator,
}
