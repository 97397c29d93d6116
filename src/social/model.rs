//! What a provider vouches for, and the way to it and back.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use crate::{
    base::{clock::Moment, email_address::EmailAddress, ids::UserId},
    settings::Provider,
};

pub use crate::openid::NotVouched;

/// How long what was vouched for may be used to open an invitation with.
pub const PROOF_LIFE: Duration = Duration::hours(1);
/// More addresses of one account are not looked at.
pub const MOST_ADDRESSES: usize = 20;

/// An account elsewhere, as its provider told of it over its own connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vouched {
    pub provider: Provider,
    pub issuer: String,
    pub subject: String,
    /// Those the provider says are verified, the one it prefers first.
    pub addresses: Vec<String>,
    /// As the provider knows them; may be empty.
    pub name: String,
    pub at: i64,
}

impl Vouched {
    /// Whether this very address is one of those vouched for, but for what does not tell addresses apart.
    pub fn vouches_for(&self, email: &str) -> bool {
        let Ok(wanted) = EmailAddress::parse(email) else { return false };
        self.parsed().iter().any(|address| address.folded() == wanted.folded())
    }

    pub fn parsed(&self) -> Vec<EmailAddress> {
        self.addresses.iter().filter_map(|address| EmailAddress::parse(address).ok()).collect()
    }

    /// The address that stands for the account; its subject when there is none.
    pub fn address(&self) -> &str {
        self.addresses.first().unwrap_or(&self.subject)
    }

    pub fn is_open(&self, now: Moment) -> bool {
        now.since(Moment::from_micros(self.at)) <= PROOF_LIFE
    }
}

/// A way to a provider that was begun, as its row keeps it sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attempt {
    pub provider: Provider,
    /// In the ID token again (OpenID Connect Core 1.0, section 3.1.2.1).
    pub nonce: String,
    /// PKCE (RFC 7636).
    pub verifier: String,
    pub begun: i64,
    pub goal: Goal,
}

/// What the way to a provider is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Goal {
    SignIn {
        return_to: String,
    },
    /// By the link of an invitation.
    Join {
        token: String,
    },
    Link {
        user: UserId,
    },
    Prove {
        user: UserId,
        return_to: String,
    },
}

/// A linked account, as its owner is shown it.
#[derive(Clone, Debug)]
pub struct Linked {
    pub provider: Provider,
    pub issuer: String,
    pub email: String,
    pub created_at: Moment,
    pub last_used_at: Option<Moment>,
}

/// Why an account elsewhere was not linked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotLinked {
    /// It signs somebody else of this organization in.
    AnothersAlready,
    /// Another account of the same provider is linked.
    AnotherAccount,
}

/// Why an account was not unlinked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotUnlinked {
    NotLinked,
    LastWay,
    LastAdministrator,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vouched(addresses: &[&str]) -> Vouched {
        Vouched {
            provider: Provider::GitHub,
            issuer: "https://github.com".into(),
            subject: "7".into(),
            addresses: addresses.iter().map(|it| (*it).to_owned()).collect(),
            name: String::new(),
            at: 0,
        }
    }

    #[test]
    fn an_address_is_vouched_for_whatever_its_case_and_no_other_is() {
        let vouched = vouched(&["me@home.example", "Bob@Example.com"]);
        assert!(vouched.vouches_for("bob@example.com"));
        assert!(!vouched.vouches_for("bob@example.org") && !vouched.vouches_for(""));
        assert_eq!(vouched.address(), "me@home.example");
    }

    #[test]
    fn what_was_vouched_for_is_kept_for_an_hour() {
        let vouched = vouched(&[]);
        assert!(vouched.is_open(Moment::from_micros(0).plus(PROOF_LIFE)));
        assert!(!vouched.is_open(Moment::from_micros(1).plus(PROOF_LIFE)));
    }
}
