//! What ends a request or a grant besides an answer: the requester, an administrator, time.

use super::{deciders, go, person_of, tell, tell_requester};
use crate::{
    access::{Actor, Catalogue, Permit, actions::EndGrant},
    access_requests::{
        model::{AccessRequest, Act, ChangeRefusal, State},
        store,
    },
    audit,
    base::ids::{AccessRequestId, OrganizationId},
    db::{Fault, Stop, Tx},
    mail::letters::RequestEvent,
    people,
};

type Outcome = Result<AccessRequest, Stop<ChangeRefusal>>;

/// Takes one's own request back before anybody has answered; those who could have are told.
pub fn withdraw(tx: &mut Tx<'_>, actor: &Actor, id: AccessRequestId) -> Outcome {
    let from = own(tx, actor, id, State::Pending)?;
    let mut to = AccessRequest { ended_at: Some(tx.now()), ended_by: actor.user(), ..from.clone() };
    done(go(tx, &actor.into(), "access_request.withdraw", (&from, Act::Withdraw), &mut to)?)?;
    let asker = person_of(tx.conn(), to.user)?;
    for decider in deciders(tx, actor.catalogue(), &to)? {
        tell(tx, actor.catalogue(), &decider, (&to, asker.clone()), RequestEvent::Withdrawn)?;
    }
    Ok(to)
}

/// Gives a role back before its time is up; whoever approved it is told.
pub fn give_back(tx: &mut Tx<'_>, actor: &Actor, id: AccessRequestId) -> Outcome {
    let from = own(tx, actor, id, State::Approved)?;
    let mut to = AccessRequest { ended_at: Some(tx.now()), ended_by: actor.user(), ..from.clone() };
    done(go(tx, &actor.into(), "access_request.give_back", (&from, Act::End), &mut to)?)?;
    let approver = to.decided_by.map(|user| people::contact(tx.conn(), user)).transpose()?.flatten();
    if let Some(approver) = approver {
        let asker = person_of(tx.conn(), to.user)?;
        let event = RequestEvent::Ended { by: Some(asker.clone()) };
        tell(tx, actor.catalogue(), &approver, (&to, asker), event)?;
    }
    Ok(to)
}

/// Takes a role from whoever holds it by a request, before its time is up; they are told.
pub fn end(tx: &mut Tx<'_>, permit: Permit<EndGrant>) -> Outcome {
    let actor = permit.actor();
    let found = store::find(tx.conn(), permit.organization(), permit.target().of)?;
    let from = is(found, State::Approved, tx)?;
    let mut to = AccessRequest { ended_at: Some(tx.now()), ended_by: actor.user(), ..from.clone() };
    done(go(tx, &actor.into(), permit.name(), (&from, Act::End), &mut to)?)?;
    if Some(to.user) != actor.user() {
        let by = actor.user().map(|user| person_of(tx.conn(), user)).transpose()?.unwrap_or_default();
        tell_requester(tx, actor.catalogue(), &to, RequestEvent::Ended { by: Some(by) })?;
    }
    Ok(to)
}

/// Writes down that the time of a request or of a grant is up, and tells whoever asked. False when that is not so, or
/// somebody has written it down already: however many instances try, one does it.
pub fn lapse(
    tx: &mut Tx<'_>,
    catalogue: &Catalogue,
    organization: OrganizationId,
    id: AccessRequestId,
) -> Result<bool, Fault> {
    let now = tx.now();
    let Some(from) = store::find(tx.conn(), organization, id)? else { return Ok(false) };
    if from.state_at(now) == from.state {
        return Ok(false);
    }
    let mut to = AccessRequest { ended_at: from.ends_at.or(Some(from.expires_at)), ..from.clone() };
    let (action, event) = match from.state {
        State::Approved => ("access_request.end", RequestEvent::Ended { by: None }),
        _ => ("access_request.expire", RequestEvent::Expired),
    };
    if !go(tx, &audit::By::system(), action, (&from, Act::Lapse), &mut to)? {
        return Ok(false);
    }
    tell_requester(tx, catalogue, &to, event)?;
    Ok(true)
}

/// The request of whoever acts, in this state.
fn own(tx: &mut Tx<'_>, actor: &Actor, id: AccessRequestId, state: State) -> Outcome {
    let found = store::find(tx.conn(), actor.organization(), id)?;
    is(found.filter(|request| Some(request.user) == actor.user()), state, tx)
}

fn is(found: Option<AccessRequest>, state: State, tx: &Tx<'_>) -> Outcome {
    let request = found.ok_or(Stop::Refused(ChangeRefusal::NoSuchRequest))?;
    match request.state_at(tx.now()) {
        it if it == state => Ok(request),
        other => Err(Stop::Refused(ChangeRefusal::Is(other))),
    }
}

fn done(is_done: bool) -> Result<(), Fault> {
    match is_done {
        true => Ok(()),
        false => Err(Fault::broken("changing a request", "it changed under the organization's lock")),
    }
}
