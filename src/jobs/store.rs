//! The rows of `jobs`: enqueued, leased, ended. Every step is one compare-and-set.

use diesel::prelude::*;

use super::model::{JobState, NewJob};
use crate::{
    base::ids::JobId,
    db::{Fault, Tx, on_each, schema::jobs},
};

/// Adds work to its queue, to be done once this transaction is committed. When an unfinished job bears the same
/// `singleton` name, nothing is added and the answer is that job's id.
pub fn enqueue(tx: &mut Tx<'_>, job: &NewJob<'_>) -> Result<JobId, Fault> {
    let id = JobId::new();
    let row = (
        jobs::id.eq(&id),
        jobs::organization_id.eq(job.organization.as_ref()),
        jobs::queue.eq(job.queue),
        jobs::kind.eq(job.kind),
        jobs::parameters.eq(job.parameters.to_string()),
        jobs::about.eq(job.about),
        jobs::singleton.eq(job.singleton),
        jobs::state.eq(JobState::Waiting),
        jobs::run_at.eq(job.run_at),
        jobs::created_by.eq(job.created_by.as_ref()),
        jobs::created_at.eq(tx.now()),
    );
    // ON CONFLICT is not in the common subset.
    let added = on_each!(tx.conn(), conn => diesel::insert_into(jobs::table)
        .values(row)
        .on_conflict(jobs::singleton)
        .do_nothing()
        .execute(conn)?);
    tx.announce();
    match job.singleton {
        Some(name) if added == 0 => {
            Ok(jobs::table.filter(jobs::singleton.eq(name)).select(jobs::id).first(tx.conn())?)
        }
        _ => Ok(id),
    }
}
