//! An account as signing in sees it.

use crate::{
    base::ids::{OrganizationId, UserId},
    people::Status,
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
    pub second_factor: String,
    pub theme: String,
    pub hash: String,
}
