//! What each letter says.

mod access;
mod account;

use super::{
    letters::Letter,
    links::Links,
    words::{day_and_time, inline, length, line, lines, listed},
};
use crate::base::clock::Moment;

/// The parts a letter is made of; the templates put them in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    pub subject: String,
    pub heading: String,
    pub paragraphs: Vec<String>,
    pub quote: Option<Quote>,
    pub button: Option<Button>,
    pub until: Option<String>,
    /// What to do when the letter comes as a surprise.
    pub unexpected: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    pub intro: String,
    pub lines: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    pub label: &'static str,
    pub link: String,
}

const NAME: usize = 60;
const ADDRESS: usize = 254;
const MESSAGE: usize = 2_000;
const GROUPS: usize = 20;

/// Why the inviter or an administrator receives news.
const WHY_YOU: &str = "You receive this because you invited this person or administer the organization.";

/// The words of a letter that was queued at `at`; the same each time it is sent.
pub fn content(letter: &Letter, links: &Links, at: Moment) -> Content {
    match letter {
        Letter::Invitation { invitation, generation, organization, inviter, groups, message, expires_at } => {
            let who = Invited { organization, inviter, groups, message };
            invitation_to(who, links.invitation(*invitation, *generation), *expires_at, at)
        }
        Letter::InvitationAccepted { person, email, organization, user } => Content {
            subject: format!("{} has joined {}", subject_name(person, email), line(organization, NAME)),
            heading: format!("{} has joined {}", name_or(person, email), inline(organization, NAME)),
            paragraphs: vec![format!(
                "The invitation to {} was accepted. The account is active.",
                line(email, ADDRESS)
            )],
            button: Some(Button { label: "Show this person", link: links.user(*user) }),
            ..news()
        },
        Letter::InvitationMailFailed { email, reason, organization } => Content {
            subject: format!("The invitation to {} was not delivered", line(email, NAME)),
            heading: "An invitation was not delivered".to_owned(),
            paragraphs: vec![
                format!(
                    "The letter that invites {} to {} could not be delivered, and it is not tried again.",
                    line(email, ADDRESS),
                    inline(organization, NAME)
                ),
                "You can correct the address, send the letter again, or copy the link and hand it over \
                 yourself. The invitation itself stays valid until it expires."
                    .to_owned(),
            ],
            quote: Some(Quote { intro: "What was reported:".to_owned(), lines: vec![line(reason, MESSAGE)] }),
            button: Some(Button { label: "Open Users", link: links.users() }),
            ..news()
        },
        Letter::FreshLinkAsked { email, organization, user } => Content {
            subject: format!("{} asks for a fresh invitation link", line(email, NAME)),
            heading: "Somebody asks for a fresh link".to_owned(),
            paragraphs: vec![
                format!(
                    "The link that invites {} to {} no longer works, and whoever opened it asks for another.",
                    line(email, ADDRESS),
                    inline(organization, NAME)
                ),
                match user {
                    Some(_) => "If that is right, press Resend next to the person.",
                    None => "The invitation was revoked. If that is right, invite the person anew.",
                }
                .to_owned(),
            ],
            button: Some(match user {
                Some(user) => Button { label: "Show this person", link: links.user(*user) },
                None => Button { label: "Open Users", link: links.users() },
            }),
            ..news()
        },
        Letter::FurtherOrganization { setup_link, expires_at } => Content {
            subject: "Set up your organization in Roster".to_owned(),
            heading: "Set up your organization".to_owned(),
            paragraphs: vec![
                "The operator of this Roster invites you to set up an organization of your own. You will be \
                 its first administrator."
                    .to_owned(),
            ],
            button: Some(Button { label: "Set up the organization", link: links.setup(*setup_link) }),
            until: Some(works_until(*expires_at, at)),
            unexpected: "If you did not expect this letter, you can ignore it: nothing is set up unless you \
                         do it."
                .to_owned(),
            quote: None,
        },
        Letter::AccountNotice { organization, event } => account::notice(event, organization, links, at),
        Letter::AdministratorNotice { organization, person, user, event } => {
            account::notice_to_administrators(event, organization, person, links.user(*user), at)
        }
        Letter::PasswordReset { reset, organization, why, expires_at } => {
            account::reset(*why, organization, links.password_reset(*reset), (*expires_at, at))
        }
        Letter::EmailConfirmation { change, organization, expires_at } => {
            account::confirmation(organization, links.email_confirmation(*change), (*expires_at, at))
        }
        Letter::EmailChanged { change, organization, to, expires_at } => {
            account::changed(organization, to, links.email_undo(*change), (*expires_at, at))
        }
        Letter::BrowserLink { link, organization, expires_at } => {
            account::browser(organization, links.browser(*link), (*expires_at, at))
        }
        Letter::TokenExpires { organization, name, expires_at } => {
            access::token_expires(organization, name, links, (*expires_at, at))
        }
        Letter::AccessAsked { organization, person, role, reason, minutes, expires_at } => {
            let (minutes, expires_at) = (*minutes, *expires_at);
            access::asked(&access::Asked { organization, person, role, reason, minutes, expires_at }, links)
        }
        Letter::AccessNews { organization, person, role, event } => {
            access::news_of(event, organization, person, role, links)
        }
        Letter::Test { requested_by } => Content {
            subject: "Test letter from Roster".to_owned(),
            heading: "Mail works".to_owned(),
            paragraphs: vec![format!(
                "This letter was sent to see whether mail from Roster arrives. {} asked for it.",
                name_or(requested_by, "The operator")
            )],
            button: Some(Button { label: "Open Roster", link: links.home().to_owned() }),
            unexpected: "If you did not expect this letter, you can ignore it.".to_owned(),
            ..news()
        },
    }
}

struct Invited<'a> {
    organization: &'a str,
    inviter: &'a str,
    groups: &'a [String],
    message: &'a str,
}

fn invitation_to(who: Invited<'_>, link: String, expires_at: Moment, at: Moment) -> Content {
    let organization = inline(who.organization, NAME);
    let subject_organization = line(who.organization, NAME);
    let (subject, heading, first) = match line(who.inviter, NAME) {
        inviter if inviter.is_empty() => (
            format!("You are invited to join {subject_organization}"),
            format!("You are invited to join {organization}"),
            format!("An administrator of {organization} invites you to join it on Roster."),
        ),
        inviter => (
            format!("{inviter} invites you to join {subject_organization}"),
            format!("You are invited to join {organization}"),
            format!("{} invites you to join {organization} on Roster.", inline(who.inviter, NAME)),
        ),
    };
    let message = lines(who.message, MESSAGE);
    Content {
        subject,
        heading,
        paragraphs: std::iter::once(first).chain(groups_told(who.groups)).collect(),
        quote: (!message.is_empty())
            .then(|| Quote { intro: "The invitation comes with a message:".to_owned(), lines: message }),
        button: Some(Button { label: "Open the invitation", link }),
        until: Some(works_until(expires_at, at)),
        unexpected: "If you did not expect this invitation, you can ignore this letter: no account is made \
                     unless you accept."
            .to_owned(),
    }
}

fn groups_told(groups: &[String]) -> Option<String> {
    let mut names: Vec<String> = groups.iter().take(GROUPS).map(|group| inline(group, NAME)).collect();
    if groups.len() > GROUPS {
        names.push(format!("{} more", groups.len() - GROUPS));
    }
    match names.len() {
        0 => None,
        1 => Some(format!("You will be in the group {}.", names[0])),
        _ => Some(format!("You will be in the groups {}.", listed(&names))),
    }
}

fn works_until(expires_at: Moment, at: Moment) -> String {
    format!("The link works for {}, until {}.", length(expires_at.since(at)), day_and_time(expires_at))
}

fn name_or(name: &str, otherwise: &str) -> String {
    let name = inline(name, NAME);
    if name.is_empty() { inline(otherwise, ADDRESS) } else { name }
}

fn subject_name(name: &str, otherwise: &str) -> String {
    let name = line(name, NAME);
    if name.is_empty() { line(otherwise, NAME) } else { name }
}

fn news() -> Content {
    Content {
        subject: String::new(),
        heading: String::new(),
        paragraphs: Vec::new(),
        quote: None,
        button: None,
        until: None,
        unexpected: WHY_YOU.to_owned(),
    }
}
