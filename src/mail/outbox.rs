//! The outbox: letters are put in by the transaction they belong to, and taken out by the postman.

use super::{
    letters::{Envelope, Letter, Recipient},
    store::{self, MailStatus},
};
use crate::{
    base::ids::{JobId, OrganizationId},
    db::{AnyConnection, Fault, Tx},
    jobs::{self, NewJob, Queue},
};

/// Queues a letter; it is sent once this transaction is committed, and never when it is not.
pub fn enqueue(tx: &mut Tx<'_>, to: &Recipient, letter: &Letter) -> Result<JobId, Fault> {
    let parameters = parameters(to, letter)?;
    let job = NewJob {
        organization: to.organization,
        about: to.about.as_deref(),
        ..NewJob::new(Queue::Mail, letter.kind(), parameters, tx.now())
    };
    jobs::enqueue(tx, &job)
}

/// What the outbox keeps of a letter.
pub fn parameters(to: &Recipient, letter: &Letter) -> Result<serde_json::Value, Fault> {
    let envelope = Envelope { address: to.address.clone(), name: to.name.clone(), letter: letter.clone() };
    serde_json::to_value(envelope).map_err(|e| Fault::broken("writing a letter down", e))
}

/// Takes back what waits to be sent about something that was revoked or is being sent anew, and says how many letters
/// that were. A letter that is on its way at this moment may still arrive; it is not tried again.
pub fn cancel_waiting(tx: &mut Tx<'_>, about: &str) -> Result<usize, Fault> {
    store::cancel_waiting(tx, about)
}

/// Sends a letter that had failed again, for another 24 hours; false when it had not failed.
pub fn retry(tx: &mut Tx<'_>, job: JobId) -> Result<bool, Fault> {
    store::retry(tx, job)
}

/// [`retry`] of the latest letter about something; false when that has not failed.
pub fn retry_about(tx: &mut Tx<'_>, organization: OrganizationId, about: &str) -> Result<bool, Fault> {
    let about = [about.to_owned()];
    match store::latest(tx.conn(), organization, &about)?.pop() {
        Some(letter) => store::retry(tx, letter.job),
        None => Ok(false),
    }
}

/// What became of the latest letter about each of these, in one query; of some there may be none.
pub fn status_of(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    abouts: &[String],
) -> Result<Vec<MailStatus>, Fault> {
    store::latest(conn, organization, abouts)
}
