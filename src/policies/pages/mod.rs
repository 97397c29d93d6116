//! What the pages of policies show.

mod delete;
mod editor;
mod list;
mod preview;
mod show;

pub use delete::DeletePage;
pub use editor::{Changed, EditorPage, Shown};
pub use list::PoliciesPage;
pub use show::PolicyPage;
