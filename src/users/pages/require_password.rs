//! What requiring a new password does, before it is done.

use askama::Template;

use crate::{
    base::ids::UserId,
    passwords::{RequireRefusal, Requirement},
    users::words,
    web::{field::ErrorSummary, page::Shell, url},
};

#[derive(Template)]
#[template(path = "users/require_password.html", blocks = ["dialog"])]
pub struct RequirePasswordPage {
    frame: Shell,
    errors: ErrorSummary,
    requirement: Requirement,
    /// Why it cannot be done, if it cannot.
    obstacle: Option<String>,
    action: String,
    return_to: String,
}

impl RequirePasswordPage {
    /// `refused` says why it was not done a moment ago.
    pub fn new(frame: Shell, of: UserId, requirement: Requirement, refused: Option<RequireRefusal>) -> Self {
        let name = &requirement.name;
        let errors = refused.map_or_else(ErrorSummary::default, |refusal| {
            ErrorSummary::default().with("", words::password_not_required(refusal, name))
        });
        let obstacle = match refused {
            Some(_) => None,
            None => requirement.obstacle.map(|refusal| words::password_not_required(refusal, name)),
        };
        Self {
            frame,
            errors,
            obstacle,
            action: url::require_password(of),
            return_to: url::user(of),
            requirement,
        }
    }

    fn is_possible(&self) -> bool {
        self.requirement.obstacle.is_none()
    }

    fn sessions(&self) -> String {
        match self.requirement.sessions {
            0 => "Not signed in anywhere now".to_owned(),
            1 => "1 session ends at once".to_owned(),
            many => format!("{many} sessions end at once"),
        }
    }
}
