//! A way to a provider that was begun, and what it is for.

use serde::{Deserialize, Serialize};

use crate::{
    base::{
        clock::Moment,
        ids::{ConnectionId, OrganizationId, UserId},
    },
    saml::{Refusal, Unspent},
    web::url,
};

/// A way to a provider that was begun.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attempt {
    pub connection: ConnectionId,
    pub organization: OrganizationId,
    pub nonce: String,
    pub verifier: String,
    pub begun: i64,
    pub goal: Goal,
    /// The id of the request that a SAML answer names.
    #[serde(default)]
    pub request_id: String,
    /// A SAML answer comes by itself; the browser that began follows it.
    #[serde(default)]
    pub answer: Option<Answer>,
}

/// What the way is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Goal {
    SignIn {
        return_to: String,
    },
    Prove {
        user: UserId,
        return_to: String,
    },
    /// The invitation of this address, by this link.
    Join {
        email: String,
        token: String,
    },
    /// To be shown what would happen.
    Try {
        user: UserId,
    },
}

impl Goal {
    /// The page that a sign-in ends on.
    pub fn leads_to(&self) -> &str {
        match self {
            Self::SignIn { return_to } | Self::Prove { return_to, .. } => return_to,
            Self::Join { .. } => url::HOME,
            Self::Try { .. } => url::SSO,
        }
    }
}

/// A SAML answer after it was looked at.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Answer {
    Verified(Unspent),
    Refused(Refused),
}

/// Why an answer was not believed, for people and for the audit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    pub word: String,
    pub words: String,
}

impl From<&Refusal> for Refused {
    fn from(why: &Refusal) -> Self {
        Self { word: why.word().to_owned(), words: why.to_string() }
    }
}

impl Attempt {
    /// When somebody proves anew who they are, an earlier sign-in at the provider does not do.
    pub fn anew_since(&self) -> Option<Moment> {
        match self.goal {
            Goal::SignIn { .. } | Goal::Join { .. } | Goal::Try { .. } => None,
            Goal::Prove { .. } => Some(Moment::from_micros(self.begun)),
        }
    }

    /// Whether it leads back while the connection is off.
    pub fn is_dry(&self) -> bool {
        matches!(self.goal, Goal::Try { .. })
    }
}
