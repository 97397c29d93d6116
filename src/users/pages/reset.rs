//! What resetting somebody's second factor takes away, before it is done.

use askama::Template;

use crate::{
    second_factor::Standing,
    users::{forms::ResetDraft, model::Who},
    web::{
        field::{ErrorSummary, Field},
        page::Shell,
        url,
    },
};

#[derive(Template)]
#[template(path = "users/reset_second_factor.html", blocks = ["dialog"])]
pub struct ResetPage {
    frame: Shell,
    errors: ErrorSummary,
    who: Who,
    is_me: bool,
    standing: Standing,
    sessions: i64,
    reason: Field,
    back: String,
}

impl ResetPage {
    pub fn new(
        frame: Shell,
        (who, is_me): (Who, bool),
        (standing, sessions): (Standing, i64),
        draft: &ResetDraft,
        error: Option<String>,
    ) -> Self {
        let reason = Field::textarea("reason", "Reason")
            .value(&draft.reason)
            .hint("At most 500 characters. It goes into the audit and into the letters about this.")
            .error(error);
        let (errors, back) = (ErrorSummary::of([&reason]), url::user(who.id));
        Self { frame, errors, who, is_me, standing, sessions, reason, back }
    }

    fn action(&self) -> String {
        url::reset_second_factor(self.who.id)
    }

    fn has_app(&self) -> bool {
        self.standing.since.is_some()
    }

    fn is_possible(&self) -> bool {
        self.has_app() || self.standing.has_passkeys
    }

    fn sessions_words(&self) -> String {
        match (self.sessions, self.is_me) {
            (_, true) => "You are signed out at once, here and everywhere".to_owned(),
            (0, _) => "Not signed in anywhere now".to_owned(),
            (1, _) => "1 session ends at once".to_owned(),
            (many, _) => format!("{many} sessions end at once"),
        }
    }
}
