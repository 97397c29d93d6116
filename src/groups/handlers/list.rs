//! The list of groups.

use actix_web::HttpResponse;

use crate::{
    access::actions::ReadGroups,
    groups::{commands, model::Place, pages::GroupsPage},
    web::{Problem, SignedIn, Wants, form::Query, reply},
};

/// How many groups a page shows.
const PAGE: usize = 50;

pub async fn index(person: SignedIn, wants: Wants, query: Query) -> Result<HttpResponse, Problem> {
    let typed: String = query.0.text("q").chars().take(200).collect();
    let (text, place) = (typed.clone(), Place::of(query.0.get("after"), query.0.get("before")));
    let page = person
        .read(move |conn, actor| {
            let permit = actor.may(ReadGroups)?;
            Ok::<_, Problem>(commands::list(conn, &permit, &text, &place, PAGE)?)
        })
        .await?;
    let page = GroupsPage::new(&person, typed, page);
    match wants.block("groups") {
        true => reply::html(&page.as_groups()),
        false => reply::html(&page),
    }
}
