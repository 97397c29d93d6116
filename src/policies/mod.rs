//! Access policies: rules that give roles to people and groups. Who may change one sees before saving whom it concerns.

mod api;
mod commands;
mod forms;
mod handlers;
mod model;
mod pages;
mod store;
mod words;

pub use api::{ApiDocument, api_routes};
pub use handlers::routes;
