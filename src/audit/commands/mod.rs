//! Writing a line, and what is done with those that were written.

mod export;
mod looking;
pub mod stream;

pub use export::{Export, Write, note_export};
pub use looking::{latest, look};

use serde_json::Value;

use super::{chain, details::Details, store, words_of_actions};
use crate::{
    access::{Actor, ActorKind, Origin},
    base::{
        ids::{AccessRequestId, AccessTokenId, GroupId, InvitationId, OrganizationId, PolicyId, UserId},
        token,
    },
    db::{Fault, Tx},
};

/// Who did it.
#[derive(Clone, Debug)]
pub struct By {
    kind: &'static str,
    id: String,
    origin: Origin,
}

impl By {
    /// A person who proved who they are in this very act: by a password, an invitation link, a setup link.
    pub fn person(user: UserId, origin: Origin) -> Self {
        Self { kind: "person", id: user.to_string(), origin }
    }

    /// Somebody who did not prove who they are.
    pub fn stranger(origin: Origin) -> Self {
        Self { kind: "stranger", id: String::new(), origin }
    }

    pub fn operator() -> Self {
        Self { kind: "operator", id: String::new(), origin: Origin::default() }
    }

    pub fn system() -> Self {
        Self { kind: "system", id: String::new(), origin: Origin::default() }
    }
}

impl From<&Actor> for By {
    fn from(actor: &Actor) -> Self {
        let id = match actor.kind() {
            ActorKind::Scim { token } => token.to_string(),
            _ => actor.user().map(|user| user.to_string()).unwrap_or_default(),
        };
        Self { kind: actor.kind().word(), id, origin: actor.origin().clone() }
    }
}

/// What it was done to.
#[derive(Clone, Debug)]
pub struct Target {
    kind: &'static str,
    id: String,
}

impl Target {
    pub fn organization(id: OrganizationId) -> Self {
        Self { kind: "organization", id: id.to_string() }
    }

    pub fn user(id: UserId) -> Self {
        Self { kind: "user", id: id.to_string() }
    }

    pub fn invitation(id: InvitationId) -> Self {
        Self { kind: "invitation", id: id.to_string() }
    }

    pub fn group(id: GroupId) -> Self {
        Self { kind: "group", id: id.to_string() }
    }

    pub fn policy(id: PolicyId) -> Self {
        Self { kind: "policy", id: id.to_string() }
    }

    pub fn token(id: AccessTokenId) -> Self {
        Self { kind: "token", id: id.to_string() }
    }

    pub fn access_request(id: AccessRequestId) -> Self {
        Self { kind: "access_request", id: id.to_string() }
    }
}

/// What was done. `before` and `after` are small JSON objects of what changed, for people to read; names and
/// addresses belong there and nowhere else.
#[derive(Clone, Debug)]
pub struct Line {
    /// A name from the catalogue, or of what people do with their own account, such as `account.sign_in`.
    pub action: &'static str,
    pub target: Target,
    pub before: Value,
    pub after: Value,
}

/// Appends a line to the organization's chain. Takes the organization's lock if the transaction has it not yet.
pub fn record(tx: &mut Tx<'_>, organization: OrganizationId, by: &By, line: Line) -> Result<(), Fault> {
    tx.lock(organization)?;
    let key = tx.audit_key()?;
    let now = tx.now();
    let (sequence, previous) = store::head(tx.conn(), organization)?;
    let salt = token::random_token();
    let target = (line.target.kind, line.target.id.as_str());
    let names = store::of_all(
        tx.conn(),
        organization,
        [(store::kind_of_actor(by.kind), by.id.as_str()), target].into_iter(),
    )?;
    let name = |kind: &str, id: &str| names.of(kind, id).cloned().unwrap_or_default();
    let details = Details {
        address: by.origin.address.clone(),
        actor: name(store::kind_of_actor(by.kind), &by.id),
        target: name(target.0, target.1),
        before: line.before,
        after: line.after,
    };
    let commitment = chain::commitment(&salt, &details.written());
    let link = chain::Link {
        organization: organization.as_str(),
        sequence: sequence + 1,
        format: chain::FORMAT,
        at: now,
        actor_kind: by.kind,
        actor_id: &by.id,
        action: line.action,
        target_kind: line.target.kind,
        target_id: &line.target.id,
        request_id: &by.origin.request_id,
        commitment: &commitment,
    };
    let mac = chain::mac(key, &previous, &link);
    store::append(tx, organization, &link, &mac, &salt, &details)?;
    if words_of_actions::may_change_access(line.action) {
        store::raise_access_epoch(tx, organization)?;
    }
    stream::announce(tx, organization)
}
