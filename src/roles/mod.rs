//! The catalogue of roles, who holds which, and explanations: what somebody may do, why, and what would let them.

mod api;
mod commands;
mod handlers;
mod model;
mod pages;
mod words;

pub use api::{ApiDocument, api_routes};
pub use commands::explained;
pub use handlers::routes;
pub use model::Explained;
pub use pages::{AbilitiesPart, AnswerPart};
