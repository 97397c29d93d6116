//! The users page: everybody in one table, one person, who is let go and who comes back.

mod api;
mod commands;
mod forms;
mod handlers;
mod model;
mod pages;
mod store;
mod words;
mod work;

pub use api::{ApiDocument, api_routes};
pub use commands::{Tokens, deactivate, reactivate};
pub use handlers::routes;
pub use model::StatusRefusal;
pub use work::joins;
