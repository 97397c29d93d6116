//! The letter that shows whether mail arrives: queued from the console, or sent on the spot by the command line.

use super::{
    Letter, Recipient, enqueue,
    letters::Envelope,
    postman::Postman,
    rendering::Postmark,
    transport::{NotSent, Sent},
};
use crate::{
    base::{
        clock::Moment,
        ids::{JobId, OrganizationId, UserId},
    },
    db::{Fault, Tx},
};

/// What the status of this person's test letters is asked by (see [`super::status_of`]).
pub fn about_test_of(user: UserId) -> String {
    format!("test {user}")
}

/// Queues a test letter to the person who asks for it.
pub fn enqueue_test(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    user: UserId,
    name: &str,
    address: &str,
) -> Result<JobId, Fault> {
    let to = Recipient {
        address: address.to_owned(),
        name: name.to_owned(),
        organization: Some(organization),
        about: Some(about_test_of(user)),
    };
    enqueue(tx, &to, &Letter::Test { requested_by: name.to_owned() })
}

impl Postman {
    /// Sends a test letter now, past the outbox, and says what happened.
    pub async fn send_test(&self, address: &str, now: Moment) -> Result<Result<Sent, NotSent>, Fault> {
        let letter = Letter::Test { requested_by: String::new() };
        let envelope = Envelope { address: address.to_owned(), name: String::new(), letter };
        self.send(&envelope, Postmark { id: JobId::new(), at: now }).await
    }
}
