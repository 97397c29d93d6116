//! An account as signing in sees it.

use chrono::Duration;

use crate::{
    access::{Factors, NextStep, Proof, next_step},
    base::{
        clock::Moment,
        ids::{BrowserLinkId, OrganizationId, UserId},
    },
    people::{SecondFactor, Status},
    web::session::Stage,
};

/// At most this many accounts of one address are tried, and as many hashes are computed whatever is found.
pub const MOST_ACCOUNTS: usize = 3;

/// How long a link works that makes a browser known.
pub const BROWSER_LINK_LIFE: Duration = Duration::hours(1);
/// An account is mailed at most one such link in this time.
pub const BROWSER_LINK_EVERY: Duration = Duration::minutes(10);

/// A link that makes a browser known to an account, as it stands.
#[derive(Clone, Debug)]
pub struct BrowserLink {
    pub id: BrowserLinkId,
    pub organization: OrganizationId,
    pub organization_name: String,
    pub user: UserId,
    pub email: String,
    pub is_used: bool,
    pub expires_at: Moment,
}

/// Why such a link does nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkGone {
    Used,
    Expired,
}

impl BrowserLink {
    pub fn works(&self, now: Moment) -> Result<(), LinkGone> {
        match self.is_used {
            true => Err(LinkGone::Used),
            false if self.expires_at <= now => Err(LinkGone::Expired),
            false => Ok(()),
        }
    }
}

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

    /// How far in these proofs lead.
    pub fn stage(&self, now: Moment, proofs: &[Proof]) -> Stage {
        match next_step(self.factors(now), proofs) {
            NextStep::Done => Stage::Full,
            NextStep::SecondFactor | NextStep::Enrol => Stage::Half,
        }
    }
}
