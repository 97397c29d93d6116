//! How a lease ends. Each answers whether the work was still ours; when it was not, nothing is changed.

use diesel::prelude::*;

use super::held;
use crate::{
    base::clock::Moment,
    db::{Fault, Tx, schema::jobs},
    jobs::model::{Job, JobState},
};

pub fn complete(tx: &mut Tx<'_>, job: &Job) -> Result<bool, Fault> {
    let end = Released::ended(job, JobState::Done, tx.now(), "");
    release(tx, job, end)
}

pub fn fail_for_good(tx: &mut Tx<'_>, job: &Job, problem: &str) -> Result<bool, Fault> {
    let end = Released::ended(job, JobState::Failed, tx.now(), problem);
    release(tx, job, end)
}

pub fn try_again_at(tx: &mut Tx<'_>, job: &Job, at: Moment, problem: &str) -> Result<bool, Fault> {
    release(tx, job, Released { run_at: at, problem: problem.to_owned(), ..Released::waiting(job) })
}

/// Back to where it was taken from, as if it had not been.
pub fn give_back(tx: &mut Tx<'_>, job: &Job) -> Result<bool, Fault> {
    release(tx, job, Released { attempts: job.attempts - 1, ..Released::waiting(job) })
}

/// Done for now, and due once more: what housekeeping does.
pub fn rest_until(tx: &mut Tx<'_>, job: &Job, at: Moment) -> Result<bool, Fault> {
    release(tx, job, Released { run_at: at, attempts: 0, problem: String::new(), ..Released::waiting(job) })
}

fn release(tx: &mut Tx<'_>, job: &Job, into: Released) -> Result<bool, Fault> {
    Ok(diesel::update(held(job)).set(into).execute(tx.conn())? == 1)
}

/// What a row becomes when its lease ends.
#[derive(AsChangeset)]
#[diesel(table_name = jobs, treat_none_as_null = true)]
struct Released {
    state: JobState,
    singleton: Option<String>,
    attempts: i32,
    run_at: Moment,
    lease: Option<String>,
    lease_until: Option<Moment>,
    problem: String,
    ended_at: Option<Moment>,
}

impl Released {
    fn waiting(job: &Job) -> Self {
        Self {
            state: JobState::Waiting,
            singleton: job.singleton.clone(),
            attempts: job.attempts,
            run_at: job.run_at,
            lease: None,
            lease_until: None,
            problem: job.problem.clone(),
            ended_at: None,
        }
    }

    /// Its name is free again.
    fn ended(job: &Job, state: JobState, at: Moment, problem: &str) -> Self {
        let problem = problem.to_owned();
        Self { state, singleton: None, problem, ended_at: Some(at), ..Self::waiting(job) }
    }
}
