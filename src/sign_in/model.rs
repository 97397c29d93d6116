//! An account as signing in sees it.

use crate::{
    access::Factors,
    base::{
        clock::Moment,
        ids::{OrganizationId, UserId},
    },
    people::{SecondFactor, Status},
};

/// At most this many accounts of one address are tried, and as many hashes are computed whatever is found.
pub const MOST_ACCOUNTS: usize = 3;

#[derive(Clone, Debug)]
pub struct Account {
    pub user: UserId,
    pub organization: OrganizationId,
    pub organization_name: String,
    pub email: String,
    pub status: Status,
    pub epoch: i64,
    pub second_factor: SecondFactor,
    /// Whether the organization requires a second factor, and from when.
    pub factor_required: (bool, Option<Moment>),
    pub theme: String,
    pub hash: String,
}

impl Account {
    pub fn factors(&self, now: Moment) -> Factors {
        let (is_required, from) = self.factor_required;
        Factors {
            app: self.second_factor == SecondFactor::App,
            passkey: self.second_factor == SecondFactor::Passkey,
            required: is_required && from.is_none_or(|from| from <= now),
        }
    }
}
