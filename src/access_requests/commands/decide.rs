//! Approving and denying.

use super::{go, person_of, tell_requester};
use crate::{
    access::{IAM_ADMIN, Permit, actions::DecideRequest},
    access_requests::{
        model::{AccessRequest, DecideRefusal, Decision, State, Verdict, administers},
        store,
    },
    db::{Fault, Stop, Tx},
    mail::letters::RequestEvent,
};

/// Answers a request that waits; whoever asked is told.
///
/// Approving is deciding, not granting: an approver need not hold the role, for that is what the role of an approver
/// is for. Two things are fixed: nobody decides about their own request, and what leads to IAM Admin is approved only
/// by somebody who holds IAM Admin. Denying needs no more than being an approver.
pub fn decide(
    tx: &mut Tx<'_>,
    permit: Permit<DecideRequest>,
    decision: &Decision,
) -> Result<AccessRequest, Stop<DecideRefusal>> {
    let (actor, now) = (permit.actor(), tx.now());
    let found = store::find(tx.conn(), permit.organization(), permit.target().of)?;
    let from = found.ok_or(Stop::Refused(DecideRefusal::NoSuchRequest))?;
    if Some(from.user) == actor.user() {
        return Err(Stop::Refused(DecideRefusal::OwnRequest));
    }
    if from.state_at(now) != State::Pending {
        return Err(Stop::Refused(DecideRefusal::Is(from.state_at(now))));
    }
    if decision.verdict == Verdict::Approve {
        if actor.catalogue().role(&from.role).is_none() {
            return Err(Stop::Refused(DecideRefusal::RoleGone));
        }
        if administers(actor.catalogue(), &from.role) && !actor.standing().holds(IAM_ADMIN) {
            return Err(Stop::Refused(DecideRefusal::NeedsAdministrator));
        }
    }
    let until = now.plus(from.length());
    let mut to = AccessRequest {
        decided_at: Some(now),
        decided_by: actor.user(),
        note: decision.note.clone(),
        ends_at: (decision.verdict == Verdict::Approve).then_some(until),
        ..from.clone()
    };
    if !go(tx, &actor.into(), permit.name(), (&from, decision.verdict.act()), &mut to)? {
        return Err(Fault::broken("deciding a request", "it changed under the organization's lock").into());
    }
    let by = actor.user().map(|user| person_of(tx.conn(), user)).transpose()?.unwrap_or_default();
    let note = decision.note.clone();
    let event = match decision.verdict {
        Verdict::Approve => RequestEvent::Approved { by, note, until },
        Verdict::Deny => RequestEvent::Denied { by, note },
    };
    tell_requester(tx, actor.catalogue(), &to, event)?;
    Ok(to)
}
