//! Asking for a role, as a page and as a dialog.

use askama::Template;

use crate::{
    access_requests::{
        forms::{AskDraft, AskErrors, lengths},
        words,
    },
    web::{
        field::{ErrorSummary, Field},
        page::Shell,
        url,
    },
};

#[derive(Template)]
#[template(path = "access_requests/new.html", blocks = ["dialog"])]
pub struct AskPage {
    frame: Shell,
    errors: ErrorSummary,
    role: Field,
    minutes: Field,
    reason: Field,
    /// There is a role that could be asked for.
    is_open: bool,
    is_kept: bool,
}

impl AskPage {
    /// `choices` are the roles that can be asked for, by identifier and name; `most` is the longest time in minutes.
    pub fn new(
        frame: Shell,
        (choices, most): (Vec<(String, String)>, i32),
        draft: &AskDraft,
        errors: AskErrors,
    ) -> Self {
        let is_open = !choices.is_empty();
        let none = (String::new(), "Choose a role".to_owned());
        let role = Field::select("role", "Role", std::iter::once(none).chain(choices))
            .value(&draft.role)
            .error(errors.role);
        let lengths = lengths(most).into_iter().map(|minutes| (minutes.to_string(), words::minutes(minutes)));
        let minutes = Field::select("minutes", "For how long", lengths)
            .value(&draft.minutes)
            .hint("The role ends by itself. You can give it back before.")
            .error(errors.minutes);
        let reason = Field::textarea("reason", "Reason")
            .value(&draft.reason)
            .hint("At most 500 characters. Those who decide read it, and it stays in the audit.")
            .error(errors.reason);
        let errors = ErrorSummary::of([&role, &minutes, &reason]);
        Self { frame, errors, role, minutes, reason, is_open, is_kept: false }
    }

    /// What stops the request as a whole.
    pub fn stopped_by(mut self, words: String) -> Self {
        self.errors = self.errors.with("", words);
        self
    }

    /// The session had ended meanwhile.
    pub fn kept(mut self) -> Self {
        self.is_kept = true;
        self
    }

    fn back(&self) -> &'static str {
        url::ACCESS_REQUESTS
    }
}
