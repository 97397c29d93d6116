//! Access requests: a role asked for, for some time and with a reason; approved or denied by somebody else; ended by
//! itself.

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
pub use commands::{close_all_of, count_open};
pub use handlers::routes;
pub use model::Open;
pub use work::{joins, lapse_due};
