//! Work besides requests: links mailed to who has forgotten their password.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::commands::{self, MAIL_LINK, WantedLink};
use crate::{
    db::Fault,
    jobs::{Handler, Outcome, Queue, Runner, Work},
};

/// Gives the runner what this room does.
pub fn joins(runner: Runner) -> Runner {
    runner.on(Queue::Work, &[MAIL_LINK], Arc::new(MailsLinks))
}

struct MailsLinks;

impl Handler for MailsLinks {
    fn run<'a>(&'a self, work: &'a Work) -> BoxFuture<'a, Result<Outcome, Fault>> {
        Box::pin(async move {
            let wanted: WantedLink = serde_json::from_value(work.job.parameters.clone())
                .map_err(|e| Fault::broken("reading whose link is wanted", e))?;
            let email = wanted.email.clone();
            let accounts = work.db().read(move |conn| commands::who_may_be_mailed(conn, &email)).await?;
            for (organization, user) in accounts {
                let origin = wanted.origin();
                work.db().write(organization, move |tx| commands::mail_link(tx, user, &origin)).await?;
            }
            Ok(Outcome::Done)
        })
    }
}
