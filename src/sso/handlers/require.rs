//! Requiring single sign-on.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};

use crate::{
    access::{
        RequiredOf,
        actions::{ChangeSso, ReadSso},
    },
    sso::{commands, forms::RequireDraft, model::Connection, pages::RequirePage, words},
    web::{Fields, Halt, Problem, SignedIn, reply, url},
};

/// Nothing to require while there is no provider.
pub async fn show(request: HttpRequest, person: SignedIn) -> Result<HttpResponse, Problem> {
    person.actor.may(ChangeSso)?;
    match connection(&person).await? {
        Some(connection) => reply::html(&RequirePage::new(person.frame(), &connection, connection.required)),
        None => Ok(reply::onward(&request, url::SSO)),
    }
}

async fn connection(person: &SignedIn) -> Result<Option<Connection>, Problem> {
    let shown = person.read(|conn, actor| Ok::<_, Problem>(commands::shown(conn, &actor.may(ReadSso)?)?));
    Ok(shown.await?.connection)
}

/// First whom it concerns; then, agreed to, it is done.
pub async fn save(request: HttpRequest, person: SignedIn, fields: Fields) -> Result<HttpResponse, Problem> {
    person.actor.may(ChangeSso)?;
    let draft = RequireDraft::read(&fields);
    let required = draft.required.ok_or(Problem::NotFound)?;
    let Some(connection) = connection(&person).await? else { return Ok(reply::onward(&request, url::SSO)) };
    if !draft.is_agreed {
        return sum_up(&person, &connection, required, None).await;
    }
    person.needs_fresh_proof()?;
    let seen = draft.seen;
    let done =
        person.write(move |tx, actor| Ok(commands::require(tx, actor.may(ChangeSso)?, required, seen)?));
    match done.await {
        Ok(()) => {
            let words = match required {
                RequiredOf::Nobody => "Single sign-on is required of nobody.",
                RequiredOf::Domains | RequiredOf::Everybody => "Single sign-on is required from now on.",
            };
            Ok(reply::onward_saying(&request, url::SSO, words))
        }
        Err(Halt::Refused(why)) => {
            sum_up(&person, &connection, required, Some(words::not_changed(why))).await
        }
        Err(Halt::Problem(problem)) => Err(problem),
    }
}

async fn sum_up(
    person: &SignedIn,
    connection: &Connection,
    required: RequiredOf,
    refused: Option<&str>,
) -> Result<HttpResponse, Problem> {
    let preview = person
        .read(move |conn, actor| Ok::<_, Problem>(commands::preview(conn, &actor.may(ReadSso)?, required)?));
    let preview = preview.await?.ok_or(Problem::NotFound)?;
    let page = RequirePage::new(person.frame(), connection, required).summing_up(&preview);
    match refused {
        Some(words) => reply::with_status(StatusCode::UNPROCESSABLE_ENTITY, &page.refused(words)),
        None => reply::html(&page),
    }
}
