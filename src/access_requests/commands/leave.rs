//! What of somebody's ends when they leave.

use super::{deciders, go, person_of, tell};
use crate::{
    access::Actor,
    access_requests::{
        model::{AccessRequest, Act, Open, State},
        store,
    },
    base::{
        clock::Moment,
        ids::{OrganizationId, UserId},
    },
    db::{AnyConnection, Fault, Tx},
    mail::letters::RequestEvent,
    people,
};

/// What [`close_all_of`] would end now.
pub fn count_open(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    user: UserId,
    now: Moment,
) -> Result<Open, Fault> {
    store::count_open(conn, organization, user, now)
}

/// Withdraws what somebody asks for and ends what they hold by requests, one audit line each. For deactivation, in its
/// transaction. Those who could have answered and who approved are told, but for whoever does it; the person is not,
/// for they cannot sign in any more.
pub fn close_all_of(tx: &mut Tx<'_>, by: &Actor, user: UserId) -> Result<Open, Fault> {
    let (organization, now) = (by.organization(), tx.now());
    let mut closed = Open::default();
    for from in store::open_of(tx.conn(), organization, user)? {
        let (action, act) = match (from.state, from.state_at(now)) {
            (State::Pending, State::Pending) => ("access_request.withdraw", Act::Withdraw),
            (State::Approved, State::Approved) => ("access_request.end", Act::End),
            (State::Approved, _) => ("access_request.end", Act::Lapse),
            (_, _) => ("access_request.expire", Act::Lapse),
        };
        let mut to = AccessRequest { ended_at: Some(now), ..from.clone() };
        if !go(tx, &by.into(), action, (&from, act), &mut to)? {
            return Err(Fault::broken("ending requests", "one changed under the organization's lock"));
        }
        match act {
            Act::Withdraw => {
                closed.waiting += 1;
                tell_of_withdrawal(tx, by, &to)?;
            }
            Act::End => {
                closed.held += 1;
                tell_of_end(tx, by, &to)?;
            }
            Act::Approve | Act::Deny | Act::Lapse => {}
        }
    }
    Ok(closed)
}

fn tell_of_withdrawal(tx: &mut Tx<'_>, by: &Actor, request: &AccessRequest) -> Result<(), Fault> {
    let asker = person_of(tx.conn(), request.user)?;
    for decider in deciders(tx, by.catalogue(), request)? {
        if Some(decider.user) != by.user() {
            tell(tx, by.catalogue(), &decider, (request, asker.clone()), RequestEvent::Withdrawn)?;
        }
    }
    Ok(())
}

fn tell_of_end(tx: &mut Tx<'_>, by: &Actor, request: &AccessRequest) -> Result<(), Fault> {
    let approver = request.decided_by.filter(|approver| Some(*approver) != by.user());
    let Some(approver) = approver.map(|user| people::contact(tx.conn(), user)).transpose()?.flatten() else {
        return Ok(());
    };
    let asker = person_of(tx.conn(), request.user)?;
    let who = by.user().map(|user| person_of(tx.conn(), user)).transpose()?.unwrap_or_default();
    tell(tx, by.catalogue(), &approver, (request, asker), RequestEvent::Ended { by: Some(who) })
}
