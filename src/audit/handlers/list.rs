//! The list.

use actix_web::HttpResponse;

use super::span;
use crate::{
    access::actions::ReadAudit,
    audit::{
        commands,
        model::{Place, View},
        pages::AuditPage,
    },
    web::{Problem, SignedIn, Wants, form::Query, reply},
};

/// How many lines a page shows.
const PAGE: usize = 50;

pub async fn index(person: SignedIn, wants: Wants, query: Query) -> Result<HttpResponse, Problem> {
    let fields = query.0;
    let view = View::read(|name| fields.get(name));
    let place = Place::read(fields.get("after"), fields.get("before"));
    let span = span(&view, &person.me.time_zone);
    let looked = person
        .read(move |conn, actor| {
            let permit = actor.may(ReadAudit)?;
            Ok::<_, Problem>(commands::look(conn, &permit, view, (span, place), PAGE)?)
        })
        .await?;
    let page = AuditPage::new(&person, looked);
    match wants.block("lines") {
        true => reply::html(&page.as_lines()),
        false => reply::html(&page),
    }
}
