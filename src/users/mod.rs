//! The people of an organization: active, invited, deactivated.

mod model;
mod store;

pub use model::{NewPerson, Status, person_key};
pub use store::{Counts, change_status, counts, insert, remove_invited, rename, set_email};
