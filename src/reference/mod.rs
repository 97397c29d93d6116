//! What the API says of itself: its OpenAPI document, and a page that shows it.

mod handlers;
mod model;
mod pages;

pub use handlers::{api_routes, routes};
pub use model::{Described, Reference};
