//! The stream: lines sent on to an address of the organization's as they are written.

mod courier;
mod settings;

pub use courier::{Courier, Sent};
pub use settings::{Done, act, enqueue_late, give_up, stream};

use crate::{
    audit::store,
    base::ids::OrganizationId,
    db::{Fault, Tx},
    jobs::{self, NewJob, Queue},
};

/// Sends lines until none is left.
pub const SEND: &str = "audit.stream";
/// Sends one message that says nothing.
pub const SEND_TEST: &str = "audit.stream_test";

/// Has the lines sent, if the organization wants that. Called for each line that is written.
pub(super) fn announce(tx: &mut Tx<'_>, organization: OrganizationId) -> Result<(), Fault> {
    match store::streams::is_on(tx.conn(), organization)? {
        true => enqueue(tx, organization, SEND),
        false => Ok(()),
    }
}

fn enqueue(tx: &mut Tx<'_>, organization: OrganizationId, kind: &str) -> Result<(), Fault> {
    let singleton = format!("{kind}:{organization}");
    let job = NewJob {
        organization: Some(organization),
        singleton: Some(&singleton),
        ..NewJob::new(Queue::Mail, kind, serde_json::Value::Null, tx.now())
    };
    jobs::enqueue(tx, &job).map(drop)
}

/// What a stream's secret is sealed for.
fn purpose(organization: OrganizationId) -> String {
    format!("audit stream of {organization}")
}
