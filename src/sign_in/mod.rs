//! Signing in, in stages, and out.

mod commands;
mod forms;
mod handlers;
mod model;
mod pages;
mod store;

pub use commands::{completed, leave};
pub use handlers::routes;
pub use store::browsers::sweep;
