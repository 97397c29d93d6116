//! The page of provisioning, and its dialogs.

mod dialogs;
mod index;

pub use dialogs::{CreatedPage, DisablePage, LinkPage, NewTokenPage, RevokePage};
pub use index::ScimPage;
