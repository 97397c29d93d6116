//! Rows of policies, rules and whom they name. Whatever is asked starts from one organization.

mod effects;
mod find;
mod list;
mod read;
mod write;

pub use effects::{Held, held};
pub use find::find_groups;
pub use list::list;
pub use read::{is_name_taken, known_groups, policy};
pub use write::{delete, insert, save, update};
