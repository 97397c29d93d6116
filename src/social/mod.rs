//! Signing in by an account elsewhere: Google, or another OpenID provider in its place, and GitHub. What a provider
//! vouches for is kept in the session until an invitation is opened with it; afterwards issuer and subject decide, and
//! never an address.

mod commands;
mod forms;
mod handlers;
mod model;
mod pages;
mod providers;
mod store;
mod words;

pub use commands::{attach, ways};
pub use handlers::{forget, kept, routes, section};
pub use model::{NotLinked, Vouched};
pub use pages::LinkedSection;
