//! Rows of organizations.

mod founding;
mod settings;

pub use founding::{code_is_taken, exists_any, insert, insert_standard_group, of_code};
pub use settings::{pending_outside, people_without_factor, save, settings};
