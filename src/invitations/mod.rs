//! Invitations: sent to one or many, followed by a link, accepted, sent anew, taken back.

mod api;
mod commands;
mod forms;
mod handlers;
mod model;
mod pages;
mod store;
mod words;
mod work;

pub use api::{ApiDocument, api_routes};
pub use commands::{
    NotAccepted, is_address_allowed, is_open_to, join_by_sso, pending_count, pending_of, resend, revoke,
    revoke_all_of,
};
pub use handlers::routes;
pub use model::{ActRefusal, Pending};
pub use words::{expiry, note, refused};
pub use work::{TellsInviter, joins};
