//! Whom requiring single sign-on concerns.

use crate::{access::RequiredOf, people::Someone};

/// At most this many people are named.
pub const MOST_NAMED: usize = 20;

/// People, of whom the first are named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    pub count: i64,
    pub first: Vec<Someone>,
}

/// What requiring it would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    pub required: RequiredOf,
    /// Who could not sign in any more: the provider does not know them, and cannot come to by their address.
    pub locked_out: Named,
    /// Who has not come by it yet, and can.
    pub not_yet: Named,
    /// The administrators who come in by a password and a second factor all the same.
    pub excepted: Named,
}
