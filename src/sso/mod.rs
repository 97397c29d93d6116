//! Single sign-on: an organization's own provider of identities, which creates people here, accepts their invitations and
//! signs them in; how it is set up, and of whom it is required.

mod api;
mod commands;
mod forms;
mod handlers;
mod model;
mod pages;
mod store;
mod words;

pub use api::{ApiDocument, api_routes};
pub use commands::is_a_way;
pub use handlers::{answers, routes, section};
pub use pages::OwnSection;
