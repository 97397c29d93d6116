//! One group's page.

use actix_web::{HttpResponse, web::Path};

use super::id;
use crate::{
    access::actions::ReadGroup,
    base::ids::GroupId,
    groups::{commands, model::Place, pages::GroupPage},
    web::{Problem, SignedIn, Wants, form::Query, reply},
};

/// How many members a page shows.
const PAGE: usize = 50;

pub async fn show(
    person: SignedIn,
    wants: Wants,
    path: Path<String>,
    query: Query,
) -> Result<HttpResponse, Problem> {
    let place = Place::of(query.0.get("after"), query.0.get("before"));
    let page = page(&person, id(&path)?, place, None).await?;
    match wants.block("members") {
        true => reply::html(&page.as_members()),
        false => reply::html(&page),
    }
}

pub async fn page(
    person: &SignedIn,
    of: GroupId,
    place: Place,
    refused: Option<String>,
) -> Result<GroupPage, Problem> {
    let seen = person
        .read(move |conn, actor| {
            let permit = actor.may(ReadGroup { of })?;
            Ok::<_, Problem>(commands::show(conn, &permit, &place, PAGE)?)
        })
        .await?
        .ok_or(Problem::NotFound)?;
    Ok(GroupPage::new(person, seen, refused))
}
