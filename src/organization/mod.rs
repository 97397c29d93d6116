//! An organization: how one begins, and what holds for everyone in it.

mod api;
mod commands;
mod forms;
mod handlers;
mod model;
mod pages;
mod store;

pub use api::{ApiDocument, api_routes};
pub use commands::{Begun, Identity, NewOrganization, begin, found};
pub use handlers::routes;
pub use model::{Domains, NameRefusal, OrganizationName, PersonName};
pub use store::{code_is_taken, exists_any, of_code};
