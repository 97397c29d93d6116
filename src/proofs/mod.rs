//! A fresh proof of who somebody is, before sensitive acts.

mod forms;
mod handlers;
mod pages;

pub use handlers::routes;
