//! Passwords of people: one hash for each.

mod store;

pub use store::{Change, set};
