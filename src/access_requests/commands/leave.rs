//! What of somebody's ends when they leave.

use super::go;
use crate::{
    access_requests::{
        model::{AccessRequest, Act, Open, State},
        store,
    },
    audit,
    base::{
        clock::Moment,
        ids::{OrganizationId, UserId},
    },
    db::{AnyConnection, Fault, Tx},
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
/// transaction; nobody is mailed.
pub fn close_all_of(
    tx: &mut Tx<'_>,
    by: &audit::By,
    organization: OrganizationId,
    user: UserId,
) -> Result<Open, Fault> {
    let now = tx.now();
    let mut closed = Open::default();
    for from in store::open_of(tx.conn(), organization, user)? {
        let (action, act) = match (from.state, from.state_at(now)) {
            (State::Pending, State::Pending) => ("access_request.withdraw", Act::Withdraw),
            (State::Approved, State::Approved) => ("access_request.end", Act::End),
            (State::Approved, _) => ("access_request.end", Act::Lapse),
            (_, _) => ("access_request.expire", Act::Lapse),
        };
        let mut to = AccessRequest { ended_at: Some(now), ..from.clone() };
        if !go(tx, by, action, (&from, act), &mut to)? {
            return Err(Fault::broken("ending requests", "one changed under the organization's lock"));
        }
        match act {
            Act::Withdraw => closed.waiting += 1,
            Act::End => closed.held += 1,
            Act::Approve | Act::Deny | Act::Lapse => {}
        }
    }
    Ok(closed)
}
