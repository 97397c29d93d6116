//! What single sign-on is told as.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    access::RequiredOf,
    saml::{Certificate, Own},
    sso::{
        commands::Shown,
        forms,
        model::{Attributes, Configuration, Connection, Kind, Saml},
    },
    web::{api::Bearer, url},
};

/// How single sign-on stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SingleSignOn {
    /// What is registered at an OpenID provider.
    redirect_url: String,
    /// What is entered at a SAML provider.
    #[schema(inline)]
    service_provider: ServiceProvider,
    /// Null while none is set up.
    #[schema(inline)]
    provider: Option<ProviderShown>,
}

/// Ourselves, towards a SAML provider.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ServiceProvider {
    /// Where it sends its answers.
    acs_url: String,
    /// Our name, which is the address of our metadata as well.
    entity_id: String,
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
    /// What is particular to a SAML provider; null of one of the other kind.
    #[schema(inline)]
    saml: Option<SamlShown>,
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

/// A SAML provider, as it was entered or as its metadata described it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct SamlShown {
    entity_id: String,
    /// Where people are sent to sign in.
    sso_url: String,
    /// One or two.
    certificates: Vec<CertificateShown>,
    /// Where the rest was read from; null when it was entered.
    metadata_url: Option<String>,
    requires_signed_assertions: bool,
    signs_requests: bool,
    attributes: AttributeNames,
}

/// A certificate that it signs with.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct CertificateShown {
    /// SHA-256 of the certificate, in pairs of hexadecimal digits.
    fingerprint: String,
    subject: String,
    /// When it ends. Signatures by its key count after that, too.
    ends_at: String,
    pem: String,
}

/// By which names it tells of a person.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct AttributeNames {
    /// Where it is missing, a NameID that is an email address does.
    #[schema(min_length = 1, max_length = 200)]
    email: String,
    #[schema(min_length = 1, max_length = 200)]
    first_name: String,
    #[schema(min_length = 1, max_length = 200)]
    last_name: String,
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
            service_provider: Own::of(&person.site.settings.public_origin(), code).into(),
            provider: shown.connection.map(|connection| ProviderShown::new(connection, shown.people)),
        }
    }
}

impl ProviderShown {
    fn new(it: Connection, people: i64) -> Self {
        let mapped =
            |it: crate::sso::model::Mapped| GroupMapped { value: it.value, group: it.group.to_string() };
        let (client_id, saml) = match &it.configuration {
            Configuration::Oidc(oidc) => (Some(oidc.client_id.clone()), None),
            Configuration::Saml(saml) => (None, Some(SamlShown::from(saml))),
        };
        Self {
            kind: match it.configuration.kind() {
                Kind::Oidc => ProviderKind::Oidc,
                Kind::Saml => ProviderKind::Saml,
            },
            is_on: it.is_on,
            identity: it.configuration.identity().to_owned(),
            client_id,
            saml,
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

impl From<Own> for ServiceProvider {
    fn from(own: Own) -> Self {
        Self { acs_url: own.acs, entity_id: own.entity_id }
    }
}

impl From<&Saml> for SamlShown {
    fn from(it: &Saml) -> Self {
        Self {
            entity_id: it.entity_id.clone(),
            sso_url: it.sso_url.to_string(),
            certificates: it.certificates().map(CertificateShown::from).collect(),
            metadata_url: it.metadata_url.as_ref().map(ToString::to_string),
            requires_signed_assertions: it.signed_assertions,
            signs_requests: it.signs_requests,
            attributes: it.attributes.clone().into(),
        }
    }
}

impl From<Certificate> for CertificateShown {
    fn from(it: Certificate) -> Self {
        let (pem, ends_at) = (forms::pem(it.as_str()), it.not_after.rfc3339());
        Self { fingerprint: it.fingerprint, subject: it.subject, ends_at, pem }
    }
}

impl Default for AttributeNames {
    fn default() -> Self {
        Attributes::default().into()
    }
}

impl From<Attributes> for AttributeNames {
    fn from(it: Attributes) -> Self {
        Self { email: it.email, first_name: it.first_name, last_name: it.last_name }
    }
}

impl From<AttributeNames> for Attributes {
    fn from(it: AttributeNames) -> Self {
        let text = |name: String| name.trim().to_owned();
        Self { email: text(it.email), first_name: text(it.first_name), last_name: text(it.last_name) }
    }
}
