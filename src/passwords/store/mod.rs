//! Rows of password hashes, of the people who hold them, and of the links that set new ones.

mod credentials;
mod resets;

pub use credentials::{Stored, disable, holder, holders_of, replace, set, stored};
pub use resets::{asked_since, find, insert, replace_links, sweep, use_up};
