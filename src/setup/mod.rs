//! Setup: a one-time link, and the page that makes an organization and its first administrator.

mod commands;
mod forms;
mod handlers;
mod model;
mod pages;
mod store;

pub use commands::{FirstLink, first_link, further_link};
pub use handlers::routes;
pub use store::sweep;
