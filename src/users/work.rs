//! Acts on many people, one after the other, each in a transaction of its own.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::{
    commands,
    model::{Act, Errand},
};
use crate::{
    access::Catalogue,
    base::ids::{OrganizationId, UserId},
    db::{Fault, Stop},
    jobs::{self, Handler, Outcome, Queue, Runner, Work, items},
};

/// Gives the runner what this room does.
pub fn joins(runner: Runner, catalogue: Arc<Catalogue>) -> Runner {
    runner.on(Queue::Work, &Act::ALL.map(Act::kind), Arc::new(ActsOnMany { catalogue }))
}

struct ActsOnMany {
    catalogue: Arc<Catalogue>,
}

impl Handler for ActsOnMany {
    fn run<'a>(&'a self, work: &'a Work) -> BoxFuture<'a, Result<Outcome, Fault>> {
        Box::pin(async move {
            let errand: Errand = serde_json::from_value(work.job.parameters.clone())
                .map_err(|e| Fault::broken("reading an errand", e))?;
            let (Some(organization), Some(asker)) = (work.job.organization, work.job.created_by) else {
                return Ok(Outcome::Failed("Whoever asked for this is not known any more.".to_owned()));
            };
            while !work.is_stopping() {
                match self.next(work, (organization, asker, &errand)).await? {
                    Step::Went => {}
                    Step::NothingLeft => return Ok(Outcome::Done),
                    Step::NotOurs => return Ok(Outcome::Interrupted),
                }
            }
            Ok(Outcome::Interrupted)
        })
    }
}

enum Step {
    Went,
    NothingLeft,
    /// Another process has taken the job.
    NotOurs,
}

impl ActsOnMany {
    /// Does the next item. A refusal takes back what the act had begun, and is then written down by itself.
    async fn next(
        &self,
        work: &Work,
        (organization, asker, errand): (OrganizationId, UserId, &Errand),
    ) -> Result<Step, Fault> {
        let id = work.job.id;
        let item = work.db().read(move |conn| items::next_waiting(conn, id)).await?;
        let Some(item) = item else { return Ok(Step::NothingLeft) };
        let (job, errand, catalogue) = (work.job.clone(), errand.clone(), self.catalogue.clone());
        let position = item.position;
        let done = work
            .db()
            .write(organization, move |tx| {
                if !jobs::keep(tx, &job)? {
                    return Ok(Step::NotOurs);
                }
                commands::do_item(tx, &catalogue, (organization, asker, &errand), job.id, &item)?;
                Ok(Step::Went)
            })
            .await;
        match done {
            Ok(step) => Ok(step),
            Err(Stop::Fault(fault)) => Err(fault),
            Err(Stop::Refused(words)) => {
                let job = work.job.clone();
                work.db()
                    .write(organization, move |tx| match jobs::keep(tx, &job)? {
                        true => items::refused(tx, id, position, &words).map(|_| Step::Went),
                        false => Ok(Step::NotOurs),
                    })
                    .await
            }
        }
    }
}
