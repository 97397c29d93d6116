//! The lists.

use actix_web::HttpResponse;

use crate::{
    access::actions::{Action, ReadRequests},
    access_requests::{
        commands,
        model::{List, Place},
        pages::{ListPage, Tab},
    },
    web::{Desk, Problem, form::Query, reply},
};

/// How many requests a page shows.
const PAGE: usize = 50;

pub async fn index(desk: Desk, query: Query) -> Result<HttpResponse, Problem> {
    let (person, now) = (&desk.person, desk.person.site.db.now());
    let usual = if person.actor.may_do(ReadRequests::NAME) { Tab::Waiting } else { Tab::Mine };
    let tab = Tab::parse(query.0.get("show")).unwrap_or(usual);
    let place = Place { after: query.0.get("after").to_owned(), before: query.0.get("before").to_owned() };
    let at = (PAGE, now);
    let looked = person
        .read(move |conn, actor| {
            Ok::<_, Problem>(match tab {
                Tab::Mine => commands::mine(conn, actor, &place, at)?,
                Tab::Waiting => {
                    commands::everybody(conn, &actor.may(ReadRequests)?, List::Waiting, &place, at)?
                }
                Tab::History => {
                    commands::everybody(conn, &actor.may(ReadRequests)?, List::History, &place, at)?
                }
            })
        })
        .await?;
    let page = ListPage::new(person, tab, looked, now);
    match desk.wants.block("requests") {
        true => reply::html(&page.as_requests()),
        false => reply::html(&page),
    }
}
