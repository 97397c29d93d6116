//! The page of the organization.

mod sections;
mod subjects;
mod summary;

use askama::Template;

use crate::{audit::StreamSection, web::page::Shell};

pub use sections::{TopicSection, View, said};
pub use subjects::{DomainsTopic, InvitationLifeTopic, NameTopic, SecondFactorTopic, SessionsTopic, Subject};
pub use summary::Summary;

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
    pub name: TopicSection<NameTopic>,
    pub second_factor: TopicSection<SecondFactorTopic>,
    pub sessions: TopicSection<SessionsTopic>,
    pub domains: TopicSection<DomainsTopic>,
    pub invitation_life: TopicSection<InvitationLifeTopic>,
    pub audit_stream: StreamSection,
    /// How letters leave: a mail server, or files.
    pub mail: String,
    pub may_send: bool,
    pub address: String,
    pub test_letter: Option<TestLetter>,
}
