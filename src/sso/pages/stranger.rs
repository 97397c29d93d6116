//! What people see on the way to a provider and back.

use askama::Template;

use crate::{
    sso::forms::StartDraft,
    web::{
        field::{ErrorSummary, Field},
        page::Plain,
        url,
    },
};

/// Asks for the address that leads to an organization's provider.
#[derive(Template)]
#[template(path = "sso/sign_in.html")]
pub struct SignInPage {
    frame: Plain,
    errors: ErrorSummary,
    email: Field,
    return_to: Field,
    back: String,
}

impl SignInPage {
    pub fn new(frame: Plain, draft: &StartDraft, error: Option<&str>) -> Self {
        let email = Field::email("email", "Email")
            .value(&draft.email)
            .hint("Its domain leads to your organization’s provider.")
            .error(error)
            .autofocus();
        Self {
            frame,
            errors: ErrorSummary::of([&email]),
            email,
            back: match draft.return_to.as_str() {
                "" => url::SIGN_IN.to_owned(),
                return_to => url::sign_in_and_return(return_to),
            },
            return_to: Field::hidden("return_to", &draft.return_to),
        }
    }
}

/// Leads on to the provider by itself; a form's answer may not be a redirect to another site.
#[derive(Template)]
#[template(path = "sso/going.html")]
pub struct GoingPage {
    pub frame: Plain,
    pub host: String,
    pub href: String,
}

/// Why the way to a provider did not lead where it should, and the way back.
#[derive(Template)]
#[template(path = "sso/story.html")]
pub struct StoryPage {
    pub frame: Plain,
    pub title: String,
    pub story: String,
    pub back: String,
    /// The words of the way back.
    pub label: &'static str,
}
