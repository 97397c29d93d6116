//! Requests over the API.

use actix_web::web::{self, Json, Path, ServiceConfig};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::{
    commands,
    forms::{AskDraft, NoteDraft},
    model::{AccessRequest, ChangeRefusal, DecideRefusal, List, Place, Verdict},
    words,
};
use crate::{
    access::actions::{DecideRequest, EndGrant, ReadRequests},
    base::{clock::Moment, ids::AccessRequestId},
    web::{
        Halt,
        api::{Answer, Answered, ApiProblem, Bearer, Body, Made, Page, Paging, PagingParams, Query, named},
    },
};

pub fn api_routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/access-requests").get(index).post(create))
        .service(web::resource("/access-requests/{id}").get(show))
        .service(web::resource("/access-requests/{id}/approve").post(approve))
        .service(web::resource("/access-requests/{id}/deny").post(deny))
        .service(web::resource("/access-requests/{id}/withdraw").post(withdraw))
        .service(web::resource("/access-requests/{id}/give-back").post(give_back))
        .service(web::resource("/access-requests/{id}/end").post(end));
}

#[derive(OpenApi)]
#[openapi(paths(index, create, show, approve, deny, withdraw, give_back, end))]
pub struct ApiDocument;

/// A role asked for, for some time.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AccessRequest)]
pub struct AccessRequestShown {
    id: String,
    /// The id of the user who asks.
    user: String,
    role: String,
    minutes: i32,
    reason: String,
    /// pending, approved, denied, expired, ended or withdrawn.
    state: &'static str,
    created_at: String,
    /// Unanswered, it expires then.
    expires_at: String,
    decided_at: Option<String>,
    /// The id of the user who answered.
    decided_by: Option<String>,
    note: String,
    /// Until when the role is held, once it is approved.
    ends_at: Option<String>,
    ended_at: Option<String>,
    /// The id of the user who ended it before its time.
    ended_by: Option<String>,
}

impl AccessRequestShown {
    fn of(request: &AccessRequest, now: Moment) -> Self {
        let at = |moment: Option<Moment>| moment.map(Moment::rfc3339);
        Self {
            id: request.id.to_string(),
            user: request.user.to_string(),
            role: request.role.clone(),
            minutes: request.minutes,
            reason: request.reason.clone(),
            state: request.state_at(now).as_str(),
            created_at: request.created_at.rfc3339(),
            expires_at: request.expires_at.rfc3339(),
            decided_at: at(request.decided_at),
            decided_by: request.decided_by.map(|user| user.to_string()),
            note: request.note.clone(),
            ends_at: at(request.ends_at),
            ended_at: at(request.ended_at),
            ended_by: request.ended_by.map(|user| user.to_string()),
        }
    }
}

/// A role to ask for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewAccessRequest {
    /// The id of a role of the catalogue.
    role: String,
    #[schema(minimum = 15, maximum = 480)]
    minutes: i64,
    /// At most 500 characters.
    #[schema(max_length = 500)]
    reason: String,
}

/// An answer.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Note {
    /// For whoever asks, at most 500 characters.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: String,
}

/// Which requests.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Shown {
    /// One's own (mine), or with the action requests.read everybody's that wait (waiting) or do not any more (history).
    #[serde(default)]
    #[param(inline)]
    show: Which,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Which {
    #[default]
    Mine,
    Waiting,
    History,
}

/// List access requests
///
/// Your own, the newest first; or everybody's that wait, the longest waiting first; or everybody's that were answered
/// or are over, the newest first.
#[utoipa::path(get, path = "/access-requests", tag = "Access requests", params(Shown, PagingParams),
    responses((status = 200, body = Page<AccessRequestShown>)))]
async fn index(person: Bearer, query: Query<Shown>, paging: Paging) -> Answered<Page<AccessRequestShown>> {
    let (now, show) = (person.site.db.now(), query.0.show);
    let list = match show {
        Which::Mine => "access-requests:mine",
        Which::Waiting => "access-requests:waiting",
        Which::History => "access-requests:history",
    };
    let after: Option<String> = paging.after(list)?;
    let place = Place { after: after.unwrap_or_default(), before: String::new() };
    // One more than a page, so that it is known whether there are more.
    let at = (paging.limit + 1, now);
    let looked = person
        .read(move |conn, actor| {
            Ok::<_, ApiProblem>(match show {
                Which::Mine => commands::mine(conn, actor, &place, at)?,
                Which::Waiting => {
                    commands::everybody(conn, &actor.may(ReadRequests)?, List::Waiting, &place, at)?
                }
                Which::History => {
                    commands::everybody(conn, &actor.may(ReadRequests)?, List::History, &place, at)?
                }
            })
        })
        .await?;
    let rows = looked.slice.requests;
    let shown = |request: AccessRequest| AccessRequestShown::of(&request, now);
    Ok(Json(paging.page(list, rows, |request| request.id.to_string(), shown)?))
}

/// Ask for a role
///
/// For a stated time and with a reason. Those who may approve it are told by mail.
#[utoipa::path(post, path = "/access-requests", tag = "Access requests", request_body = NewAccessRequest,
    responses((status = 201, body = AccessRequestShown)))]
async fn create(person: Bearer, body: Body<NewAccessRequest>) -> Result<Answer, ApiProblem> {
    let NewAccessRequest { role, minutes, reason } = body.value;
    let draft = AskDraft {
        role: role.trim().to_owned(),
        minutes: minutes.to_string(),
        reason: reason.trim().to_owned(),
    };
    let ask = draft.parse(person.site.settings.access_request_minutes()).map_err(|errors| {
        let all = [("role", errors.role), ("minutes", errors.minutes), ("reason", errors.reason)];
        ApiProblem::fields(all.into_iter().filter_map(|(member, words)| Some((member, words?))))
    })?;
    let zone = person.token().around.time_zone.clone();
    person
        .create(&body.once, move |tx, actor| {
            let asked = commands::ask(tx, actor, &ask)?;
            Ok(Made::new(AccessRequestShown::of(&asked.request, tx.now())))
        })
        .await
        .map_err(|halt| {
            halt.told(|refusal| match words::not_asked(refusal, &zone) {
                ("role", words) => ApiProblem::field("role", words),
                (_, words) => ApiProblem::conflict(words),
            })
        })
}

/// Read an access request
#[utoipa::path(get, path = "/access-requests/{id}", tag = "Access requests", params(("id" = String, Path)),
    responses((status = 200, body = AccessRequestShown)))]
async fn show(person: Bearer, path: Path<String>) -> Answered<AccessRequestShown> {
    let id: AccessRequestId = named(&path)?;
    let now = person.site.db.now();
    let seen = person.read(move |conn, actor| Ok::<_, ApiProblem>(commands::seen(conn, actor, id)?)).await?;
    let seen = seen.ok_or_else(ApiProblem::not_found)?;
    Ok(Json(AccessRequestShown::of(&seen.request, now)))
}

/// Approve an access request
///
/// Never one's own; and what administers the organization only by somebody who holds IAM Admin.
#[utoipa::path(post, path = "/access-requests/{id}/approve", tag = "Access requests",
    params(("id" = String, Path)), request_body = Note, responses((status = 200, body = AccessRequestShown)))]
async fn approve(person: Bearer, path: Path<String>, body: Body<Note>) -> Answered<AccessRequestShown> {
    decide(&person, named(&path)?, Verdict::Approve, body.value).await
}

/// Deny an access request
#[utoipa::path(post, path = "/access-requests/{id}/deny", tag = "Access requests",
    params(("id" = String, Path)), request_body = Note, responses((status = 200, body = AccessRequestShown)))]
async fn deny(person: Bearer, path: Path<String>, body: Body<Note>) -> Answered<AccessRequestShown> {
    decide(&person, named(&path)?, Verdict::Deny, body.value).await
}

/// Withdraw one's own access request
#[utoipa::path(post, path = "/access-requests/{id}/withdraw", tag = "Access requests",
    params(("id" = String, Path)), responses((status = 200, body = AccessRequestShown)))]
async fn withdraw(person: Bearer, path: Path<String>) -> Answered<AccessRequestShown> {
    let of = named(&path)?;
    changed(&person, person.write(move |tx, actor| Ok(commands::withdraw(tx, actor, of)?)).await)
}

/// Give a role back
///
/// Before its time is up.
#[utoipa::path(post, path = "/access-requests/{id}/give-back", tag = "Access requests",
    params(("id" = String, Path)), responses((status = 200, body = AccessRequestShown)))]
async fn give_back(person: Bearer, path: Path<String>) -> Answered<AccessRequestShown> {
    let of = named(&path)?;
    changed(&person, person.write(move |tx, actor| Ok(commands::give_back(tx, actor, of)?)).await)
}

/// End a grant
///
/// Takes a role from whoever holds it by an approved request, before its time is up.
#[utoipa::path(post, path = "/access-requests/{id}/end", tag = "Access requests",
    params(("id" = String, Path)), responses((status = 200, body = AccessRequestShown)))]
async fn end(person: Bearer, path: Path<String>) -> Answered<AccessRequestShown> {
    let of = named(&path)?;
    let done = person.write(move |tx, actor| Ok(commands::end(tx, actor.may(EndGrant { of })?)?)).await;
    changed(&person, done)
}

async fn decide(
    person: &Bearer,
    of: AccessRequestId,
    verdict: Verdict,
    note: Note,
) -> Answered<AccessRequestShown> {
    let draft = NoteDraft { note: note.note.trim().to_owned() };
    let decision = draft.parse(verdict).map_err(|words| ApiProblem::field("note", words))?;
    let decided = person
        .write(move |tx, actor| Ok(commands::decide(tx, actor.may(DecideRequest { of })?, &decision)?))
        .await;
    let request = decided.map_err(|halt| {
        halt.told(|refusal| match refusal {
            DecideRefusal::NoSuchRequest => ApiProblem::not_found(),
            DecideRefusal::Is(_) | DecideRefusal::RoleGone => {
                ApiProblem::conflict(words::not_decided(refusal))
            }
            DecideRefusal::OwnRequest | DecideRefusal::NeedsAdministrator => {
                ApiProblem::not_permitted(words::not_decided(refusal))
            }
        })
    })?;
    Ok(Json(AccessRequestShown::of(&request, person.site.db.now())))
}

fn changed(
    person: &Bearer,
    done: Result<AccessRequest, Halt<ChangeRefusal>>,
) -> Answered<AccessRequestShown> {
    let request = done.map_err(|halt| {
        halt.told(|refusal| match refusal {
            ChangeRefusal::NoSuchRequest => ApiProblem::not_found(),
            ChangeRefusal::Is(_) => ApiProblem::conflict(words::not_changed(refusal)),
        })
    })?;
    Ok(Json(AccessRequestShown::of(&request, person.site.db.now())))
}
