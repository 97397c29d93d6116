//! What the settings of provisioning are told as.

use serde::Serialize;
use utoipa::ToSchema;

use crate::scim::model::{LogLine, Overview, Token, Waiting};

/// How provisioning by an identity provider stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Provisioning)]
pub struct ProvisioningShown {
    is_on: bool,
    /// What the provider is given as its tenant address.
    base_url: String,
    /// How many people the provider looks after.
    people: i64,
    /// How many groups the provider looks after.
    groups: i64,
    /// Those that are not revoked, newest first, without their secrets.
    tokens: Vec<ProviderToken>,
    /// Groups of a name that the provider pushed, until somebody links them.
    waiting_groups: Vec<WaitingGroup>,
}

/// A token of the provider.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProviderToken {
    id: String,
    name: String,
    created_at: String,
    /// Null when it was never used; written at most once a minute.
    last_used_at: Option<String>,
}

impl From<Token> for ProviderToken {
    fn from(token: Token) -> Self {
        Self {
            id: token.id.to_string(),
            name: token.name,
            created_at: token.created_at.rfc3339(),
            last_used_at: token.last_used_at.map(|at| at.rfc3339()),
        }
    }
}

/// A group that waits to be linked.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WaitingGroup {
    id: String,
    name: String,
    members: i64,
    /// What whoever the provider puts into it would be given.
    roles: Vec<String>,
    asked_at: String,
}

impl From<Waiting> for WaitingGroup {
    fn from(waiting: Waiting) -> Self {
        Self {
            id: waiting.group.to_string(),
            name: waiting.name,
            members: waiting.members,
            roles: waiting.roles,
            asked_at: waiting.asked_at.rfc3339(),
        }
    }
}

impl ProvisioningShown {
    pub fn new(base_url: String, overview: Overview) -> Self {
        Self {
            is_on: overview.enabled,
            base_url,
            people: overview.people,
            groups: overview.groups,
            tokens: overview.tokens.into_iter().map(ProviderToken::from).collect(),
            waiting_groups: overview.waiting.into_iter().map(WaitingGroup::from).collect(),
        }
    }
}

/// What was synchronized, or refused.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ProvisioningNote {
    id: String,
    at: String,
    /// The name of the token it came by.
    token: String,
    /// The status that was answered.
    status: i32,
    subject: String,
    words: String,
}

impl From<LogLine> for ProvisioningNote {
    fn from(line: LogLine) -> Self {
        Self {
            id: line.id.to_string(),
            at: line.at.rfc3339(),
            token: line.token_name,
            status: line.status,
            subject: line.subject,
            words: line.words,
        }
    }
}
