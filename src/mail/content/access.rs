//! What letters about access say: tokens and access requests.

use super::{ADDRESS, Button, Content, MESSAGE, NAME, Quote, name_or, news};
use crate::{
    base::clock::Moment,
    mail::{
        letters::RequestEvent,
        links::Links,
        words::{day_and_time, inline, length, line, lines},
    },
};

/// To the owner of a token that ends soon.
pub fn token_expires(
    organization: &str,
    name: &str,
    links: &Links,
    (expires_at, at): (Moment, Moment),
) -> Content {
    Content {
        subject: format!("The access token {} expires soon", line(name, NAME)),
        heading: "An access token expires soon".to_owned(),
        paragraphs: vec![
            format!(
                "Your access token “{}” in {} works for {}, until {}.",
                inline(name, NAME),
                inline(organization, NAME),
                length(expires_at.since(at)),
                day_and_time(expires_at)
            ),
            "Whatever uses it stops working then. Create another one before, and put it in its place."
                .to_owned(),
        ],
        button: Some(Button { label: "Open Tokens", link: links.tokens() }),
        unexpected: "If nothing uses it any more, you can ignore this letter or revoke the token.".to_owned(),
        ..news()
    }
}

/// What an approver is to decide.
pub struct Asked<'a> {
    pub organization: &'a str,
    pub person: &'a str,
    pub role: &'a str,
    pub reason: &'a str,
    pub minutes: i32,
    pub expires_at: Moment,
}

/// To those who may approve.
pub fn asked(asked: &Asked<'_>, links: &Links) -> Content {
    let Asked { organization, person, role, reason, minutes, expires_at } = *asked;
    Content {
        subject: format!("{} asks for {}", line(person, NAME), line(role, NAME)),
        heading: "Somebody asks for access".to_owned(),
        paragraphs: vec![format!(
            "{} asks for the role {} in {} for {}.",
            name_or(person, "Somebody"),
            inline(role, NAME),
            inline(organization, NAME),
            length(chrono::Duration::minutes(minutes.into()))
        )],
        quote: Some(Quote { intro: "The reason given:".to_owned(), lines: lines(reason, MESSAGE) }),
        button: Some(Button { label: "Approve or deny", link: links.access_requests() }),
        until: Some(format!("Unanswered, the request expires on {}.", day_and_time(expires_at))),
        unexpected: "You receive this because you may approve access requests.".to_owned(),
    }
}

/// To whom it concerns: what became of a request.
pub fn news_of(event: &RequestEvent, organization: &str, person: &str, role: &str, links: &Links) -> Content {
    let whose = match person {
        "" => "Your request".to_owned(),
        person => format!("The request of {}", inline(person, NAME)),
    };
    let role_named = inline(role, NAME);
    let administrator = |by: &str| name_or(by, "An administrator");
    let (became, told, note) = match event {
        RequestEvent::Approved { by, note, until } => (
            "approved",
            format!("{} approved it. The role is held until {}.", administrator(by), day_and_time(*until)),
            note.as_str(),
        ),
        RequestEvent::Denied { by, note } => {
            ("denied", format!("{} denied it.", administrator(by)), note.as_str())
        }
        RequestEvent::Expired => {
            ("expired", "Nobody answered it in time. It can be asked again.".to_owned(), "")
        }
        RequestEvent::Ended { by: None } => {
            ("ended", "The time that was approved is over, and the role is no longer held.".to_owned(), "")
        }
        RequestEvent::Ended { by: Some(by) } => {
            ("ended", format!("{} ended it, and the role is no longer held.", administrator(by)), "")
        }
        RequestEvent::Withdrawn => ("withdrawn", "Nothing is left to decide.".to_owned(), ""),
    };
    let note = lines(note, ADDRESS);
    Content {
        subject: format!("{} for {} is {became}", line(&whose, NAME), line(role, NAME)),
        heading: format!("An access request is {became}"),
        paragraphs: vec![
            format!("{whose} for the role {role_named} in {} is {became}.", inline(organization, NAME)),
            told,
        ],
        quote: (!note.is_empty())
            .then(|| Quote { intro: "The answer comes with a note:".to_owned(), lines: note }),
        button: Some(Button { label: "Open access requests", link: links.access_requests() }),
        unexpected: "You receive this because the request concerns you.".to_owned(),
        ..news()
    }
}
