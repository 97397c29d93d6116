//! What happens to requests: each act is one transaction with its rows, its audit line and its letters.

mod ask;
mod change;
mod decide;
mod leave;
mod reading;

use serde_json::{Value, json};

use super::model::{AccessRequest, Act, State, administers};
use super::store;
use crate::{
    access::{
        Catalogue, IAM_ADMIN, Role,
        actions::{Action, DecideRequest},
    },
    audit,
    base::ids::UserId,
    db::{AnyConnection, Fault, Tx},
    mail::{self, Letter, letters::RequestEvent},
    people::{self, Contact},
};

pub use ask::{ask, choices};
pub use change::{end, give_back, lapse, withdraw};
pub use decide::decide;
pub use leave::{close_all_of, count_open};
pub use reading::{due, everybody, mine, seen};

/// At most this many approvers are told of a request.
const MOST_TOLD: usize = 50;
/// Among at most this many approvers those are sought who administer.
const MOST_SOUGHT: i64 = 500;

/// Takes a request from the state it was read in to the one after this act: the row, and one audit line. False when
/// somebody else was faster, or the act is not possible.
fn go(
    tx: &mut Tx<'_>,
    by: &audit::By,
    action: &'static str,
    (from, act): (&AccessRequest, Act),
    to: &mut AccessRequest,
) -> Result<bool, Fault> {
    let Some(state) = from.state.after(act) else { return Ok(false) };
    to.state = state;
    if !store::change(tx, from.state, to)? {
        return Ok(false);
    }
    mail::cancel_waiting(tx, &to.about())?;
    let person = person_of(tx.conn(), to.user)?;
    let mut after = described(&person, to);
    after["state"] = json!(to.state.as_str());
    if to.state == State::Approved {
        after["until"] = json!(to.ends_at.map(|at| at.rfc3339()));
    }
    if !to.note.is_empty() && from.note.is_empty() {
        after["note"] = json!(to.note);
    }
    let line = audit::Line {
        action,
        target: audit::Target::access_request(to.id),
        before: json!({ "state": from.state.as_str() }),
        after,
    };
    audit::record(tx, to.organization, by, line)?;
    Ok(true)
}

/// Who asks for what, for how long.
fn described(person: &str, request: &AccessRequest) -> Value {
    json!({ "person": person, "role": request.role, "minutes": request.minutes })
}

fn person_of(conn: &mut AnyConnection, user: UserId) -> Result<String, Fault> {
    let contact = people::contact(conn, user)?;
    Ok(contact.map(|contact| contact.shown().to_owned()).unwrap_or_default())
}

/// Mails whoever asked what became of it.
fn tell_requester(
    tx: &mut Tx<'_>,
    catalogue: &Catalogue,
    request: &AccessRequest,
    event: RequestEvent,
) -> Result<(), Fault> {
    let Some(person) = people::contact(tx.conn(), request.user)? else { return Ok(()) };
    tell(tx, catalogue, &person, (request, String::new()), event)
}

/// Mails somebody what became of a request; `asker` is who asked, unless it is their own.
fn tell(
    tx: &mut Tx<'_>,
    catalogue: &Catalogue,
    to: &Contact,
    (request, asker): (&AccessRequest, String),
    event: RequestEvent,
) -> Result<(), Fault> {
    let letter = Letter::AccessNews {
        organization: to.organization_name.clone(),
        person: asker,
        role: catalogue.role_name(&request.role).to_owned(),
        event,
    };
    mail::enqueue(tx, &to.recipient(), &letter).map(drop)
}

/// Those who are told of this request because they may decide it: never whoever asks, at most [`MOST_TOLD`].
fn deciders(tx: &mut Tx<'_>, catalogue: &Catalogue, request: &AccessRequest) -> Result<Vec<Contact>, Fault> {
    let at = (request.organization, tx.now());
    let may_decide = |role: &&Role| role.actions.contains(DecideRequest::NAME);
    let roles: Vec<&str> = catalogue.roles().iter().filter(may_decide).map(|role| role.id.as_str()).collect();
    let mut found = store::holders(tx.conn(), at, &roles, None, MOST_SOUGHT)?;
    if administers(catalogue, &request.role) {
        found = store::holders(tx.conn(), at, &[IAM_ADMIN], Some(&found), MOST_SOUGHT)?;
    }
    found.retain(|user| *user != request.user);
    found.truncate(MOST_TOLD);
    let mut contacts = Vec::with_capacity(found.len());
    for user in found {
        contacts.extend(people::contact(tx.conn(), user)?);
    }
    Ok(contacts)
}
