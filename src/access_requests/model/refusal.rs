//! Why something was not done with a request. Nothing was changed then.

use super::State;
use crate::base::clock::Moment;

/// Why a role was not asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskRefusal {
    NoSuchRole,
    /// They hold it; until when, if it is by an approved request.
    AlreadyHeld {
        until: Option<Moment>,
    },
    /// The same role is asked for already and nobody has answered.
    AlreadyAsked,
    /// As many requests wait as may.
    TooMany,
}

/// Why a request was neither approved nor denied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecideRefusal {
    NoSuchRequest,
    /// Nobody decides about their own.
    OwnRequest,
    /// It does not wait any more; this is how it stands.
    Is(State),
    /// The role gives what only somebody with IAM Admin may give.
    NeedsAdministrator,
    /// The catalogue has no such role any more.
    RoleGone,
}

/// Why a request was not withdrawn, or a grant not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeRefusal {
    NoSuchRequest,
    /// This is how it stands.
    Is(State),
}
