//! What a connection to a provider is, what a provider vouches for, and what follows.

mod attempt;
mod draft;
mod known;
mod required;
mod saml;
mod vouched;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

pub use attempt::{Answer, Attempt, Goal, Refused};
pub use draft::{DRAFT_LIFE, DeployRefusal, Draft, MOST_MAPPED, SettingRefusal};
pub use known::{Known, NotUnlinked};
pub use required::{MOST_NAMED, Named, Preview};
pub use saml::{Attributes, NotDescribed, Saml, sso_url};
pub use vouched::{Admitted, Decision, TurnedAway, Vouched};

use crate::{
    access::RequiredOf,
    base::{
        email_address::EmailAddress,
        ids::{ConnectionId, GroupId, OrganizationId},
    },
    db::sql_text_enum,
};

/// No address, client id or secret is longer, in bytes.
pub const LONGEST: usize = 2_000;

/// How a provider is spoken with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Oidc,
    Saml,
}

sql_text_enum!(Kind { Oidc = "oidc", Saml = "saml" });

impl Kind {
    /// As people know it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Oidc => "OpenID Connect",
            Self::Saml => "SAML 2.0",
        }
    }
}

/// What is particular to a kind, but for its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Configuration {
    Oidc(Oidc),
    Saml(Saml),
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
            Self::Saml(_) => Kind::Saml,
        }
    }

    /// Who vouches, as it names itself: its subjects mean something only together with that.
    pub fn identity(&self) -> &str {
        match self {
            Self::Oidc(oidc) => oidc.issuer.as_str().trim_end_matches('/'),
            Self::Saml(saml) => &saml.entity_id,
        }
    }

    /// Whether its subjects are those of the other as well.
    pub fn is_same_provider(&self, other: &Self) -> bool {
        self.kind() == other.kind() && self.identity() == other.identity()
    }

    /// The provider as people are told of it.
    pub fn host(&self) -> &str {
        match self {
            Self::Oidc(oidc) => oidc.issuer.host_str().unwrap_or_default(),
            Self::Saml(saml) => saml.sso_url.host_str().unwrap_or_default(),
        }
    }

    /// For the audit.
    fn told(&self) -> Value {
        match self {
            Self::Oidc(oidc) => json!({ "client_id": oidc.client_id }),
            Self::Saml(saml) => json!({
                "sso_url": saml.sso_url.as_str(),
                "certificates": saml.certificates().map(|it| it.fingerprint).collect::<Vec<_>>(),
                "requires_signed_assertions": saml.signed_assertions,
                "signs_requests": saml.signs_requests,
                "metadata_url": saml.metadata_url.as_ref().map(Url::as_str),
                "attributes": [&saml.attributes.email, &saml.attributes.first_name, &saml.attributes.last_name],
            }),
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
        let mut told = json!({
            "sso": self.configuration.kind().as_str(),
            "sso_on": self.is_on,
            "provider": self.configuration.identity(),
            "domains": self.domains.join(", "),
            "groups_claim": self.groups_claim,
            "groups": mapping,
            "trusts_second_factor": self.trusts_factor,
            "required_of": self.required.as_str(),
        });
        if let (Value::Object(all), Value::Object(its)) = (&mut told, self.configuration.told()) {
            all.extend(its);
        }
        told
    }
}
