//! Tokens of providers.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};

use super::page::no_refusal;
use crate::{
    access::actions::ConfigureScim,
    base::ids::ScimTokenId,
    scim::{
        commands,
        forms::TokenDraft,
        model::MOST_TOKENS,
        pages::{CreatedPage, NewTokenPage, RevokePage},
    },
    web::{Fields, Halt, Problem, SignedIn, Wants, kept, reply, url},
};

pub async fn new(request: HttpRequest, person: SignedIn, wants: Wants) -> Result<HttpResponse, Problem> {
    person.actor.may(ConfigureScim)?;
    let draft = kept::take(&request).map(|fields| TokenDraft::read(&fields)).unwrap_or_default();
    form(&person, &wants, StatusCode::OK, &draft, None)
}

fn form(
    person: &SignedIn,
    wants: &Wants,
    status: StatusCode,
    draft: &TokenDraft,
    error: Option<String>,
) -> Result<HttpResponse, Problem> {
    let page = NewTokenPage::new(person.frame(), draft, error);
    reply::page_or_dialog(wants, status, &page, &page.as_dialog())
}

pub async fn create(person: SignedIn, wants: Wants, fields: Fields) -> Result<HttpResponse, Problem> {
    person.actor.may(ConfigureScim)?;
    let draft = TokenDraft::read(&fields);
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let name = match draft.parse() {
        Ok(name) => name,
        Err(words) => return form(&person, &wants, wrong, &draft, Some(words)),
    };
    person.needs_fresh_proof()?;
    let shown = name.as_str().to_owned();
    let made = person
        .write(move |tx, actor| {
            Ok::<_, Halt<()>>(commands::create_token(tx, actor.may(ConfigureScim)?, &name)?)
        })
        .await
        .map_err(no_refusal)?;
    match made {
        Some(made) => {
            let page = CreatedPage::new(&person, shown, &made);
            reply::page_or_dialog(&wants, StatusCode::OK, &page, &page.as_dialog())
        }
        None => {
            let words = format!(
                "There are {MOST_TOKENS} tokens, which is as many as there can be. Revoke one first."
            );
            form(&person, &wants, wrong, &draft, Some(words))
        }
    }
}

pub async fn parting(person: SignedIn, wants: Wants, path: Path<String>) -> Result<HttpResponse, Problem> {
    let id = id(&path)?;
    let name = person
        .read(move |conn, actor| Ok::<_, Problem>(commands::parting(conn, &actor.may(ConfigureScim)?, id)?))
        .await?;
    let page = RevokePage { frame: person.frame(), name: name.ok_or(Problem::NotFound)?, id };
    reply::page_or_dialog(&wants, StatusCode::OK, &page, &page.as_dialog())
}

pub async fn revoke(
    request: HttpRequest,
    person: SignedIn,
    path: Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = id(&path)?;
    let revoked = person
        .write(move |tx, actor| Ok::<_, Halt<()>>(commands::revoke_token(tx, actor.may(ConfigureScim)?, id)?))
        .await
        .map_err(no_refusal)?;
    let name = revoked.ok_or(Problem::NotFound)?;
    let words = format!("The token {name} is revoked. Whatever uses it is refused from now on.");
    Ok(reply::onward_saying(&request, url::SCIM, words))
}

fn id(path: &Path<String>) -> Result<ScimTokenId, Problem> {
    path.parse().map_err(|_| Problem::NotFound)
}
