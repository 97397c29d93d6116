//! Passwords of people: one hash for each; changed with the old one, or set anew by a mailed link.

mod commands;
mod confirm;
mod forms;
mod handlers;
mod model;
mod pages;
mod store;
mod words;
mod work;

pub use commands::{end_links, recover, recoverable, require, requirement};
pub use confirm::{Confirmed, confirm};
pub use handlers::{routes, section};
pub use model::{Change, RecoverRefusal, Recoverable, RequireRefusal, Requirement};
pub use pages::PasswordSection;
pub use store::{set, sweep};
pub use work::joins;
