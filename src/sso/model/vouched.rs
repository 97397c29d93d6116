//! What a provider vouches for, and what follows from it.

use crate::{
    base::{
        email_address::EmailAddress,
        ids::{ConnectionId, UserId},
    },
    sign_in::Entered,
};

/// What a provider says of somebody, in whatever way it speaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vouched {
    pub connection: ConnectionId,
    /// Who it is there, for good.
    pub subject: String,
    pub email: Option<String>,
    /// Whether the provider says that the address is theirs.
    pub is_verified: bool,
    /// May be empty.
    pub name: String,
    /// Nothing when the provider did not speak of groups, which then stay as they are.
    pub groups: Option<Vec<String>>,
}

impl Vouched {
    /// Whether the provider tells an address, and it is not this one.
    pub fn is_of_another(&self, email: &str) -> bool {
        let folded = |email: &str| EmailAddress::parse(email).map(|email| email.folded().to_owned()).ok();
        self.email.as_deref().is_some_and(|came| folded(came).is_none_or(|came| Some(came) != folded(email)))
    }
}

/// What a provider's word leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The subject is known.
    Enter(UserId),
    /// Somebody with this address is here already: from now on the subject decides.
    Link(UserId),
    /// They were invited.
    Accept(UserId),
    /// Nobody has this address yet.
    Create(EmailAddress),
}

/// Why a provider's word lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TurnedAway {
    /// The connection is off, or another than it was.
    Off,
    NoAddress,
    Unverified,
    /// None of the domains that lead to this provider.
    OtherDomain,
    Deactivated(UserId),
    /// Somebody has this address, and is another subject of the provider.
    Another(UserId),
    /// They were invited, and the invitation has expired.
    InvitationOver(UserId),
}

impl TurnedAway {
    /// As the audit tells it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Off => "single sign-on is off",
            Self::NoAddress => "the provider tells no address",
            Self::Unverified => "the provider does not say that the address is verified",
            Self::OtherDomain => "the address is in another domain",
            Self::Deactivated(_) => "deactivated",
            Self::Another(_) => "the account belongs to another subject of the provider",
            Self::InvitationOver(_) => "the invitation has expired",
        }
    }

    /// Whose account it is about.
    pub fn about(self) -> Option<UserId> {
        match self {
            Self::Off | Self::NoAddress | Self::Unverified | Self::OtherDomain => None,
            Self::Deactivated(user) | Self::Another(user) | Self::InvitationOver(user) => Some(user),
        }
    }
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum Admitted {
    In(Entered),
    Not(TurnedAway),
}
