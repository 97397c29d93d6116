//! Reset second factor.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};

use super::id;
use crate::{
    access::{
        Denied,
        actions::{Action, ReadUsers, ResetSecondFactor},
    },
    base::ids::UserId,
    second_factor::{self, ResetRefusal, WasReset},
    users::{commands, forms::ResetDraft, model::Who, pages::ResetPage, words},
    web::{Fields, Halt, Problem, SignedIn, Wants, kept, page::ToastKind, reply, url},
};

/// Somebody who proved anew who they are finds here the reason they had given.
pub async fn parting(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    path: Path<String>,
) -> Result<HttpResponse, Problem> {
    let of = id(&path)?;
    let draft = kept::take(&request).map(|fields| ResetDraft::read(&fields)).unwrap_or_default();
    let page = page(&person, of, &draft, None).await?;
    reply::page_or_dialog(&wants, StatusCode::OK, &page, &page.as_dialog())
}

pub async fn reset(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    path: Path<String>,
    fields: Fields,
) -> Result<HttpResponse, Problem> {
    let (of, draft) = (id(&path)?, ResetDraft::read(&fields));
    may(&person)?;
    let reason = match draft.parse() {
        Ok(reason) => reason,
        Err(words) => {
            let page = page(&person, of, &draft, Some(words)).await?;
            return reply::page_or_dialog(&wants, StatusCode::UNPROCESSABLE_ENTITY, &page, &page.as_dialog());
        }
    };
    let who = found(&person, of).await?.0;
    person.needs_fresh_proof()?;
    let done: Result<WasReset, _> = person
        .write(move |tx, actor| Ok(second_factor::reset(tx, actor.may(ResetSecondFactor { of })?, &reason)?))
        .await;
    match done {
        Ok(_) if of == person.me.id => {
            person.session.purge();
            Ok(reply::onward(&request, url::SIGN_IN))
        }
        Ok(_) => {
            let words =
                format!("The second factor of {} is reset, and their sessions have ended.", who.shown());
            Ok(reply::onward_saying(&request, &url::user(of), words))
        }
        Err(Halt::Refused(ResetRefusal::NoSuchPerson)) => Err(Problem::NotFound),
        Err(Halt::Refused(refusal)) => {
            reply::flash(&request, ToastKind::Error, words::not_reset(refusal, who.shown()));
            Ok(reply::onward(&request, &url::user(of)))
        }
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

async fn page(
    person: &SignedIn,
    of: UserId,
    draft: &ResetDraft,
    error: Option<String>,
) -> Result<ResetPage, Problem> {
    may(person)?;
    let (who, standing, sessions) = found(person, of).await?;
    Ok(ResetPage::new(person.frame(), (who, of == person.me.id), (standing, sessions), draft, error))
}

async fn found(person: &SignedIn, of: UserId) -> Result<(Who, second_factor::Standing, i64), Problem> {
    let now = person.site.db.now();
    let found = person
        .read(move |conn, actor| {
            Ok::<_, Problem>(commands::factor_of(conn, &actor.may(ReadUsers)?, of, now)?)
        })
        .await?;
    found.ok_or(Problem::NotFound)
}

fn may(person: &SignedIn) -> Result<(), Problem> {
    match person.actor.may_do(ResetSecondFactor::NAME) {
        true => Ok(()),
        false => Err(Denied { action: ResetSecondFactor::NAME }.into()),
    }
}
