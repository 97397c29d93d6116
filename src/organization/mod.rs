//! An organization: how one begins.

mod commands;
mod model;
mod store;

pub use commands::{Begun, NewOrganization, begin};
pub use model::{NameRefusal, OrganizationName, PersonName};
pub use store::exists_any;
