//! Who is asking, and the permits they get.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Catalogue, Standing, actions::Action, decision::is_given};
use crate::base::{
    clock::Moment,
    ids::{OrganizationId, ScimTokenId, SessionId, UserId},
};

/// Where a request came from, as the audit remembers it.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    pub request_id: String,
    pub address: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// A person in a browser.
    Session { user: UserId, session: SessionId },
    /// A person's access token, perhaps narrowed to some of their roles.
    Token { user: UserId },
    /// An identity provider that provisions.
    Scim { token: ScimTokenId },
    /// Somebody with the machine itself, at the command line.
    Operator,
    /// Roster on its own account: expiry, cleaning, work that was permitted when it was asked for.
    System,
}

impl ActorKind {
    pub fn word(&self) -> &'static str {
        match self {
            Self::Session { .. } => "session",
            Self::Token { .. } => "token",
            Self::Scim { .. } => "scim",
            Self::Operator => "operator",
            Self::System => "system",
        }
    }

    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::Session { user, .. } | Self::Token { user } => Some(*user),
            Self::Scim { .. } | Self::Operator | Self::System => None,
        }
    }
}

/// What an identity provider may do.
const PROVISIONING: &[&str] = &[
    "iam.users.invite",
    "iam.users.edit",
    "iam.users.deactivate",
    "iam.users.reactivate",
    "iam.groups.write",
    "iam.memberships.write",
];

/// Somebody who asks for something in one organization.
#[derive(Clone, Debug)]
pub struct Actor {
    kind: ActorKind,
    organization: OrganizationId,
    standing: Arc<Standing>,
    catalogue: Arc<Catalogue>,
    origin: Origin,
}

/// Not permitted; names what was asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Denied {
    pub action: &'static str,
}

impl Actor {
    /// An Active person with what policies give them.
    pub fn person(
        kind: ActorKind,
        organization: OrganizationId,
        standing: impl Into<Arc<Standing>>,
        catalogue: Arc<Catalogue>,
        origin: Origin,
    ) -> Self {
        Self { kind, organization, standing: standing.into(), catalogue, origin }
    }

    /// The operator or Roster itself: may everything in this organization.
    pub fn trusted(
        kind: ActorKind,
        organization: OrganizationId,
        catalogue: Arc<Catalogue>,
        origin: Origin,
    ) -> Self {
        debug_assert!(matches!(kind, ActorKind::Operator | ActorKind::System));
        Self { kind, organization, standing: Arc::default(), catalogue, origin }
    }

    /// An identity provider: may look after people and the groups it pushes, and nothing else.
    pub fn provider(
        token: ScimTokenId,
        organization: OrganizationId,
        catalogue: Arc<Catalogue>,
        origin: Origin,
    ) -> Self {
        let kind = ActorKind::Scim { token };
        Self { kind, organization, standing: Arc::default(), catalogue, origin }
    }

    pub fn kind(&self) -> ActorKind {
        self.kind
    }

    pub fn user(&self) -> Option<UserId> {
        self.kind.user()
    }

    pub fn organization(&self) -> OrganizationId {
        self.organization
    }

    pub fn standing(&self) -> &Arc<Standing> {
        &self.standing
    }

    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// A permit for this act, to be used up by the command that does it.
    pub fn may<A: Action>(&self, action: A) -> Result<Permit<A>, Denied> {
        if self.may_do(A::NAME) {
            Ok(Permit { action, actor: self.clone() })
        } else {
            Err(Denied { action: A::NAME })
        }
    }

    /// Whether they may, for showing a control or not; acting needs a permit.
    pub fn may_do(&self, action: &str) -> bool {
        match self.kind {
            ActorKind::Operator | ActorKind::System => true,
            ActorKind::Scim { .. } => PROVISIONING.contains(&action),
            ActorKind::Session { .. } | ActorKind::Token { .. } => {
                is_given(&self.catalogue, &self.standing, action)
            }
        }
    }

    /// Whether they may give these roles to somebody: nobody grants more than they hold, except through IAM Admin.
    pub fn may_grant<'a>(&self, roles: impl IntoIterator<Item = &'a str>) -> bool {
        match self.kind {
            // Its groups are those that an administrator gave roles to, or linked after seeing their roles.
            ActorKind::Operator | ActorKind::System | ActorKind::Scim { .. } => true,
            _ => {
                self.standing.holds(super::IAM_ADMIN)
                    || roles.into_iter().all(|role| self.standing.holds(role))
            }
        }
    }
}

/// Leave to do one thing in one organization. Made only by [`Actor::may`], neither copied nor kept: a command takes
/// it and it is gone.
#[derive(Debug)]
pub struct Permit<A: Action> {
    action: A,
    actor: Actor,
}

impl<A: Action> Permit<A> {
    pub fn target(&self) -> &A {
        &self.action
    }

    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    pub fn organization(&self) -> OrganizationId {
        self.actor.organization
    }

    pub fn name(&self) -> &'static str {
        A::NAME
    }
}

/// How somebody proved who they are, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    pub method: ProofMethod,
    pub at: Moment,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofMethod {
    /// Opened the setup link and created the organization.
    Setup,
    /// Opened their invitation and accepted it.
    Acceptance,
    Password,
    Totp,
    RecoveryCode,
    Passkey,
    Social,
    SingleSignOn,
}

impl Proof {
    /// How long a proof does for sensitive acts.
    pub const FRESH: chrono::Duration = chrono::Duration::minutes(10);

    /// Whether it is recent, and one that starts a session rather than adds to it.
    pub fn is_fresh(&self, now: Moment) -> bool {
        let starts = !matches!(self.method, ProofMethod::Totp | ProofMethod::RecoveryCode);
        starts && now.since(self.at) <= Self::FRESH
    }
}

impl ProofMethod {
    pub fn is_second_factor(self) -> bool {
        matches!(self, Self::Totp | Self::RecoveryCode | Self::Passkey)
    }
}

#[derive(Serialize, Deserialize)]
struct WrittenProof {
    method: ProofMethod,
    at: i64,
}

impl Serialize for Proof {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        WrittenProof { method: self.method, at: self.at.micros() }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Proof {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let WrittenProof { method, at } = WrittenProof::deserialize(deserializer)?;
        Ok(Self { method, at: Moment::from_micros(at) })
    }
}
