//! Work done later, as rows with leases: letters in the outbox, acts on many rows, housekeeping. What is enqueued in a
//! transaction happens when that transaction commits, at least once, on whichever process takes it first.

mod backoff;
pub mod items;
mod lane;
mod model;
mod runner;
mod settle;
mod store;
mod sweeping;

pub use backoff::{GIVEN_UP_AFTER, next_try, pause};
pub use model::{Job, JobState, NewJob, Queue};
pub use runner::{Handler, Outcome, Runner, Running, Work};
pub use store::{
    JobReport, LEASE, Wanted, complete, enqueue, fail_for_good, give_back, keep, lease, report, rest_until,
    sweep, try_again_at,
};
pub use sweeping::sweeping_jobs;
