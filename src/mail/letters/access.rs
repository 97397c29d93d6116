//! What letters about access requests tell.

use serde::{Deserialize, Serialize};

use super::moment;
use crate::base::clock::Moment;

/// What became of an access request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum RequestEvent {
    Approved {
        by: String,
        note: String,
        #[serde(with = "moment")]
        until: Moment,
    },
    Denied {
        by: String,
        note: String,
    },
    /// Nobody answered in time.
    Expired,
    /// The time that was approved is over, or an administrator ended it.
    Ended {
        by: Option<String>,
    },
    /// Whoever asked took it back.
    Withdrawn,
}
