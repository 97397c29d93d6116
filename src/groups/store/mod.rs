//! Rows of groups and memberships.

mod members;
mod memberships;
mod provisioned;
mod rows;

pub use members::{Toward, add, are_members, members, remove};
pub use memberships::{GroupName, all, named, of_people, of_people_among, set_memberships, version_of};
pub use provisioned::provisioned;
pub use rows::{addresses_of, count, delete, every, group, insert, named_by, policies_lose, taken, update};
