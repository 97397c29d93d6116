//! What happens to an organization, each act in one transaction.

mod begin;
mod settings;

pub use begin::{Begun, Identity, NewOrganization, begin, found, send_test_letter};
pub use settings::{affected, change, change_all, settings};
