//! What the platform's services ask at request rate: whose token is this, and may they do that.

mod api;
mod commands;
mod forms;
mod store;

pub use api::{ApiDocument, api_routes};
