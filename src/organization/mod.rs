//! An organization: how one begins, and its page.

mod commands;
mod handlers;
mod model;
mod pages;
mod store;

pub use commands::{Begun, Identity, NewOrganization, begin, found};
pub use handlers::routes;
pub use model::{NameRefusal, OrganizationName, PersonName};
pub use store::{code_is_taken, exists_any};
