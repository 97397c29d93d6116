//! Passwords of people: one hash for each; changed with the old one, or set anew by a mailed link.

mod commands;
mod forms;
mod handlers;
mod model;
mod pages;
mod presented;
mod store;
mod words;
mod work;

pub use commands::{end_links, recover, recoverable, require, requirement};
pub use handlers::{routes, section};
pub use model::{Change, RecoverRefusal, Recoverable, RequireRefusal, Requirement, rules};
pub use pages::PasswordSection;
pub use presented::is_right;
pub use store::{set, sweep};
pub use work::joins;
