//! What single sign-on is told as.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::RequiredOf,
    sso::{
        commands::Shown,
        model::{Configuration, Connection, Kind},
    },
    web::{api::Bearer, url},
};

/// How single sign-on stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SingleSignOn {
    /// What is registered at an OpenID provider.
    redirect_url: String,
    /// Null while none is set up.
    #[schema(inline)]
    provider: Option<ProviderShown>,
}

/// The organization's own provider, without its secret.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ProviderShown {
    kind: ProviderKind,
    is_on: bool,
    /// The issuer, or the entity ID, as it names itself.
    identity: String,
    /// Who this installation is to an OpenID provider.
    client_id: Option<String>,
    /// The domains of the addresses that lead to it.
    domains: Vec<String>,
    /// The claim, or attribute, that tells a person's groups.
    groups_claim: String,
    mapping: Vec<GroupMapped>,
    trusts_second_factor: bool,
    required_of: Required,
    /// How many people come by it.
    people: i64,
    /// Another one whenever any of this was changed.
    version: i64,
}

/// How a provider is spoken with.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ProviderKind {
    Oidc,
    Saml,
}

/// A value of the claim, and the group that it puts a person into.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct GroupMapped {
    pub value: String,
    /// The id of the group.
    pub group: String,
}

/// Of whom it is required.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Required {
    Nobody,
    /// Of those with an address in one of the domains.
    Domains,
    Everybody,
}

impl From<RequiredOf> for Required {
    fn from(required: RequiredOf) -> Self {
        match required {
            RequiredOf::Nobody => Self::Nobody,
            RequiredOf::Domains => Self::Domains,
            RequiredOf::Everybody => Self::Everybody,
        }
    }
}

impl From<Required> for RequiredOf {
    fn from(required: Required) -> Self {
        match required {
            Required::Nobody => Self::Nobody,
            Required::Domains => Self::Domains,
            Required::Everybody => Self::Everybody,
        }
    }
}

impl SingleSignOn {
    pub fn new(person: &Bearer, shown: Shown) -> Self {
        let code = &person.token().around.organization_code;
        Self {
            redirect_url: person.site.absolute(&url::oidc_callback(code)),
            provider: shown.connection.map(|connection| ProviderShown::new(connection, shown.people)),
        }
    }
}

impl ProviderShown {
    fn new(it: Connection, people: i64) -> Self {
        let mapped =
            |it: crate::sso::model::Mapped| GroupMapped { value: it.value, group: it.group.to_string() };
        Self {
            kind: match it.configuration.kind() {
                Kind::Oidc => ProviderKind::Oidc,
                Kind::Saml => ProviderKind::Saml,
            },
            is_on: it.is_on,
            identity: it.configuration.identity().to_owned(),
            client_id: match &it.configuration {
                Configuration::Oidc(oidc) => Some(oidc.client_id.clone()),
                Configuration::Saml(_) => None,
            },
            domains: it.domains,
            groups_claim: it.groups_claim,
            mapping: it.mapping.into_iter().map(mapped).collect(),
            trusts_second_factor: it.trusts_factor,
            required_of: it.required.into(),
            people,
            version: it.version,
        }
    }
}
