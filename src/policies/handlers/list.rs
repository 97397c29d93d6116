//! The list.

use actix_web::HttpResponse;

use crate::{
    access::actions::ReadPolicies,
    policies::{commands, model::View, pages::PoliciesPage},
    web::{Problem, SignedIn, Wants, form::Query, reply},
};

/// How many policies a page shows.
const PAGE: usize = 50;

pub async fn index(person: SignedIn, wants: Wants, query: Query) -> Result<HttpResponse, Problem> {
    let view = View::read(|name| query.0.get(name));
    let asked = view.clone();
    let looked = person
        .read(move |conn, actor| {
            Ok::<_, Problem>(commands::look(conn, &actor.may(ReadPolicies)?, &asked, PAGE)?)
        })
        .await?;
    let page = PoliciesPage::new(&person, view, looked);
    match wants.block("policies") {
        true => reply::html(&page.as_policies()),
        false => reply::html(&page),
    }
}
