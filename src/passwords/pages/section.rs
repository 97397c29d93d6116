//! The section of the settings.

use askama::{Template, filters::HtmlSafe};

use crate::{
    passwords::forms::ChangeErrors,
    web::{
        field::{ErrorSummary, Field},
        section::Section,
    },
};

/// Where a person changes their password.
#[derive(Template)]
#[template(path = "passwords/section.html")]
pub struct PasswordSection {
    email: String,
    current: Field,
    new: Field,
    errors: ErrorSummary,
}

impl HtmlSafe for PasswordSection {}

impl Section for PasswordSection {
    const ID: &'static str = "password";
    const TITLE: &'static str = "Password";
}

impl PasswordSection {
    /// `minimum` is the fewest characters of a new password.
    pub fn new(email: &str, minimum: usize, errors: ChangeErrors) -> Self {
        let current = Field::password("current_password", "Current password", "current-password")
            .id("current-password")
            .error(errors.current);
        let new =
            Field::new_password("new_password", "New password", minimum).id("new-password").error(errors.new);
        let errors = ErrorSummary::of([&current, &new]);
        Self { email: email.to_owned(), current, new, errors }
    }
}
