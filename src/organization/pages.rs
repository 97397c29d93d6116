//! The page of the organization.

use askama::Template;

use crate::web::page::Shell;

/// What became of the newest test letter of whoever looks.
pub struct TestLetter {
    /// "good", "wait" or "bad".
    pub tone: &'static str,
    pub words: String,
}

#[derive(Template)]
#[template(path = "organization/show.html")]
pub struct OrganizationPage {
    pub frame: Shell,
    pub invitation_days: i32,
    /// How letters leave: a mail server, or files.
    pub mail: String,
    pub may_send: bool,
    pub address: String,
    pub test_letter: Option<TestLetter>,
}
