//! An administrator requires a new password of somebody, and neither sets nor sees one.

use serde_json::json;

use super::mail_new_link;
use crate::{
    access::{Permit, actions::RequirePassword, hold_last_administrator, last_administrator},
    audit::{self, Line, Target},
    base::clock::Moment,
    db::{AnyConnection, Fault, Stop, Tx},
    mail::letters::Reset,
    passwords::{
        model::{Holder, RequireRefusal, Requirement},
        store,
    },
    people::Status,
    web::session,
};

/// What [`require`] would do now; nothing when there is no such person.
pub fn requirement(
    conn: &mut AnyConnection,
    permit: &Permit<RequirePassword>,
    now: Moment,
) -> Result<Option<Requirement>, Fault> {
    let Some(holder) = of_organization(conn, permit)? else { return Ok(None) };
    let is_last = last_administrator(conn, holder.organization)? == Some(holder.user);
    Ok(Some(Requirement {
        sessions: session::store::count_of(conn, holder.user, now)?,
        obstacle: obstacle(permit, &holder).or(is_last.then_some(RequireRefusal::LastAdministrator)),
        name: holder.shown().to_owned(),
        email: holder.email,
    }))
}

/// From now on the password of this person lets nobody in; their sessions end, and a link to set a new one is mailed.
/// Returns whom it was mailed to.
pub fn require(
    tx: &mut Tx<'_>,
    permit: Permit<RequirePassword>,
) -> Result<Requirement, Stop<RequireRefusal>> {
    let holder = of_organization(tx.conn(), &permit)?.ok_or(Stop::Refused(RequireRefusal::NoSuchPerson))?;
    if let Some(obstacle) = obstacle(&permit, &holder) {
        return Err(Stop::Refused(obstacle));
    }
    if !store::disable(tx, holder.user)? {
        return Err(Stop::Refused(RequireRefusal::NoPassword));
    }
    hold_last_administrator(tx, holder.organization)
        .map_err(|stop| stop.map(|_| RequireRefusal::LastAdministrator))?;
    let ended = session::store::end_all_of(tx, holder.user)?;
    mail_new_link(tx, &holder, Reset::Required)?;
    let line = Line {
        action: permit.name(),
        target: Target::user(holder.user),
        before: json!({}),
        after: json!({ "sessions_ended": ended }),
    };
    audit::record(tx, holder.organization, &permit.actor().into(), line)?;
    Ok(Requirement { name: holder.shown().to_owned(), email: holder.email, sessions: 0, obstacle: None })
}

fn of_organization(
    conn: &mut AnyConnection,
    permit: &Permit<RequirePassword>,
) -> Result<Option<Holder>, Fault> {
    let found = store::holder(conn, permit.target().of)?;
    Ok(found.filter(|holder| holder.organization == permit.organization()))
}

fn obstacle(permit: &Permit<RequirePassword>, holder: &Holder) -> Option<RequireRefusal> {
    if permit.actor().user() == Some(holder.user) {
        Some(RequireRefusal::Oneself)
    } else if holder.status != Status::Active {
        Some(RequireRefusal::NotActive)
    } else if holder.credential.is_none() {
        Some(RequireRefusal::NoPassword)
    } else {
        None
    }
}
