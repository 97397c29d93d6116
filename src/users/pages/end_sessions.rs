//! What ending somebody's sessions does, before it is done.

use askama::Template;

use crate::{
    users::model::Who,
    web::{page::Shell, url},
};

#[derive(Template)]
#[template(path = "users/end_sessions.html", blocks = ["dialog"])]
pub struct EndSessionsPage {
    frame: Shell,
    who: Who,
    sessions: usize,
    is_me: bool,
    back: String,
}

impl EndSessionsPage {
    pub fn new(frame: Shell, who: Who, sessions: usize, is_me: bool) -> Self {
        Self { frame, back: url::user(who.id), who, sessions, is_me }
    }

    fn label(&self) -> String {
        format!("End sessions of {}", self.who.shown())
    }

    fn action(&self) -> String {
        url::end_sessions(self.who.id)
    }

    fn words(&self) -> String {
        match (self.sessions, self.is_me) {
            (_, true) => "You are signed out at once, here and everywhere".to_owned(),
            (1, _) => "1 session ends at once".to_owned(),
            (many, _) => format!("{many} sessions end at once"),
        }
    }
}
