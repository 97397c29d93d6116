//! A person's own account.

mod commands;
mod handlers;
mod pages;
mod store;

pub use handlers::routes;
