//! The setup page, and the page of a link that no longer works.

use askama::Template;

use super::{
    forms::{SetupDraft, SetupErrors},
    model::LinkRefusal,
};
use crate::{
    base::password::PasswordRules,
    web::{
        field::{ErrorSummary, Field},
        page::Plain,
    },
};

#[derive(Template)]
#[template(path = "setup/show.html")]
pub struct SetupPage {
    pub frame: Plain,
    pub token: String,
    organization: Field,
    name: Field,
    email: Field,
    password: Field,
    errors: ErrorSummary,
}

impl SetupPage {
    pub fn new(frame: Plain, token: &str, draft: &SetupDraft, errors: SetupErrors) -> Self {
        let organization = Field::text("organization", "Organization name")
            .value(&draft.organization)
            .error(errors.organization)
            .autocomplete("organization")
            .maxlength(100);
        let name = Field::text("name", "Your name")
            .value(&draft.name)
            .error(errors.name)
            .autocomplete("name")
            .maxlength(100);
        let email =
            Field::email("email", "Email").value(&draft.email).error(errors.email).autocomplete("username");
        let password =
            Field::new_password("password", "Password", PasswordRules::ALONE.minimum).error(errors.password);
        let errors = ErrorSummary::of([&organization, &name, &email, &password]);
        Self { frame, token: token.to_owned(), organization, name, email, password, errors }
    }
}

#[derive(Template)]
#[template(path = "setup/closed.html")]
pub struct ClosedPage {
    pub frame: Plain,
    story: &'static str,
    way_on: &'static str,
}

impl ClosedPage {
    pub fn new(frame: Plain, refusal: LinkRefusal) -> Self {
        let (story, way_on) = match refusal {
            LinkRefusal::Used | LinkRefusal::NeverIssued => (
                "The organization of this link has been created.",
                "Sign in with the account you made there.",
            ),
            LinkRefusal::Replaced => (
                "A newer link was made after this one, when Roster was started again.",
                "Use the link that the newest start printed.",
            ),
            LinkRefusal::Expired => (
                "This link was open for 7 days and has expired.",
                "Whoever runs this console can make another with: roster setup-link",
            ),
        };
        Self { frame, story, way_on }
    }
}
