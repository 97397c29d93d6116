//! Asking for a role.

use serde_json::json;

use super::{deciders, described, person_of};
use crate::{
    access::{Actor, Source, load_standing},
    access_requests::{
        model::{ANSWERED_WITHIN, AccessRequest, Ask, AskRefusal, Asked, MOST_WAITING, State, is_held},
        store,
    },
    audit,
    base::{clock::Moment, ids::AccessRequestId},
    db::{AnyConnection, Fault, Stop, Tx},
    mail::{self, Letter},
};

/// Asks for a role in the name of whoever acts, with all that they hold even when they act by a narrowed token. Those
/// who may approve it are told.
pub fn ask(tx: &mut Tx<'_>, actor: &Actor, ask: &Ask) -> Result<Asked, Stop<AskRefusal>> {
    let user = actor.user().ok_or_else(|| Fault::broken("asking for access", "only people ask"))?;
    let (organization, now) = (actor.organization(), tx.now());
    let catalogue = actor.catalogue().clone();
    let role = catalogue.role(&ask.role).ok_or(Stop::Refused(AskRefusal::NoSuchRole))?;
    let standing = load_standing(tx.conn(), organization, user, now)?;
    if is_held(&catalogue, &standing, role) {
        let until =
            standing.grants.iter().filter(|grant| grant.role == role.id).find_map(|grant| {
                match grant.source {
                    Source::Request { until, .. } => Some(until),
                    Source::Rule { .. } => None,
                }
            });
        return Err(Stop::Refused(AskRefusal::AlreadyHeld { until }));
    }
    let waiting = store::waiting_roles(tx.conn(), organization, user, now)?;
    if waiting.contains(&role.id) {
        return Err(Stop::Refused(AskRefusal::AlreadyAsked));
    }
    if waiting.len() >= MOST_WAITING {
        return Err(Stop::Refused(AskRefusal::TooMany));
    }
    let request = AccessRequest {
        id: AccessRequestId::new(),
        organization,
        user,
        role: role.id.clone(),
        reason: ask.reason.clone(),
        minutes: ask.minutes,
        state: State::Pending,
        created_at: now,
        expires_at: now.plus(ANSWERED_WITHIN),
        decided_at: None,
        decided_by: None,
        note: String::new(),
        ends_at: None,
        ended_at: None,
        ended_by: None,
    };
    store::insert(tx, &request)?;
    let person = person_of(tx.conn(), user)?;
    let told = tell_deciders(tx, actor, &request, &person)?;
    let mut after = described(&person, &request);
    after["state"] = json!(State::Pending.as_str());
    after["reason"] = json!(request.reason);
    let line = audit::Line {
        action: "access_request.ask",
        target: audit::Target::access_request(request.id),
        before: json!({}),
        after,
    };
    audit::record(tx, organization, &actor.into(), line)?;
    Ok(Asked { request, told })
}

/// The letters are about the request, so that they are taken back when it is decided before they leave.
fn tell_deciders(
    tx: &mut Tx<'_>,
    actor: &Actor,
    request: &AccessRequest,
    person: &str,
) -> Result<usize, Fault> {
    let all = deciders(tx, actor.catalogue(), request)?;
    for decider in &all {
        let letter = Letter::AccessAsked {
            organization: decider.organization_name.clone(),
            person: person.to_owned(),
            role: actor.catalogue().role_name(&request.role).to_owned(),
            reason: request.reason.clone(),
            minutes: request.minutes,
            expires_at: request.expires_at,
        };
        let to = mail::Recipient { about: Some(request.about()), ..decider.recipient() };
        mail::enqueue(tx, &to, &letter)?;
    }
    Ok(all.len())
}

/// The roles that whoever acts could ask for now, by identifier and name, in the order of the catalogue.
pub fn choices(conn: &mut AnyConnection, actor: &Actor, now: Moment) -> Result<Vec<(String, String)>, Fault> {
    let Some(user) = actor.user() else { return Ok(Vec::new()) };
    let standing = load_standing(conn, actor.organization(), user, now)?;
    let waiting = store::waiting_roles(conn, actor.organization(), user, now)?;
    let catalogue = actor.catalogue();
    let roles = catalogue.roles().iter();
    let open = roles.filter(|role| !is_held(catalogue, &standing, role) && !waiting.contains(&role.id));
    Ok(open.map(|role| (role.id.clone(), role.name.clone())).collect())
}
