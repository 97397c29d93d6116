//! What invited people see, without an account.

use askama::Template;

use crate::{
    invitations::{
        forms::{AcceptDraft, AcceptErrors},
        model::{Gone, Welcome},
    },
    web::{
        field::{ErrorSummary, Field},
        page::Plain,
        url, when,
    },
};

/// Who invites whom to what, and the form that accepts.
#[derive(Template)]
#[template(path = "invitations/accept.html")]
pub struct AcceptPage {
    pub frame: Plain,
    welcome: Welcome,
    until: (String, String),
    action: String,
    name: Field,
    password: Field,
    errors: ErrorSummary,
}

impl AcceptPage {
    pub fn new(
        frame: Plain,
        token: &str,
        welcome: Welcome,
        draft: &AcceptDraft,
        errors: AcceptErrors,
    ) -> Self {
        let name = Field::text("name", "Your name")
            .value(&draft.name)
            .error(errors.name)
            .autocomplete("name")
            .maxlength(100);
        let password =
            Field::new_password("password", "Password", welcome.rules.minimum).error(errors.password);
        Self {
            frame,
            until: (welcome.expires_at.rfc3339(), when::in_utc(welcome.expires_at)),
            action: url::invitation(token),
            errors: ErrorSummary::of([&name, &password]),
            name,
            password,
            welcome,
        }
    }
}

/// A link that works no more: why, and what to do.
#[derive(Template)]
#[template(path = "invitations/story.html")]
pub struct StoryPage {
    pub frame: Plain,
    title: &'static str,
    story: String,
    way_on: &'static str,
    /// Where a fresh link is asked for, when asking makes sense.
    ask: Option<String>,
}

impl StoryPage {
    pub fn new(frame: Plain, token: &str, welcome: &Welcome, gone: Gone) -> Self {
        let (email, organization) = (&welcome.email, &welcome.organization_name);
        let (title, story, way_on) = match gone {
            Gone::Expired => (
                "This invitation has expired",
                format!(
                    "The link that invites {email} to {organization} worked until {}.",
                    when::in_utc(welcome.expires_at)
                ),
                "Whoever invited you can send another.",
            ),
            Gone::Replaced => (
                "There is a newer link",
                format!(
                    "The invitation of {email} to {organization} was sent anew, so this older link works no more."
                ),
                "Open the newest letter in your mailbox. If it did not arrive, ask for another.",
            ),
            Gone::Revoked => (
                "This invitation was revoked",
                format!("The invitation of {email} to {organization} was taken back."),
                "If that is a surprise, ask whoever invited you.",
            ),
            Gone::Accepted => (
                "This invitation was accepted",
                format!("{email} has joined {organization} with this link. It works once."),
                "Sign in with the password that was set then.",
            ),
        };
        let ask = (gone != Gone::Accepted).then(|| format!("{}/ask", url::invitation(token)));
        Self { frame, title, story, way_on, ask }
    }
}

/// Signed in as somebody else.
#[derive(Template)]
#[template(path = "invitations/switch.html")]
pub struct SwitchPage {
    pub frame: Plain,
    pub welcome: Welcome,
    /// Who this browser is signed in as: name or address, and organization.
    pub signed_in: (String, String),
    pub action: String,
}

/// The same for everybody who asks for a fresh link.
#[derive(Template)]
#[template(path = "invitations/asked.html")]
pub struct AskedPage {
    pub frame: Plain,
}

/// The letter once more, for who says an address.
#[derive(Template)]
#[template(path = "invitations/send_again.html")]
pub struct SendAgainPage {
    pub frame: Plain,
    email: Field,
    errors: ErrorSummary,
}

impl SendAgainPage {
    pub fn new(frame: Plain, typed: &str, error: Option<String>) -> Self {
        let email = Field::email("email", "Email")
            .value(typed)
            .error(error)
            .hint("The address the invitation went to.");
        Self { frame, errors: ErrorSummary::of([&email]), email }
    }
}

/// The same for everybody who asks for the letter.
#[derive(Template)]
#[template(path = "invitations/sent_again.html")]
pub struct SentAgainPage {
    pub frame: Plain,
    pub email: String,
}
