//! Signing in, in stages, and out.

mod commands;
mod forms;
mod handlers;
mod model;
mod pages;
mod store;

pub use commands::{account, complete, completed, leave, stage_after};
pub use handlers::routes;
pub use model::Account;
pub use store::browsers::sweep;
