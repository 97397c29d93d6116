//! A person's own account.

mod commands;
mod forms;
mod handlers;
mod model;
mod pages;
mod store;

pub use handlers::routes;
pub use store::email::sweep;
