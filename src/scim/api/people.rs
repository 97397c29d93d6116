//! `/Users`.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};

use super::{
    Caller, ScimProblem, json, not_modified, resource,
    sent::{Asked, Sent, named, subject},
};
use crate::{
    base::ids::ScimUserId,
    scim::{
        commands,
        model::{PersonSeen, discovery},
    },
};

pub async fn list(caller: Caller, asked: Asked) -> Result<HttpResponse, ScimProblem> {
    let (filter, window, projection) = (asked.filter()?, asked.window()?, asked.projection());
    let found =
        caller.read(move |conn, organization| commands::list(conn, organization, &filter, window)).await?;
    let told = found.rows.iter().map(|person| person.told(&caller.base, &projection)).collect();
    Ok(json(StatusCode::OK, &discovery::list(found.total, window.start, told)))
}

pub async fn show(caller: Caller, request: HttpRequest, asked: Asked) -> Result<HttpResponse, ScimProblem> {
    let id: ScimUserId = named(&request)?;
    let found = caller.read(move |conn, organization| Ok(commands::find(conn, organization, id)?)).await?;
    let person = found.ok_or_else(ScimProblem::not_found)?;
    match asked.has(person.version) {
        true => Ok(not_modified(person.version)),
        false => Ok(answer(StatusCode::OK, &caller, &asked, &person)),
    }
}

pub async fn create(
    caller: Caller,
    request: HttpRequest,
    asked: Asked,
    Sent(body): Sent,
) -> Result<HttpResponse, ScimProblem> {
    let subject = subject(&request, Some(&body));
    let person = caller.write(subject, move |tx, provider| commands::create(tx, provider, &body)).await?;
    Ok(answer(StatusCode::CREATED, &caller, &asked, &person))
}

pub async fn replace(
    caller: Caller,
    request: HttpRequest,
    asked: Asked,
    Sent(body): Sent,
) -> Result<HttpResponse, ScimProblem> {
    let (id, subject, if_match) = (named(&request)?, subject(&request, Some(&body)), asked.if_match.clone());
    let person = caller
        .write(subject, move |tx, provider| commands::replace(tx, provider, (id, if_match.as_deref()), &body))
        .await?;
    Ok(answer(StatusCode::OK, &caller, &asked, &person))
}

pub async fn patch(
    caller: Caller,
    request: HttpRequest,
    asked: Asked,
    Sent(body): Sent,
) -> Result<HttpResponse, ScimProblem> {
    let (id, subject, if_match) = (named(&request)?, subject(&request, None), asked.if_match.clone());
    let person = caller
        .write(subject, move |tx, provider| commands::patch(tx, provider, (id, if_match.as_deref()), &body))
        .await?;
    Ok(answer(StatusCode::OK, &caller, &asked, &person))
}

pub async fn remove(caller: Caller, request: HttpRequest, asked: Asked) -> Result<HttpResponse, ScimProblem> {
    let (id, subject, if_match) = (named(&request)?, subject(&request, None), asked.if_match.clone());
    caller
        .write(subject, move |tx, provider| commands::remove(tx, provider, (id, if_match.as_deref())))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn answer(status: StatusCode, caller: &Caller, asked: &Asked, person: &PersonSeen) -> HttpResponse {
    let told = person.told(&caller.base, &asked.projection());
    resource(status, &told, person.version, format!("{}/Users/{}", caller.base, person.id))
}
