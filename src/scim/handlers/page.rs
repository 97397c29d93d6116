//! How provisioning stands; turning it on and off.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};

use crate::{
    access::actions::{ConfigureScim, ReadScim},
    base::ids::ScimNoteId,
    scim::{
        commands,
        pages::{DisablePage, ScimPage},
    },
    web::{Halt, Problem, SignedIn, Wants, form::Query, reply, url},
};

/// Lines of the log on one page.
const ON_A_PAGE: usize = 50;

pub async fn index(person: SignedIn, wants: Wants, Query(query): Query) -> Result<HttpResponse, Problem> {
    let before: Option<ScimNoteId> = query.get("before").parse().ok();
    let overview = person
        .read(move |conn, actor| {
            let permit = actor.may(ReadScim)?;
            Ok::<_, Problem>(commands::overview(conn, &permit, before, ON_A_PAGE as i64 + 1)?)
        })
        .await?;
    let page = ScimPage::new(&person, overview, before, ON_A_PAGE);
    match wants.block("log") {
        true => reply::html(&page.as_log()),
        false => reply::html(&page),
    }
}

pub async fn enable(request: HttpRequest, person: SignedIn) -> Result<HttpResponse, Problem> {
    person.actor.may(ConfigureScim)?;
    person.needs_fresh_proof()?;
    let done = person
        .write(|tx, actor| Ok::<_, Halt<()>>(commands::enable(tx, actor.may(ConfigureScim)?)?))
        .await
        .map_err(no_refusal)?;
    let words = match done {
        true => "The SCIM API is on. Make a token for your identity provider.",
        false => "The SCIM API was on already.",
    };
    Ok(reply::onward_saying(&request, url::SCIM, words))
}

pub async fn disabling(person: SignedIn, wants: Wants) -> Result<HttpResponse, Problem> {
    person.actor.may(ConfigureScim)?;
    let page = DisablePage { frame: person.frame() };
    reply::page_or_dialog(&wants, StatusCode::OK, &page, &page.as_dialog())
}

pub async fn disable(request: HttpRequest, person: SignedIn) -> Result<HttpResponse, Problem> {
    let done = person
        .write(|tx, actor| Ok::<_, Halt<()>>(commands::disable(tx, actor.may(ConfigureScim)?)?))
        .await
        .map_err(no_refusal)?;
    let words = match done {
        true => "The SCIM API is off. Its tokens are refused from now on.",
        false => "The SCIM API was off already.",
    };
    Ok(reply::onward_saying(&request, url::SCIM, words))
}

/// For commands that refuse nothing.
pub fn no_refusal(halt: Halt<()>) -> Problem {
    match halt {
        Halt::Refused(()) => Problem::NotFound,
        Halt::Problem(problem) => problem,
    }
}
