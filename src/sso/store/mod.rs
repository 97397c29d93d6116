//! Rows of connections, of what waits to be deployed, and of identities.

mod connections;
mod identities;
mod required;

pub use connections::{
    codes_connection, connection, domain_of_another, draft, insert, keep_draft, leads_from, of_organization,
    remove, remove_draft, set_domains, set_mapping, turn, update,
};
pub use identities::{count, holder, known, link, of_person, touch, unlink};
pub use required::{require, without_identity};
