//! Work done later, as rows with leases: letters in the outbox, acts on many rows, housekeeping. What is enqueued in a
//! transaction happens when that transaction commits, at least once, on whichever process takes it first.

mod model;
mod store;

pub use model::{Job, JobState, NewJob, Queue};
pub use store::enqueue;
