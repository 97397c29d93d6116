//! Require new password.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};

use super::id;
use crate::{
    access::actions::RequirePassword,
    base::ids::UserId,
    passwords::{self, RequireRefusal},
    users::{pages::RequirePasswordPage, words},
    web::{Halt, Problem, SignedIn, Wants, reply, url},
};

pub async fn summary(person: SignedIn, wants: Wants, path: Path<String>) -> Result<HttpResponse, Problem> {
    let page = page(&person, id(&path)?, None).await?;
    reply::page_or_dialog(&wants, StatusCode::OK, &page, &page.as_dialog())
}

async fn page(
    person: &SignedIn,
    of: UserId,
    refused: Option<RequireRefusal>,
) -> Result<RequirePasswordPage, Problem> {
    let now = person.site.db.now();
    let requirement = person
        .read(move |conn, actor| {
            let permit = actor.may(RequirePassword { of })?;
            Ok::<_, Problem>(passwords::requirement(conn, &permit, now)?)
        })
        .await?
        .ok_or(Problem::NotFound)?;
    Ok(RequirePasswordPage::new(person.frame(), of, requirement, refused))
}

pub async fn require(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    path: Path<String>,
) -> Result<HttpResponse, Problem> {
    let of = id(&path)?;
    let required =
        person.write(move |tx, actor| Ok(passwords::require(tx, actor.may(RequirePassword { of })?)?)).await;
    match required {
        Ok(whom) => {
            let words = words::password_required(&whom.name, &whom.email);
            Ok(reply::onward_saying(&request, &url::user(of), words))
        }
        Err(Halt::Refused(RequireRefusal::NoSuchPerson)) => Err(Problem::NotFound),
        Err(Halt::Refused(refusal)) => {
            let page = page(&person, of, Some(refusal)).await?;
            reply::page_or_dialog(&wants, StatusCode::UNPROCESSABLE_ENTITY, &page, &page.as_dialog())
        }
        Err(Halt::Problem(problem)) => Err(problem),
    }
}
