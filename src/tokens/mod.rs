//! Access tokens of people: made, listed, revoked, warned of, swept away.

mod api;
mod commands;
mod expiry;
mod forms;
mod handlers;
mod model;
mod pages;
mod store;

pub use api::{ApiDocument, api_routes};
pub use commands::{
    CreateRefusal, Created, New, Parent, RevokeRefusal, create, live_of, of_person, revoke, revoke_all_of,
    revoke_own,
};
pub use expiry::{sweep, warn};
pub use handlers::routes;
pub use model::{Life, Name, Token};
pub use pages::Row;
