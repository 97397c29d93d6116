//! The users page: everybody in one table, one person, who is let go and who comes back.

mod commands;
mod forms;
mod handlers;
mod model;
mod pages;
mod store;
mod words;

pub use handlers::routes;
