//! The pages of groups over HTTP.

mod delete;
mod list;
mod members;
mod naming;
mod show;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, ServiceConfig},
};

use crate::{
    base::ids::GroupId,
    web::{Problem, Wants, reply, url},
};

pub fn routes(config: &mut ServiceConfig) {
    let of_group = |act: &str| format!("{}/{{id}}/{act}", url::GROUPS);
    config
        .service(web::resource(url::GROUPS).get(list::index))
        .service(web::resource(url::GROUP_CREATE).get(naming::new).post(naming::create))
        .service(web::resource(format!("{}/{{id}}", url::GROUPS)).get(show::show))
        .service(web::resource(of_group("edit")).get(naming::edit).post(naming::update))
        .service(web::resource(of_group("delete")).get(delete::summary).post(delete::delete))
        .service(web::resource(of_group("members")).get(members::new).post(members::add))
        .service(web::resource(of_group("remove")).get(show::show).post(members::remove));
}

/// A group by the path; what is no id is nobody's.
fn id(path: &web::Path<String>) -> Result<GroupId, Problem> {
    path.parse().map_err(|_| Problem::NotFound)
}

/// The page whole, or its dialog when that is what htmx swaps.
fn answer(
    wants: &Wants,
    status: StatusCode,
    page: &impl askama::Template,
    dialog: &impl askama::Template,
) -> Result<HttpResponse, Problem> {
    match wants.block("dialog") {
        true => reply::with_status(status, dialog),
        false => reply::with_status(status, page),
    }
}
