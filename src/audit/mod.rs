//! Audit: one line for each change of state, written in the transaction that makes it, chained by HMAC; and the page on
//! which the lines are read.

mod api;
mod chain;
mod commands;
mod details;
mod forms;
mod handlers;
mod model;
mod pages;
mod shown;
mod store;
mod verify;
mod words;
mod words_of_actions;
mod work;

pub use api::{ApiDocument, api_routes};
pub use commands::{By, Line, Target, latest, record, stream::stream};
pub use handlers::routes;
pub use model::{Entry, Stream};
pub use pages::{StreamSection, Told};
pub use verify::{Broken, Head, Verified, verify};
pub use words_of_actions::ACTIONS;
pub use work::joins;
