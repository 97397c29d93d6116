//! Passkeys (WebAuthn): added, named and removed in the settings; signing in with one alone, as a second factor, and as a
//! fresh proof.

mod commands;
mod forms;
mod handlers;
mod model;
mod pages;
mod store;
mod words;

pub use handlers::{routes, section};
pub use pages::PasskeysSection;
