//! Housekeeping of the jobs themselves: those that ended long ago are deleted.

use std::sync::Arc;

use chrono::Duration;
use futures_util::future::BoxFuture;

use super::{
    runner::{Handler, Outcome, Runner, Work},
    store,
};
use crate::db::Fault;

/// What became of a letter can be seen this long after its end.
pub const KEPT_FOR: Duration = Duration::days(30);

/// Rows deleted in one transaction, so that nobody waits long for it.
const BATCH: i64 = 1_000;

struct SweepJobs;

/// Lets a runner delete old jobs every hour.
pub fn sweeping_jobs(runner: Runner) -> Runner {
    runner.every("sweep_jobs", Duration::hours(1), Arc::new(SweepJobs))
}

impl Handler for SweepJobs {
    fn run<'a>(&'a self, work: &'a Work) -> BoxFuture<'a, Result<Outcome, Fault>> {
        Box::pin(async move {
            while !work.is_stopping() {
                let swept = work
                    .db()
                    .write(None, |tx| {
                        let before = tx.now().minus(KEPT_FOR);
                        store::sweep(tx, before, BATCH)
                    })
                    .await?;
                if (swept as i64) < BATCH {
                    return Ok(Outcome::Done);
                }
            }
            Ok(Outcome::Interrupted)
        })
    }
}
