//! What the users' pages show.

mod deactivate;
mod list;
mod person;
mod row;

pub use deactivate::DeactivatePage;
pub use list::UsersPage;
pub use person::{PersonPage, Refused};
pub use row::Onlooker;
