//! What the users' pages show.

mod bulk;
pub mod csv;
mod deactivate;
mod end_sessions;
mod list;
mod person;
mod require_password;
mod reset;
mod row;

pub use bulk::{JobPage, SelectedPage};
pub use deactivate::DeactivatePage;
pub use end_sessions::EndSessionsPage;
pub use list::UsersPage;
pub use person::{PersonPage, Unsaved};
pub use require_password::RequirePasswordPage;
pub use reset::ResetPage;
pub use row::Onlooker;
