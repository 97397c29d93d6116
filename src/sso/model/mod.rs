//! What a connection to a provider is, what a provider vouches for, and what follows.

mod draft;
mod known;
mod required;
mod vouched;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

pub use draft::{DRAFT_LIFE, DeployRefusal, Draft, MOST_MAPPED, SettingRefusal};
pub use known::{Known, NotUnlinked};
pub use required::{MOST_NAMED, Named, Preview};
pub use vouched::{Admitted, Decision, TurnedAway, Vouched};

use crate::{
    access::RequiredOf,
    base::{
        clock::Moment,
        email_address::EmailAddress,
        ids::{ConnectionId, GroupId, OrganizationId, UserId},
    },
    db::sql_text_enum,
};

/// How a provider is spoken with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Oidc,
}

sql_text_enum!(Kind { Oidc = "oidc" });

impl Kind {
    /// As people know it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Oidc => "OpenID Connect",
        }
    }
}

/// What is particular to a kind, but for its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Configuration {
    Oidc(Oidc),
}

/// An OpenID provider, and who we are to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Oidc {
    pub issuer: Url,
    pub client_id: String,
}

impl Configuration {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Oidc(_) => Kind::Oidc,
        }
    }

    /// Who vouches, as it names itself: its subjects mean something only together with that.
    pub fn identity(&self) -> &str {
        match self {
            Self::Oidc(oidc) => oidc.issuer.as_str().trim_end_matches('/'),
        }
    }

    /// The provider as people are told of it.
    pub fn host(&self) -> &str {
        match self {
            Self::Oidc(oidc) => oidc.issuer.host_str().unwrap_or_default(),
        }
    }
}

/// An organization's own provider, as it is set up.
#[derive(Clone, Debug)]
pub struct Connection {
    pub id: ConnectionId,
    pub organization: OrganizationId,
    pub is_on: bool,
    pub configuration: Configuration,
    pub sealed_secret: String,
    /// The claim that tells a person's groups.
    pub groups_claim: String,
    /// Whether whoever it vouches for needs no second factor here.
    pub trusts_factor: bool,
    pub required: RequiredOf,
    pub version: i64,
    /// In ASCII.
    pub domains: Vec<String>,
    pub mapping: Vec<Mapped>,
}

/// A value of the claim, and the group it puts a person into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapped {
    pub value: String,
    pub group: GroupId,
}

impl Connection {
    pub fn leads_from(&self, address: &EmailAddress) -> bool {
        self.domains.iter().any(|domain| domain == address.ascii_domain())
    }

    /// For the audit.
    pub fn told(&self, names: &[(GroupId, String)]) -> Value {
        let name = |group: GroupId| names.iter().find(|(id, _)| *id == group).map(|(_, name)| name.as_str());
        let mapping: Vec<_> = self
            .mapping
            .iter()
            .map(|mapped| format!("{} → {}", mapped.value, name(mapped.group).unwrap_or("?")))
            .collect();
        let Configuration::Oidc(oidc) = &self.configuration;
        json!({
            "sso": self.configuration.kind().as_str(),
            "sso_on": self.is_on,
            "provider": self.configuration.identity(),
            "client_id": oidc.client_id,
            "domains": self.domains.join(", "),
            "groups_claim": self.groups_claim,
            "groups": mapping,
            "trusts_second_factor": self.trusts_factor,
            "required_of": self.required.as_str(),
        })
    }
}

/// A way to a provider that was begun.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attempt {
    pub connection: ConnectionId,
    pub organization: OrganizationId,
    pub nonce: String,
    pub verifier: String,
    pub begun: i64,
    pub goal: Goal,
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
}

impl Goal {
    /// The page that a sign-in ends on.
    pub fn leads_to(&self) -> &str {
        match self {
            Self::SignIn { return_to } | Self::Prove { return_to, .. } => return_to,
            Self::Join { .. } => crate::web::url::HOME,
        }
    }
}

impl Attempt {
    /// When somebody proves anew who they are, an earlier sign-in at the provider does not do.
    pub fn anew_since(&self) -> Option<Moment> {
        match self.goal {
            Goal::SignIn { .. } | Goal::Join { .. } => None,
            Goal::Prove { .. } => Some(Moment::from_micros(self.begun)),
        }
    }
}
