//! The table of users and invitations.

use actix_web::HttpResponse;

use crate::{
    access::actions::ReadUsers,
    users::{
        commands,
        model::{Place, View},
        pages::UsersPage,
    },
    web::{Fields, Problem, SignedIn, Wants, form::Query, reply},
};

/// How many people a page shows.
const PAGE: usize = 50;

pub async fn index(person: SignedIn, wants: Wants, query: Query) -> Result<HttpResponse, Problem> {
    let now = person.site.db.now();
    let (view, place) = asked(&query.0);
    let looked = person
        .read(move |conn, actor| {
            let permit = actor.may(ReadUsers)?;
            Ok::<_, Problem>(commands::look(conn, permit, view, &place, (PAGE, now))?)
        })
        .await?;
    let page = UsersPage::new(&person, looked, now);
    match wants.block("people") {
        true => reply::html(&page.as_people()),
        false => reply::html(&page),
    }
}

fn asked(fields: &Fields) -> (View, Place) {
    let place = Place { after: fields.get("after").to_owned(), before: fields.get("before").to_owned() };
    (View::read(|name| fields.get(name)), place)
}
