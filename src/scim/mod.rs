//! Provisioning by an identity provider: SCIM 2.0 (RFC 7643, RFC 7644), and the page on which it is set up.

mod api;
mod commands;
mod forms;
mod handlers;
mod model;
mod pages;
mod store;

pub use api::{ApiDocument, NotFound, api_routes, problems, scim_routes};
pub use commands::sweep;
pub use handlers::routes;
