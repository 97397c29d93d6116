//! The sessions of a person: where they are signed in, and ending that.

mod commands;
mod handlers;
mod model;
mod pages;
mod store;

pub use commands::{end_all, of_person};
pub use handlers::{routes, section};
pub use model::Session;
pub use pages::SessionsSection;
