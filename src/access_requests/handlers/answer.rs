//! One request, and answering it.

use actix_web::{HttpResponse, http::StatusCode, web::Path};

use super::{id, onlooker, refuse, seen};
use crate::{
    access::{
        Denied,
        actions::{Action, DecideRequest},
    },
    access_requests::{
        commands,
        forms::NoteDraft,
        model::{DecideRefusal, Verdict},
        pages::RequestPage,
        words,
    },
    base::ids::AccessRequestId,
    web::{Desk, Fields, Halt, Problem, kept, reply, url},
};

pub async fn show(desk: Desk, path: Path<String>) -> Result<HttpResponse, Problem> {
    let seen = seen(&desk, id(&path)?).await?;
    let page = RequestPage::new(desk.person.frame(), &onlooker(&desk), &seen);
    desk.show(StatusCode::OK, &page, &page.as_dialog())
}

pub async fn approval(desk: Desk, path: Path<String>) -> Result<HttpResponse, Problem> {
    form(&desk, id(&path)?, Verdict::Approve).await
}

pub async fn denial(desk: Desk, path: Path<String>) -> Result<HttpResponse, Problem> {
    form(&desk, id(&path)?, Verdict::Deny).await
}

pub async fn approve(desk: Desk, path: Path<String>, fields: Fields) -> Result<HttpResponse, Problem> {
    decide(&desk, id(&path)?, Verdict::Approve, &NoteDraft::read(&fields)).await
}

pub async fn deny(desk: Desk, path: Path<String>, fields: Fields) -> Result<HttpResponse, Problem> {
    decide(&desk, id(&path)?, Verdict::Deny, &NoteDraft::read(&fields)).await
}

async fn form(desk: &Desk, of: AccessRequestId, verdict: Verdict) -> Result<HttpResponse, Problem> {
    let draft = kept::take(&desk.request).map(|fields| NoteDraft::read(&fields)).unwrap_or_default();
    let page = page(desk, of, verdict, (&draft, None)).await?;
    desk.show(StatusCode::OK, &page, &page.as_dialog())
}

async fn page(
    desk: &Desk,
    of: AccessRequestId,
    verdict: Verdict,
    note: (&NoteDraft, Option<String>),
) -> Result<RequestPage, Problem> {
    let seen = seen(desk, of).await?;
    if !desk.person.actor.may_do(DecideRequest::NAME) {
        return Err(Denied { action: DecideRequest::NAME }.into());
    }
    let by = onlooker(desk);
    Ok(RequestPage::new(desk.person.frame(), &by, &seen).answered(&by, &seen, verdict, note))
}

async fn decide(
    desk: &Desk,
    of: AccessRequestId,
    verdict: Verdict,
    draft: &NoteDraft,
) -> Result<HttpResponse, Problem> {
    let decision = match draft.parse(verdict) {
        Ok(decision) => decision,
        Err(words) => {
            let page = page(desk, of, verdict, (draft, Some(words))).await?;
            return desk.show(StatusCode::UNPROCESSABLE_ENTITY, &page, &page.as_dialog());
        }
    };
    let decided = desk
        .person
        .write(move |tx, actor| Ok(commands::decide(tx, actor.may(DecideRequest { of })?, &decision)?))
        .await;
    let status = match decided {
        Ok(request) => {
            let role = desk.person.actor.catalogue().role_name(&request.role).to_owned();
            let words = match verdict {
                Verdict::Approve => {
                    format!("{role} is approved for {}.", words::minutes(request.minutes))
                }
                Verdict::Deny => format!("The request for {role} is denied."),
            };
            return Ok(reply::onward_saying(&desk.request, url::ACCESS_REQUESTS, words));
        }
        Err(Halt::Problem(problem)) => return Err(problem),
        Err(Halt::Refused(refusal)) => match refusal {
            DecideRefusal::NoSuchRequest => return Err(Problem::NotFound),
            DecideRefusal::Is(_) => (StatusCode::CONFLICT, refusal),
            DecideRefusal::OwnRequest | DecideRefusal::NeedsAdministrator | DecideRefusal::RoleGone => {
                (StatusCode::UNPROCESSABLE_ENTITY, refusal)
            }
        },
    };
    refuse(desk, of, status.0, words::not_decided(status.1)).await
}
