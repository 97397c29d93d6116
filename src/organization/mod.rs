//! An organization: how one begins, and its page.

mod commands;
mod handlers;
mod model;
mod pages;
mod store;

pub use commands::{Begun, NewOrganization, begin};
pub use handlers::routes;
pub use model::{NameRefusal, OrganizationName, PersonName};
pub use store::exists_any;
