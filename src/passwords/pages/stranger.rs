//! What somebody sees who is not signed in.

use askama::Template;

use crate::{
    base::clock::Moment,
    mail::letters::Reset,
    passwords::{
        model::{Gone, Opened},
        words,
    },
    web::{
        field::{ErrorSummary, Field},
        page::Plain,
        url, when,
    },
};

/// Asks for the address that a link is mailed to.
#[derive(Template)]
#[template(path = "passwords/forgotten.html")]
pub struct ForgottenPage {
    pub frame: Plain,
    email: Field,
    errors: ErrorSummary,
}

impl ForgottenPage {
    pub fn new(frame: Plain, typed: &str, error: Option<String>) -> Self {
        let email = Field::email("email", "Email").value(typed).error(error).autocomplete("username");
        Self { frame, errors: ErrorSummary::of([&email]), email }
    }
}

/// The same for everybody who asks.
#[derive(Template)]
#[template(path = "passwords/asked.html")]
pub struct AskedPage {
    pub frame: Plain,
    pub email: String,
}

/// The form behind a link that works.
#[derive(Template)]
#[template(path = "passwords/reset.html")]
pub struct ResetPage {
    pub frame: Plain,
    email: String,
    organization: String,
    is_required: bool,
    lifts_factor: bool,
    until: (String, String),
    action: String,
    new: Field,
    errors: ErrorSummary,
}

impl ResetPage {
    pub fn new(frame: Plain, token: &str, opened: &Opened, now: Moment, error: Option<String>) -> Self {
        let holder = &opened.holder;
        let new = Field::new_password("new_password", "New password", holder.rules(now).minimum)
            .id("new-password")
            .error(error);
        Self {
            frame,
            email: holder.email.clone(),
            organization: holder.organization_name.clone(),
            is_required: opened.link.why == Reset::Required,
            lifts_factor: opened.link.lifts_factor,
            until: (opened.link.expires_at.rfc3339(), when::in_utc(opened.link.expires_at)),
            action: url::password_reset(token),
            errors: ErrorSummary::of([&new]),
            new,
        }
    }
}

/// A link that sets nothing any more: why, and what to do.
#[derive(Template)]
#[template(path = "passwords/story.html")]
pub struct StoryPage {
    pub frame: Plain,
    title: &'static str,
    story: &'static str,
    way_on: &'static str,
    /// Whether another link makes sense.
    may_ask: bool,
}

impl StoryPage {
    pub fn new(frame: Plain, gone: Gone) -> Self {
        let (title, story, way_on) = words::story(gone);
        Self { frame, title, story, way_on, may_ask: gone != Gone::Deactivated }
    }
}
