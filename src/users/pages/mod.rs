//! What the users' pages show.

pub mod csv;
mod deactivate;
mod list;
mod person;
mod row;

pub use deactivate::DeactivatePage;
pub use list::UsersPage;
pub use person::{PersonPage, Refused};
pub use row::Onlooker;
