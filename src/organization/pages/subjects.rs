//! What each section of the organization's page is about.

use crate::{organization::model::Topic, web::url};

/// A topic as a section of its own.
pub trait Subject: 'static {
    const TOPIC: Topic;
    const TITLE: &'static str;
    /// Under the title.
    const INTRO: &'static str;
    /// What is saved, as the buttons name it.
    const WHAT: &'static str;
    const PATH: &'static str;
}

pub struct NameTopic;

impl Subject for NameTopic {
    const TOPIC: Topic = Topic::Name;
    const TITLE: &'static str = "Name";
    const INTRO: &'static str = "Stands on every page and in every letter.";
    const WHAT: &'static str = "name";
    const PATH: &'static str = url::ORGANIZATION_NAME;
}

pub struct SecondFactorTopic;

impl Subject for SecondFactorTopic {
    const TOPIC: Topic = Topic::SecondFactor;
    const TITLE: &'static str = "Second factor";
    const INTRO: &'static str = "A code from an app or a passkey besides the password.";
    const WHAT: &'static str = "second factor";
    const PATH: &'static str = url::ORGANIZATION_SECOND_FACTOR;
}

pub struct SessionsTopic;

impl Subject for SessionsTopic {
    const TOPIC: Topic = Topic::Sessions;
    const TITLE: &'static str = "Session limits";
    const INTRO: &'static str = "How long people stay signed in. A change holds from the next request on.";
    const WHAT: &'static str = "session limits";
    const PATH: &'static str = url::ORGANIZATION_SESSIONS;
}

pub struct DomainsTopic;

impl Subject for DomainsTopic {
    const TOPIC: Topic = Topic::Domains;
    const TITLE: &'static str = "Allowed domains";
    const INTRO: &'static str = "Whom invitations may be sent to.";
    const WHAT: &'static str = "domains";
    const PATH: &'static str = url::ORGANIZATION_DOMAINS;
}

pub struct InvitationLifeTopic;

impl Subject for InvitationLifeTopic {
    const TOPIC: Topic = Topic::InvitationLife;
    const TITLE: &'static str = "Invitations";
    const INTRO: &'static str = "How long their links open. Invitations that are out keep their day.";
    const WHAT: &'static str = "invitation life";
    const PATH: &'static str = url::ORGANIZATION_INVITATIONS;
}
