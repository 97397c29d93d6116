//! Asking.

use actix_web::{HttpResponse, http::StatusCode};

use crate::{
    access_requests::{
        commands,
        forms::{AskDraft, AskErrors},
        model::AskRefusal,
        pages::AskPage,
        words,
    },
    web::{Desk, Fields, Halt, Problem, form::Query, kept, reply, url},
};

/// The form; the address may name a role to begin with. Somebody who signed in again finds what they had typed.
pub async fn new(desk: Desk, query: Query) -> Result<HttpResponse, Problem> {
    let kept = kept::take(&desk.request);
    let is_kept = kept.is_some();
    let draft = match kept {
        Some(fields) => AskDraft::read(&fields),
        None => AskDraft { role: query.0.text("role"), ..AskDraft::default() },
    };
    let page = page(&desk, &draft, AskErrors::default()).await?;
    let page = if is_kept { page.kept() } else { page };
    desk.show(StatusCode::OK, &page, &page.as_dialog())
}

pub async fn create(desk: Desk, fields: Fields) -> Result<HttpResponse, Problem> {
    let draft = AskDraft::read(&fields);
    let ask = match draft.parse(desk.person.site.settings.access_request_minutes()) {
        Ok(ask) => ask,
        Err(errors) => return refuse(&desk, page(&desk, &draft, errors).await?),
    };
    match desk.person.write(move |tx, actor| Ok(commands::ask(tx, actor, &ask)?)).await {
        Ok(asked) => {
            let role = desk.person.actor.catalogue().role_name(&asked.request.role).to_owned();
            let to = format!("{}?show=mine", url::ACCESS_REQUESTS);
            Ok(reply::onward_saying(&desk.request, &to, words::asked(&role, asked.told)))
        }
        Err(Halt::Refused(refusal)) => refused(&desk, &draft, refusal).await,
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

async fn refused(desk: &Desk, draft: &AskDraft, refusal: AskRefusal) -> Result<HttpResponse, Problem> {
    let (field, words) = words::not_asked(refusal, &desk.person.me.time_zone);
    match field {
        "role" => {
            let errors = AskErrors { role: Some(words), ..AskErrors::default() };
            refuse(desk, page(desk, draft, errors).await?)
        }
        _ => refuse(desk, page(desk, draft, AskErrors::default()).await?.stopped_by(words)),
    }
}

fn refuse(desk: &Desk, page: AskPage) -> Result<HttpResponse, Problem> {
    desk.show(StatusCode::UNPROCESSABLE_ENTITY, &page, &page.as_dialog())
}

async fn page(desk: &Desk, draft: &AskDraft, errors: AskErrors) -> Result<AskPage, Problem> {
    let now = desk.person.site.db.now();
    let choices =
        desk.person.read(move |conn, actor| Ok::<_, Problem>(commands::choices(conn, actor, now)?)).await?;
    Ok(AskPage::new(
        desk.person.frame(),
        (choices, desk.person.site.settings.access_request_minutes()),
        draft,
        errors,
    ))
}
