//! Passwords of people: one hash for each.

mod presented;
mod store;

pub use presented::is_right;
pub use store::{Change, set};
