//! Deactivate and Reactivate.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};

use super::{back, came_from, id};
use crate::{
    access::actions::{DeactivateUser, ReactivateUser},
    base::ids::UserId,
    users::{
        commands::{self, Tokens},
        model::{StatusRefusal, Who},
        pages::DeactivatePage,
        words,
    },
    web::{Fields, Halt, Problem, SignedIn, Wants, page::ToastKind, reply, url},
};

pub async fn parting(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    path: Path<String>,
) -> Result<HttpResponse, Problem> {
    let page = summary(&person, id(&path)?, came_from(&request), None).await?;
    reply::page_or_dialog(&wants, StatusCode::OK, &page, &page.as_dialog())
}

async fn summary(
    person: &SignedIn,
    of: UserId,
    return_to: String,
    refused: Option<String>,
) -> Result<DeactivatePage, Problem> {
    let now = person.site.db.now();
    let parting = person
        .read(move |conn, actor| {
            let permit = actor.may(DeactivateUser { of })?;
            Ok::<_, Problem>(commands::parting(conn, &permit, now)?)
        })
        .await?
        .ok_or(Problem::NotFound)?;
    Ok(DeactivatePage::new(person.frame(), parting, of == person.me.id, return_to, refused))
}

pub async fn deactivate(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    path: Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let of = id(&path)?;
    let done =
        person.write(move |tx, actor| Ok(commands::deactivate(tx, actor.may(DeactivateUser { of })?)?)).await;
    match done {
        Ok(_) if of == person.me.id => {
            person.session.purge();
            Ok(reply::onward(&request, url::SIGN_IN))
        }
        Ok(who) => {
            let words = format!("{} is deactivated and signed out.", who.shown());
            Ok(reply::onward_saying(&request, &back(&fields), words))
        }
        Err(Halt::Refused(StatusRefusal::NoSuchPerson)) => Err(Problem::NotFound),
        Err(Halt::Refused(refusal)) => {
            let page = summary(&person, of, back(&fields), Some(words::refused(&refusal))).await?;
            reply::page_or_dialog(&wants, StatusCode::UNPROCESSABLE_ENTITY, &page, &page.as_dialog())
        }
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

pub async fn reactivate(
    request: HttpRequest,
    person: SignedIn,
    path: Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let of = id(&path)?;
    let tokens = match fields.get("tokens") {
        "keep" => Tokens::Kept,
        _ => Tokens::Revoked,
    };
    let done: Result<Who, _> = person
        .write(move |tx, actor| Ok(commands::reactivate(tx, actor.may(ReactivateUser { of })?, tokens)?))
        .await;
    match done {
        Ok(who) => {
            let words = format!("{} is active again and can sign in.", who.shown());
            Ok(reply::onward_saying(&request, &back(&fields), words))
        }
        Err(Halt::Refused(StatusRefusal::NoSuchPerson)) => Err(Problem::NotFound),
        Err(Halt::Refused(refusal)) => {
            reply::flash(&request, ToastKind::Error, words::refused(&refusal));
            Ok(reply::onward(&request, &back(&fields)))
        }
        Err(Halt::Problem(problem)) => Err(problem),
    }
}
