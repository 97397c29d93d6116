//! Work besides requests: letters sent once more, and the inviter told when one is given up.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::commands::{self, SEND_AGAIN, WantedLetter};
use crate::{
    db::{Fault, Tx},
    jobs::{Handler, Outcome, Queue, Runner, Work},
    mail::{FailedLetter, OnFinalFailure},
};

/// Gives the runner what this room does.
pub fn joins(runner: Runner) -> Runner {
    runner.on(Queue::Work, &[SEND_AGAIN], Arc::new(SendsAgain))
}

struct SendsAgain;

impl Handler for SendsAgain {
    fn run<'a>(&'a self, work: &'a Work) -> BoxFuture<'a, Result<Outcome, Fault>> {
        Box::pin(async move {
            let wanted: WantedLetter = serde_json::from_value(work.job.parameters.clone())
                .map_err(|e| Fault::broken("reading what to send again", e))?;
            let email = wanted.email.clone();
            let waiting = work.db().read(move |conn| commands::waiting_for(conn, &email)).await?;
            for (organization, id) in waiting {
                let origin = wanted.origin();
                work.db()
                    .write(organization, move |tx| commands::send_again(tx, organization, id, &origin))
                    .await?;
            }
            Ok(Outcome::Done)
        })
    }
}

/// Tells whoever sent an invitation that its letter is given up.
pub struct TellsInviter;

impl OnFinalFailure for TellsInviter {
    fn given_up(&self, tx: &mut Tx<'_>, failed: &FailedLetter) -> Result<(), Fault> {
        commands::tell_of_failure(tx, failed)
    }
}
