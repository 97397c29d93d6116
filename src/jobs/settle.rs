//! What a try came to is written down, as long as the work is still ours.

use std::{sync::Arc, time::Duration};

use super::{
    backoff,
    model::Job,
    runner::{Handler, Outcome, Work},
    store,
};
use crate::{
    base::clock::Moment,
    db::{Db, Fault, Tx},
};

/// While the database is away, the end of a job is kept in mind this long, so that a letter is not sent twice.
const KEPT_IN_MIND: usize = 30;

/// `again_at` is when recurring work is due again: a period after it began, so that what became due while it ran is not
/// looked for a period later than promised.
pub async fn settle(work: &Work, handler: Arc<dyn Handler>, outcome: Outcome, again_at: Option<Moment>) {
    let job = &work.job;
    for _ in 0..KEPT_IN_MIND {
        match write(&work.db, handler.clone(), job.clone(), outcome.clone(), again_at).await {
            Ok(true) => return,
            Ok(false) => {
                tracing::debug!(job = job.id.as_str(), "a job was cancelled or taken over meanwhile");
                return;
            }
            Err(error) if error.is_unavailable() => tokio::time::sleep(Duration::from_secs(1)).await,
            Err(error) => {
                tracing::error!(%error, job = job.id.as_str(), "the end of a job could not be written");
                return;
            }
        }
    }
    tracing::error!(job = job.id.as_str(), "the end of a job could not be written: the database is away");
}

/// One transaction; the organization is locked when the end of the job has to be told.
async fn write(
    db: &Db,
    handler: Arc<dyn Handler>,
    job: Job,
    outcome: Outcome,
    again_at: Option<Moment>,
) -> Result<bool, Fault> {
    let jitter: f64 = rand::random();
    let may_be_told = matches!(outcome, Outcome::Failed(_) | Outcome::TryAgain(_));
    let organization = job.organization.filter(|_| may_be_told);
    db.write(organization, move |tx| match (&outcome, again_at) {
        (Outcome::Interrupted, _) => store::give_back(tx, &job),
        (Outcome::Done, None) => store::complete(tx, &job),
        (Outcome::Failed(problem), None) => give_up(tx, handler.as_ref(), &job, problem),
        (Outcome::TryAgain(problem), None) => {
            match backoff::next_try(job.attempts, job.created_at, tx.now(), jitter) {
                Some(at) => store::try_again_at(tx, &job, at, problem),
                None => give_up(tx, handler.as_ref(), &job, problem),
            }
        }
        (Outcome::TryAgain(problem), Some(_)) => {
            let at = tx.now().plus(backoff::pause(job.attempts, jitter));
            store::try_again_at(tx, &job, at, problem)
        }
        (Outcome::Done | Outcome::Failed(_), Some(at)) => store::rest_until(tx, &job, at),
    })
    .await
}

fn give_up(tx: &mut Tx<'_>, handler: &dyn Handler, job: &Job, problem: &str) -> Result<bool, Fault> {
    let is_ours = store::fail_for_good(tx, job, problem)?;
    if is_ours {
        tracing::warn!(job = job.id.as_str(), kind = job.kind, problem, "a job is given up");
        handler.given_up(tx, job, problem)?;
    }
    Ok(is_ours)
}

/// Makes work that is not begun or not finished free for others at once.
pub async fn give_back(db: &Db, job: Job) {
    let id = job.id;
    if let Err(error) = db.write(None, move |tx| store::give_back(tx, &job)).await {
        tracing::warn!(%error, job = id.as_str(), "a job could not be given back; it is free when its lease ends");
    }
}
