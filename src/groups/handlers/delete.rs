//! Deleting a group.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};

use super::{answer, id};
use crate::{
    access::actions::DeleteGroup,
    base::ids::GroupId,
    groups::{
        commands,
        model::{DeleteRefusal, Deletion},
        pages::DeletePage,
        words,
    },
    web::{Halt, Problem, SignedIn, Wants, reply, url},
};

pub async fn summary(person: SignedIn, wants: Wants, path: Path<String>) -> Result<HttpResponse, Problem> {
    let page = page(&person, id(&path)?, None).await?;
    answer(&wants, StatusCode::OK, &page, &page.as_dialog())
}

async fn page(person: &SignedIn, of: GroupId, refused: Option<String>) -> Result<DeletePage, Problem> {
    let deletion = person
        .read(move |conn, actor| {
            let permit = actor.may(DeleteGroup { of })?;
            Ok::<_, Problem>(commands::deletion(conn, &permit)?)
        })
        .await?
        .ok_or(Problem::NotFound)?;
    Ok(DeletePage::new(person.frame(), person.actor.catalogue(), deletion, refused))
}

pub async fn delete(
    request: HttpRequest,
    person: SignedIn,
    wants: Wants,
    path: Path<String>,
) -> Result<HttpResponse, Problem> {
    let of = id(&path)?;
    let done: Result<Deletion, Halt<DeleteRefusal>> =
        person.write(move |tx, actor| Ok(commands::delete(tx, actor.may(DeleteGroup { of })?)?)).await;
    match done {
        Ok(deletion) => {
            let words = format!("The group {} is deleted.", deletion.group.name);
            Ok(reply::onward_saying(&request, url::GROUPS, words))
        }
        Err(Halt::Refused(DeleteRefusal::NoSuchGroup)) => Err(Problem::NotFound),
        Err(Halt::Refused(refusal)) => {
            let page = page(&person, of, Some(words::not_deleted(&refusal))).await?;
            answer(&wants, StatusCode::UNPROCESSABLE_ENTITY, &page, &page.as_dialog())
        }
        Err(Halt::Problem(problem)) => Err(problem),
    }
}
