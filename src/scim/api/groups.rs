//! `/Groups`.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};

use super::{
    Caller, ScimProblem, json, not_modified, resource,
    sent::{Asked, Sent, named, subject},
};
use crate::{
    base::ids::ScimGroupId,
    scim::{
        commands,
        model::{GroupSeen, discovery},
    },
};

pub async fn list(caller: Caller, asked: Asked) -> Result<HttpResponse, ScimProblem> {
    let (filter, window, projection) = (asked.filter()?, asked.window()?, asked.projection());
    let with_members = projection.has("members");
    let found = caller
        .read(move |conn, organization| {
            commands::list_groups(conn, organization, &filter, window, with_members)
        })
        .await?;
    let told = found.rows.iter().map(|group| group.told(&caller.base, &projection)).collect();
    Ok(json(StatusCode::OK, &discovery::list(found.total, window.start, told)))
}

pub async fn show(caller: Caller, request: HttpRequest, asked: Asked) -> Result<HttpResponse, ScimProblem> {
    let id: ScimGroupId = named(&request)?;
    let with_members = asked.projection().has("members");
    let group = caller
        .read(move |conn, organization| commands::find_group(conn, organization, id, with_members))
        .await?;
    match asked.has(group.version) {
        true => Ok(not_modified(group.version)),
        false => Ok(answer(StatusCode::OK, &caller, &asked, &group)),
    }
}

pub async fn create(
    caller: Caller,
    request: HttpRequest,
    asked: Asked,
    Sent(body): Sent,
) -> Result<HttpResponse, ScimProblem> {
    let subject = subject(&request, Some(&body));
    let group =
        caller.write(subject, move |tx, provider| commands::create_group(tx, provider, &body)).await?;
    Ok(answer(StatusCode::CREATED, &caller, &asked, &group))
}

pub async fn replace(
    caller: Caller,
    request: HttpRequest,
    asked: Asked,
    Sent(body): Sent,
) -> Result<HttpResponse, ScimProblem> {
    let (id, subject, if_match) = (named(&request)?, subject(&request, Some(&body)), asked.if_match.clone());
    let group = caller
        .write(subject, move |tx, provider| {
            commands::replace_group(tx, provider, (id, if_match.as_deref()), &body)
        })
        .await?;
    Ok(answer(StatusCode::OK, &caller, &asked, &group))
}

pub async fn patch(
    caller: Caller,
    request: HttpRequest,
    asked: Asked,
    Sent(body): Sent,
) -> Result<HttpResponse, ScimProblem> {
    let (id, subject, if_match) = (named(&request)?, subject(&request, None), asked.if_match.clone());
    let group = caller
        .write(subject, move |tx, provider| {
            commands::patch_group(tx, provider, (id, if_match.as_deref()), &body)
        })
        .await?;
    Ok(answer(StatusCode::OK, &caller, &asked, &group))
}

pub async fn remove(caller: Caller, request: HttpRequest, asked: Asked) -> Result<HttpResponse, ScimProblem> {
    let (id, subject, if_match) = (named(&request)?, subject(&request, None), asked.if_match.clone());
    caller
        .write(subject, move |tx, provider| commands::remove_group(tx, provider, (id, if_match.as_deref())))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn answer(status: StatusCode, caller: &Caller, asked: &Asked, group: &GroupSeen) -> HttpResponse {
    let told = group.told(&caller.base, &asked.projection());
    resource(status, &told, group.version, format!("{}/Groups/{}", caller.base, group.id))
}
