//! Groups: flat, by name; policies give roles to them. Who is in which, from the group's side and from the person's.

mod commands;
mod forms;
mod handlers;
mod model;
mod pages;
mod store;
mod words;

pub use commands::{Change, ChangeRefusal, change_memberships};
pub use handlers::routes;
pub use store::{GroupName, all, named, of_people, of_people_among, set_memberships};
