//! Letting somebody go, and having them back.

use serde_json::json;

use crate::{
    access::{
        Permit,
        actions::{DeactivateUser, ReactivateUser},
        hold_last_administrator, last_administrator,
    },
    access_requests, audit,
    base::clock::Moment,
    db::{AnyConnection, Fault, Stop, Tx},
    invitations,
    people::{self, Status},
    tokens,
    users::{
        model::{Parting, StatusRefusal, Who},
        store,
    },
    web::session,
};

/// What [`deactivate`] would do now; nothing when there is no such person.
pub fn parting(
    conn: &mut AnyConnection,
    permit: &Permit<DeactivateUser>,
    now: Moment,
) -> Result<Option<Parting>, Fault> {
    let (organization, user) = (permit.organization(), permit.target().of);
    let Some(who) = store::who(conn, organization, user)? else { return Ok(None) };
    Ok(Some(Parting {
        sessions: session::store::count_of(conn, user, now)?,
        tokens: tokens::live_of(conn, user, now)?,
        invitations: invitations::pending_count(conn, organization, user)?,
        requests: access_requests::count_open(conn, organization, user, now)?,
        is_last_administrator: last_administrator(conn, organization)? == Some(user),
        who,
    }))
}

/// Lets somebody go: from the next request on they can do nothing by any path, the invitations they sent open
/// nothing, and what they ask for or hold by access requests ends. Their account stays.
pub fn deactivate(tx: &mut Tx<'_>, permit: Permit<DeactivateUser>) -> Result<Who, Stop<StatusRefusal>> {
    let (organization, user) = (permit.organization(), permit.target().of);
    let who = store::who(tx.conn(), organization, user)?;
    let who = who.ok_or(Stop::Refused(StatusRefusal::NoSuchPerson))?;
    if !people::change_status(tx, organization, user, Status::Active, Status::Deactivated)? {
        return Err(Stop::Refused(StatusRefusal::Is(who)));
    }
    hold_last_administrator(tx, organization)
        .map_err(|stop| stop.map(|_| StatusRefusal::LastAdministrator(who.clone())))?;
    let sessions = session::store::end_all_of(tx, user)?;
    let revoked = invitations::revoke_all_of(tx, &permit.actor().into(), organization, user)?;
    let closed = access_requests::close_all_of(tx, permit.actor(), user)?;
    let now = tx.now();
    let suspended = tokens::live_of(tx.conn(), user, now)?;
    let line = audit::Line {
        action: permit.name(),
        target: audit::Target::user(user),
        before: json!({ "status": Status::Active.as_str() }),
        after: json!({
            "status": Status::Deactivated.as_str(),
            "sessions_ended": sessions,
            "invitations_revoked": revoked,
            "access_requests_withdrawn": closed.waiting,
            "access_grants_ended": closed.held,
            "tokens_suspended": suspended,
        }),
    };
    audit::record(tx, organization, &permit.actor().into(), line)?;
    Ok(who)
}

/// What becomes of the access tokens of somebody who comes back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tokens {
    #[default]
    Revoked,
    /// They work again; only by an explicit choice.
    Kept,
}

/// Has somebody back, with the groups they had. They sign in anew.
pub fn reactivate(
    tx: &mut Tx<'_>,
    permit: Permit<ReactivateUser>,
    tokens: Tokens,
) -> Result<Who, Stop<StatusRefusal>> {
    let (organization, user) = (permit.organization(), permit.target().of);
    let who = store::who(tx.conn(), organization, user)?;
    let who = who.ok_or(Stop::Refused(StatusRefusal::NoSuchPerson))?;
    if !people::change_status(tx, organization, user, Status::Deactivated, Status::Active)? {
        return Err(Stop::Refused(StatusRefusal::Is(who)));
    }
    let mut after = json!({ "status": Status::Active.as_str() });
    match tokens {
        Tokens::Revoked => after["tokens_revoked"] = json!(tokens::revoke_all_of(tx, user)?),
        Tokens::Kept => {
            let now = tx.now();
            after["tokens_kept"] = json!(tokens::live_of(tx.conn(), user, now)?);
        }
    }
    let line = audit::Line {
        action: permit.name(),
        target: audit::Target::user(user),
        before: json!({ "status": Status::Deactivated.as_str() }),
        after,
    };
    audit::record(tx, organization, &permit.actor().into(), line)?;
    Ok(who)
}
