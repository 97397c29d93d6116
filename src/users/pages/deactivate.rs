//! What deactivating somebody does, before it is done.

use askama::Template;

use crate::{
    access_requests::Open,
    people::Status,
    users::{model::Parting, words},
    web::{field::ErrorSummary, page::Shell, url},
};

#[derive(Template)]
#[template(path = "users/deactivate.html", blocks = ["dialog"])]
pub struct DeactivatePage {
    frame: Shell,
    errors: ErrorSummary,
    parting: Parting,
    name: String,
    is_me: bool,
    /// Why it cannot be done, if it cannot.
    obstacle: Option<String>,
    return_to: String,
}

impl DeactivatePage {
    /// `refused` says why it was not done a moment ago.
    pub fn new(
        frame: Shell,
        parting: Parting,
        is_me: bool,
        return_to: String,
        refused: Option<String>,
    ) -> Self {
        let name = parting.who.shown().to_owned();
        let obstacle = match parting.who.status {
            _ if refused.is_some() => None,
            Status::Active if parting.is_last_administrator => {
                Some(words::last_administrator(&name, &format!("deactivate {name}")))
            }
            Status::Active => None,
            Status::Invited => Some(format!("{name} has not joined yet. Revoke the invitation instead.")),
            Status::Deactivated => Some(format!("{name} is deactivated already.")),
        };
        let errors =
            refused.map_or_else(ErrorSummary::default, |words| ErrorSummary::default().with("", words));
        Self { frame, errors, name, is_me, obstacle, return_to, parting }
    }

    fn label(&self) -> String {
        format!("Deactivate {}", self.name)
    }

    fn action(&self) -> String {
        url::deactivate(self.parting.who.id)
    }

    fn is_possible(&self) -> bool {
        self.parting.who.status == Status::Active && !self.parting.is_last_administrator
    }

    fn sessions(&self) -> String {
        match (self.parting.sessions, self.is_me) {
            (_, true) => "You are signed out at once, here and everywhere".to_owned(),
            (0, _) => "Not signed in anywhere now".to_owned(),
            (1, _) => "1 session ends at once".to_owned(),
            (many, _) => format!("{many} sessions end at once"),
        }
    }

    /// What they ask for or hold for some time; nothing when there is neither.
    fn requests(&self) -> Option<String> {
        let Open { waiting, held } = self.parting.requests;
        let waiting = match waiting {
            0 => None,
            1 => Some("1 access request is withdrawn".to_owned()),
            many => Some(format!("{many} access requests are withdrawn")),
        };
        let held = match held {
            0 => None,
            1 => Some("1 role held by an approved request ends".to_owned()),
            many => Some(format!("{many} roles held by approved requests end")),
        };
        match (waiting, held) {
            (Some(waiting), Some(held)) => Some(format!("{waiting}, {held}")),
            (waiting, held) => waiting.or(held),
        }
    }

    /// What becomes of their access tokens, if they have any.
    fn tokens(&self) -> Option<String> {
        match self.parting.tokens {
            0 => None,
            1 => Some("1 access token is suspended".to_owned()),
            many => Some(format!("{many} access tokens are suspended")),
        }
    }

    fn invitations(&self) -> String {
        match self.parting.invitations {
            0 => "No pending invitation was sent by them".to_owned(),
            1 => "1 invitation they sent is revoked".to_owned(),
            many => format!("{many} invitations they sent are revoked"),
        }
    }
}
