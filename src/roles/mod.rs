//! The catalogue of roles, who holds which, and explanations: what somebody may do, why, and what would let them.

mod commands;
mod handlers;
mod model;
mod pages;
mod words;

pub use commands::explained;
pub use handlers::routes;
pub use model::Explained;
pub use pages::{AbilitiesPart, AnswerPart};
