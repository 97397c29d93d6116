//! What is shown of passwords.

mod section;
mod stranger;

pub use section::PasswordSection;
pub use stranger::{AskedPage, ForgottenPage, ResetPage, StoryPage};
