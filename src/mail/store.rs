//! The outbox's rows: the jobs of the queue `mail`.

use std::collections::HashMap;

use diesel::{dsl::count_star, prelude::*};

use crate::{
    base::{
        clock::Moment,
        ids::{JobId, OrganizationId},
    },
    db::{AnyConnection, Fault, Tx, among, on_each, schema::jobs},
    jobs::{JobState, Queue},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailState {
    Queued,
    Sent,
    Failed,
}

/// What became of a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailStatus {
    pub about: String,
    pub job: JobId,
    pub state: MailState,
    /// What the mail server said last; empty when it never objected.
    pub words: String,
    /// When it was queued, sent or given up.
    pub at: Moment,
    pub attempts: i32,
}

type Row = (String, JobId, JobState, String, Moment, Option<Moment>, i32);

pub fn latest(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    abouts: &[String],
) -> Result<Vec<MailStatus>, Fault> {
    // Queue and organization are looked at here: SQLite would take the index of the queue, with all its letters.
    let rows = jobs::table
        .filter(among(jobs::about, abouts)?)
        .filter(jobs::state.ne(JobState::Cancelled))
        .order((jobs::created_at, jobs::id))
        .select((
            (jobs::organization_id, jobs::queue),
            (
                jobs::about.assume_not_null(),
                jobs::id,
                jobs::state,
                jobs::problem,
                jobs::created_at,
                jobs::ended_at,
                jobs::attempts,
            ),
        ));
    let rows: Vec<((Option<OrganizationId>, Queue), Row)> = on_each!(conn, c => rows.load(c))?;
    let of_mail = rows.into_iter().filter(|(place, _)| *place == (Some(organization), Queue::Mail));
    let latest: HashMap<String, MailStatus> = of_mail.map(|(_, row)| (row.0.clone(), status(row))).collect();
    Ok(latest.into_values().collect())
}

fn status((about, job, state, words, created_at, ended_at, attempts): Row) -> MailStatus {
    let state = match state {
        JobState::Done => MailState::Sent,
        JobState::Failed => MailState::Failed,
        JobState::Waiting | JobState::Leased | JobState::Cancelled => MailState::Queued,
    };
    MailStatus { about, job, state, words, at: ended_at.unwrap_or(created_at), attempts }
}

/// How many letters of the installation wait to be sent, and how many failed in the last days: what the operator
/// watches.
pub fn waiting_and_failed(conn: &mut AnyConnection) -> Result<(usize, usize), Fault> {
    let counts: Vec<(JobState, i64)> = jobs::table
        .filter(jobs::queue.eq(Queue::Mail))
        .filter(jobs::state.eq_any([JobState::Waiting, JobState::Leased, JobState::Failed]))
        .group_by(jobs::state)
        .select((jobs::state, count_star()))
        .load(conn)?;
    let (failed, waiting): (Vec<_>, Vec<_>) =
        counts.into_iter().partition(|(state, _)| *state == JobState::Failed);
    let sum = |counts: Vec<(JobState, i64)>| counts.iter().map(|(_, count)| *count as usize).sum();
    Ok((sum(waiting), sum(failed)))
}

pub fn cancel_waiting(tx: &mut Tx<'_>, about: &str) -> Result<usize, Fault> {
    let now = tx.now();
    let open = jobs::table
        .filter(jobs::about.eq(about))
        .filter(jobs::queue.eq(Queue::Mail))
        .filter(jobs::state.eq_any([JobState::Waiting, JobState::Leased]));
    Ok(diesel::update(open)
        .set((
            jobs::state.eq(JobState::Cancelled),
            jobs::lease.eq(None::<String>),
            jobs::lease_until.eq(None::<Moment>),
            jobs::ended_at.eq(Some(now)),
        ))
        .execute(tx.conn())?)
}

/// The 24 hours are counted from `created_at`: a retry begins them anew.
pub fn retry(tx: &mut Tx<'_>, job: JobId) -> Result<bool, Fault> {
    let now = tx.now();
    let failed = jobs::table
        .filter(jobs::id.eq(&job))
        .filter(jobs::queue.eq(Queue::Mail))
        .filter(jobs::state.eq(JobState::Failed));
    let changed = diesel::update(failed)
        .set((
            jobs::state.eq(JobState::Waiting),
            jobs::attempts.eq(0),
            jobs::run_at.eq(now),
            jobs::created_at.eq(now),
            jobs::ended_at.eq(None::<Moment>),
        ))
        .execute(tx.conn())?;
    tx.announce();
    Ok(changed == 1)
}
