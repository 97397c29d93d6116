//! The section of the address, and the pages of the links about a change of it.

use askama::{Template, filters::HtmlSafe};

use crate::{
    account::{
        forms::EmailDraft,
        model::{AskRefusal, EmailChange, LinkFor, LinkRefusal, Waiting},
    },
    web::{
        Me,
        field::{ErrorSummary, Field},
        page::Plain,
        section::Section,
        url, when,
    },
};

#[derive(Template)]
#[template(path = "account/email.html")]
pub struct EmailSection {
    errors: ErrorSummary,
    current: String,
    email: Field,
    waiting: Option<Until>,
}

/// An address that waits to be confirmed.
struct Until {
    address: String,
    at: String,
    words: String,
}

impl HtmlSafe for EmailSection {}

impl Section for EmailSection {
    const ID: &'static str = "email";
    const TITLE: &'static str = "Email";
}

impl EmailSection {
    pub fn new(me: &Me, waiting: Option<Waiting>, draft: &EmailDraft, error: Option<String>) -> Self {
        let email = Field::email("email", "New email")
            .id("new-email")
            .value(&draft.email)
            .hint("We mail it a link. Until that is opened, nothing changes.")
            .error(error);
        let waiting = waiting.map(|waiting| Until {
            at: waiting.expires_at.rfc3339(),
            words: when::in_zone(waiting.expires_at, &me.time_zone),
            address: waiting.to,
        });
        Self { errors: ErrorSummary::of([&email]), current: me.email.clone(), email, waiting }
    }
}

/// Why a change was not begun, in words.
pub fn refused(refusal: AskRefusal, organization: &str) -> String {
    match refusal {
        AskRefusal::Same => "That is your address already.".to_owned(),
        AskRefusal::Taken => format!("Somebody else in {organization} has that address."),
        AskRefusal::Provisioned => {
            "Your organization’s identity provider settles your address. It can be changed there.".to_owned()
        }
        AskRefusal::DomainNotAllowed => {
            format!(
                "{organization} does not take addresses of this domain. An administrator can change that."
            )
        }
        AskRefusal::TooOften(wait) => {
            let seconds = wait.as_secs().max(1);
            let word = if seconds == 1 { "second" } else { "seconds" };
            format!("That was asked for often in a short time. Try again in {seconds} {word}.")
        }
    }
}

/// What a link is about to do.
#[derive(Template)]
#[template(path = "account/email_link.html")]
pub struct LinkPage {
    pub frame: Plain,
    organization: String,
    now: String,
    then: String,
    is_undo: bool,
    action: String,
}

impl LinkPage {
    pub fn new(frame: Plain, change: EmailChange, what: LinkFor, token: &str) -> Self {
        let (then, action) = match what {
            LinkFor::Confirming => (change.to, url::confirm_email(token)),
            LinkFor::Undoing => (change.from, url::undo_email(token)),
        };
        Self {
            frame,
            organization: change.organization_name,
            now: change.current,
            then,
            is_undo: what == LinkFor::Undoing,
            action,
        }
    }
}

/// The old address is in force again.
#[derive(Template)]
#[template(path = "account/email_undone.html")]
pub struct UndonePage {
    pub frame: Plain,
    pub organization: String,
    pub email: String,
}

/// Why a link does nothing now.
#[derive(Template)]
#[template(path = "account/email_story.html")]
pub struct StoryPage {
    pub frame: Plain,
    title: &'static str,
    story: String,
    way_on: String,
}

impl StoryPage {
    pub fn new(frame: Plain, organization: &str, what: LinkFor, refusal: LinkRefusal) -> Self {
        let ask = || format!("An administrator of {organization} can help.");
        let again = || "To change the address, sign in and ask for it in Settings.".to_owned();
        let title = match refusal {
            LinkRefusal::Confirmed => "The address is confirmed already",
            LinkRefusal::Undone => "The change was taken back already",
            LinkRefusal::Taken => "The address belongs to somebody else",
            LinkRefusal::Deactivated => "The account is deactivated",
            LinkRefusal::Provisioned => "Your identity provider settles the address",
            LinkRefusal::LastAdministrator => "Nobody could administer the organization",
            LinkRefusal::Expired | LinkRefusal::Replaced => "This link works no more",
        };
        let (story, way_on) = match (refusal, what) {
            (LinkRefusal::Expired, LinkFor::Confirming) => {
                ("It worked for 24 hours, and they are over. Nothing was changed.".to_owned(), again())
            }
            (LinkRefusal::Expired, LinkFor::Undoing) => {
                ("It worked for 7 days, and they are over. Nothing was changed.".to_owned(), ask())
            }
            (LinkRefusal::Replaced, LinkFor::Confirming) => {
                ("The change was cancelled, or another one was asked for after it.".to_owned(), again())
            }
            (LinkRefusal::Replaced, LinkFor::Undoing) => {
                ("An earlier change of the address was taken back, and this one with it.".to_owned(), ask())
            }
            (LinkRefusal::Confirmed, _) => {
                ("The link has done its work. The new address is in force.".to_owned(), again())
            }
            (LinkRefusal::Undone, _) => (
                "The old address is in force again.".to_owned(),
                "If you have not set a new password since, do it now.".to_owned(),
            ),
            (LinkRefusal::Taken, _) => (
                format!("By now somebody else in {organization} has that address. Nothing was changed."),
                ask(),
            ),
            (LinkRefusal::Deactivated, _) => ("Nothing was changed.".to_owned(), ask()),
            (LinkRefusal::Provisioned, _) => (
                format!(
                    "Since this link was sent, the identity provider of {organization} has come to settle your address. \
                     Nothing was changed."
                ),
                "The address can be changed there.".to_owned(),
            ),
            (LinkRefusal::LastAdministrator, _) => (
                format!(
                    "{organization} requires single sign-on of that address, and while its provider fails nobody who \
                     administers it could sign in. Nothing was changed."
                ),
                "See that an administrator has a password and a second factor, then open the link again."
                    .to_owned(),
            ),
        };
        Self { frame, title, story, way_on }
    }
}
