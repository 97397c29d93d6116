//! `/Users` and `/Groups`, and searches of both.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};
use serde_json::Value;

use super::{
    Caller, ScimProblem, json,
    kinds::{Done, Groups, Kind, People},
    not_modified, resource,
    sent::{Asked, Sent, named, subject},
};
use crate::{
    base::ids::OrganizationId,
    db::{AnyConnection, Stop},
    scim::model::{Found, Question, Refusal, discovery},
};

pub async fn list<K: Kind>(caller: Caller, asked: Asked) -> Result<HttpResponse, ScimProblem> {
    find_all::<K>(&caller, asked.question()?).await
}

/// The same question in a body (RFC 7644 §3.4.3), which leaves no trace in anybody's log of addresses.
pub async fn search<K: Kind>(caller: Caller, Sent(body): Sent) -> Result<HttpResponse, ScimProblem> {
    find_all::<K>(&caller, Question::read(&body)?).await
}

async fn find_all<K: Kind>(caller: &Caller, question: Question) -> Result<HttpResponse, ScimProblem> {
    let (start, base) = (question.window.start, caller.base.clone());
    let found = caller.read(move |conn, of| told::<K>(conn, of, &question, &base)).await?;
    Ok(json(StatusCode::OK, &discovery::list(found.total, start, found.rows)))
}

fn told<K: Kind>(
    conn: &mut AnyConnection,
    of: OrganizationId,
    question: &Question,
    base: &str,
) -> Done<Found<Value>> {
    let Found { total, rows } = K::list(conn, of, question)?;
    let told = rows.iter().map(|seen| K::told(seen, base, &question.projection));
    Ok(Found { total, rows: told.collect() })
}

/// People and then groups; of a kind that cannot be asked about an attribute, none has it.
pub async fn search_all(caller: Caller, Sent(body): Sent) -> Result<HttpResponse, ScimProblem> {
    let question = Question::read(&body)?;
    let (start, base) = (question.window.start, caller.base.clone());
    let found = caller
        .read(move |conn, of| {
            let people = told::<People>(conn, of, &question, &base);
            let (total, shown) = people.as_ref().map_or((0, 0), |it| (it.total, it.rows.len()));
            let behind = Question { window: question.window.behind(total, shown), ..question };
            both(people, told::<Groups>(conn, of, &behind, &base))
        })
        .await?;
    Ok(json(StatusCode::OK, &discovery::list(found.total, start, found.rows)))
}

fn both(people: Done<Found<Value>>, groups: Done<Found<Value>>) -> Done<Found<Value>> {
    match (people, groups) {
        (Ok(people), Ok(groups)) => Ok(Found {
            total: people.total + groups.total,
            rows: people.rows.into_iter().chain(groups.rows).collect(),
        }),
        (Ok(found), Err(Stop::Refused(Refusal::BadFilter(_))))
        | (Err(Stop::Refused(Refusal::BadFilter(_))), Ok(found)) => Ok(found),
        (Err(stop), _) | (_, Err(stop)) => Err(stop),
    }
}

pub async fn show<K: Kind>(
    caller: Caller,
    request: HttpRequest,
    asked: Asked,
) -> Result<HttpResponse, ScimProblem> {
    let (id, projection) = (named(&request)?, asked.projection());
    let seen = caller.read(move |conn, of| K::find(conn, of, id, &projection)).await?;
    match asked.has(K::version(&seen)) {
        true => Ok(not_modified(K::version(&seen))),
        false => Ok(answer::<K>(StatusCode::OK, &caller, &asked, &seen)),
    }
}

pub async fn create<K: Kind>(
    caller: Caller,
    request: HttpRequest,
    asked: Asked,
    Sent(body): Sent,
) -> Result<HttpResponse, ScimProblem> {
    let subject = subject(&request, Some(&body));
    let seen = caller.write(subject, move |tx, provider| K::create(tx, provider, &body)).await?;
    Ok(answer::<K>(StatusCode::CREATED, &caller, &asked, &seen))
}

pub async fn replace<K: Kind>(
    caller: Caller,
    request: HttpRequest,
    asked: Asked,
    Sent(body): Sent,
) -> Result<HttpResponse, ScimProblem> {
    let (id, subject, if_match) = (named(&request)?, subject(&request, Some(&body)), asked.if_match.clone());
    let seen = caller
        .write(subject, move |tx, provider| K::replace(tx, provider, (id, if_match.as_deref()), &body))
        .await?;
    Ok(answer::<K>(StatusCode::OK, &caller, &asked, &seen))
}

pub async fn patch<K: Kind>(
    caller: Caller,
    request: HttpRequest,
    asked: Asked,
    Sent(body): Sent,
) -> Result<HttpResponse, ScimProblem> {
    let (id, subject, if_match) = (named(&request)?, subject(&request, None), asked.if_match.clone());
    let seen = caller
        .write(subject, move |tx, provider| K::patch(tx, provider, (id, if_match.as_deref()), &body))
        .await?;
    Ok(answer::<K>(StatusCode::OK, &caller, &asked, &seen))
}

pub async fn remove<K: Kind>(
    caller: Caller,
    request: HttpRequest,
    asked: Asked,
) -> Result<HttpResponse, ScimProblem> {
    let (id, subject, if_match) = (named(&request)?, subject(&request, None), asked.if_match);
    caller.write(subject, move |tx, provider| K::remove(tx, provider, (id, if_match.as_deref()))).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn answer<K: Kind>(status: StatusCode, caller: &Caller, asked: &Asked, seen: &K::Seen) -> HttpResponse {
    let told = K::told(seen, &caller.base, &asked.projection());
    let location = format!("{}/{}/{}", caller.base, K::PATH, K::id(seen));
    resource(status, &told, K::version(seen), location)
}
