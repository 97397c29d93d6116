//! Groups: flat, by name; policies give roles to them.

mod commands;
mod store;

pub use commands::{Change, ChangeRefusal, change_memberships};
pub use store::{GroupName, all, named, of_people, of_people_among, set_memberships};
