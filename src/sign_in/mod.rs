//! Signing in, in stages, and out.

mod commands;
mod forms;
mod handlers;
mod pages;
mod store;

pub use handlers::routes;
