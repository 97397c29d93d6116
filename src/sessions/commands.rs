//! Seeing and ending sessions.

use serde_json::json;

use super::{
    model::{Over, Session},
    store,
};
use crate::{
    access::{Actor, Permit, actions::EndSessions},
    audit,
    base::{
        clock::Moment,
        ids::{SessionId, UserId},
    },
    db::{AnyConnection, Fault, Stop, Tx},
    mail::letters::AccountEvent,
    people,
    web::{
        device,
        session::{self, Who},
    },
};

/// Where somebody is signed in now, the place used last first.
pub fn of_person(conn: &mut AnyConnection, user: UserId, now: Moment) -> Result<Vec<Session>, Fault> {
    let Some(limits) = store::limits(conn, user)? else { return Ok(Vec::new()) };
    let mut sessions = store::of_person(conn, user, now)?;
    sessions.retain(|session| limits.allow(session, now));
    Ok(sessions)
}

/// Ends one of one's own sessions; returns its device in words.
pub fn end(tx: &mut Tx<'_>, actor: &Actor, user: UserId, session: SessionId) -> Result<String, Stop<Over>> {
    let agent = store::agent(tx.conn(), user, session)?.ok_or(Stop::Refused(Over))?;
    if !store::delete(tx, user, session)? {
        return Err(Stop::Refused(Over));
    }
    let device = device::in_words(&agent);
    people::tell(tx, user, AccountEvent::SessionsEnded { by: None })?;
    record(tx, actor, "account.session_end", user, json!({ "device": device }))?;
    Ok(device)
}

/// Ends all sessions of a person but this one, also those that are being written just now. Returns what this one goes
/// on as, and how many ended.
pub fn end_others(tx: &mut Tx<'_>, actor: &Actor, who: &Who) -> Result<(Who, usize), Fault> {
    let (who, ended) = session::store::end_others_of(tx, who)?;
    if ended > 0 {
        people::tell(tx, who.user, AccountEvent::SessionsEnded { by: None })?;
    }
    record(tx, actor, "account.sessions_end", who.user, json!({ "sessions_ended": ended }))?;
    Ok((who, ended))
}

/// Ends all sessions of somebody, who is told by whom. Returns how many there were.
pub fn end_all(tx: &mut Tx<'_>, permit: Permit<EndSessions>) -> Result<usize, Fault> {
    let user = permit.target().of;
    let ended = session::store::end_all_of(tx, user)?;
    let by = match permit.actor().user() {
        Some(by) => people::contact(tx.conn(), by)?.map(|by| by.shown().to_owned()),
        None => None,
    };
    people::tell(tx, user, AccountEvent::SessionsEnded { by: Some(by.unwrap_or_default()) })?;
    record(tx, permit.actor(), permit.name(), user, json!({ "sessions_ended": ended }))?;
    Ok(ended)
}

fn record(
    tx: &mut Tx<'_>,
    actor: &Actor,
    action: &'static str,
    user: UserId,
    after: serde_json::Value,
) -> Result<(), Fault> {
    let line = audit::Line { action, target: audit::Target::user(user), before: json!({}), after };
    audit::record(tx, actor.organization(), &actor.into(), line)
}
