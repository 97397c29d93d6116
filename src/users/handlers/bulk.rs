//! Selected rows: the summary, the job, its progress.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};

use crate::{
    access::{
        Denied,
        actions::{ReadJob, ReadUsers},
    },
    base::ids::JobId,
    users::{
        commands,
        forms::SelectedDraft,
        model::{Act, Chosen, SelectionRefusal, Through},
        pages::{JobPage, SelectedPage},
        words,
    },
    web::{Fields, Halt, Problem, SignedIn, Wants, form::Query, kept, page::ToastKind, reply, url},
};

/// How many people a page of results shows.
const PAGE: i64 = 100;

/// Somebody who signed in again finds here what they had selected.
pub async fn new(request: HttpRequest, person: SignedIn) -> Result<HttpResponse, Problem> {
    match kept::take(&request) {
        Some(fields) => summary(&request, &person, &SelectedDraft::read(&fields)).await,
        None => Ok(reply::onward(&request, url::USERS)),
    }
}

pub async fn create(request: HttpRequest, person: SignedIn, fields: Fields) -> Result<HttpResponse, Problem> {
    let draft = SelectedDraft::read(&fields);
    let (Some(act), Some(agreed)) = (draft.act, draft.agreed) else {
        return summary(&request, &person, &draft).await;
    };
    may(&person, act)?;
    let (selection, through) = (draft.selection.clone(), Through::Session(person.who.session));
    let begun = person
        .write(move |tx, actor| {
            if !actor.may_do(act.action()) {
                return Err(Denied { action: act.action() }.into());
            }
            Ok(commands::begin(tx, &actor.may(ReadUsers)?, (act, through), &selection, Some(agreed))?)
        })
        .await;
    match begun {
        Ok(job) => Ok(reply::onward(&request, &url::job(job))),
        Err(Halt::Refused(refusal)) => refused(&request, &person, &draft, act, refusal),
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

async fn summary(
    request: &HttpRequest,
    person: &SignedIn,
    draft: &SelectedDraft,
) -> Result<HttpResponse, Problem> {
    let Some(act) = draft.act else { return Ok(reply::onward(request, &draft.return_to)) };
    may(person, act)?;
    let (selection, now) = (draft.selection.clone(), person.site.db.now());
    let chosen = person
        .read(move |conn, actor| {
            Ok::<_, Halt<SelectionRefusal>>(commands::sort_out(
                conn,
                &actor.may(ReadUsers)?,
                act,
                &selection,
                now,
            )?)
        })
        .await;
    match chosen {
        Ok(chosen) if chosen.included.is_empty() => {
            refused(request, person, draft, act, SelectionRefusal::Nobody(chosen))
        }
        Ok(chosen) => page(person, draft, act, chosen, None),
        Err(Halt::Refused(refusal)) => refused(request, person, draft, act, refusal),
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

fn may(person: &SignedIn, act: Act) -> Result<(), Problem> {
    match person.actor.may_do(act.action()) {
        true => Ok(()),
        false => Err(Denied { action: act.action() }.into()),
    }
}

fn page(
    person: &SignedIn,
    draft: &SelectedDraft,
    act: Act,
    chosen: Chosen,
    problem: Option<&str>,
) -> Result<HttpResponse, Problem> {
    let status = if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let words = (draft.return_to.clone(), problem.map(str::to_owned));
    reply::with_status(status, &SelectedPage::new(person.frame(), act, chosen, &draft.selection, words))
}

fn refused(
    request: &HttpRequest,
    person: &SignedIn,
    draft: &SelectedDraft,
    act: Act,
    refusal: SelectionRefusal,
) -> Result<HttpResponse, Problem> {
    match refusal {
        SelectionRefusal::Changed(chosen) => page(person, draft, act, chosen, Some(words::SELECTION_CHANGED)),
        SelectionRefusal::Nobody(chosen) => page(person, draft, act, chosen, Some(words::SELECTION_EMPTY)),
        SelectionRefusal::TooMany => {
            reply::flash(request, ToastKind::Error, words::SELECTION_TOO_LARGE);
            Ok(reply::onward(request, &draft.return_to))
        }
    }
}

pub async fn show(
    person: SignedIn,
    wants: Wants,
    path: Path<String>,
    query: Query,
) -> Result<HttpResponse, Problem> {
    let of: JobId = path.parse().map_err(|_| Problem::NotFound)?;
    let after = query.0.get("after").parse::<i32>().unwrap_or(0).max(0);
    let job = person
        .read(move |conn, actor| {
            Ok::<_, Problem>(commands::job(conn, &actor.may(ReadJob { of })?, after, PAGE)?)
        })
        .await?
        .ok_or(Problem::NotFound)?;
    let page = JobPage::new(person.frame(), job, PAGE);
    match wants.block("progress") {
        true => reply::html(&page.as_progress()),
        false => reply::html(&page),
    }
}
