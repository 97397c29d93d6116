//! What happens to policies, and what would happen.

mod act;
mod reading;
mod told;
mod weighed;

pub use act::{Weighed, change, create, delete, weigh_change, weigh_creation, weigh_deletion};
pub use reading::{Sought, look, policy, workbench};
