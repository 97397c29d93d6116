//! The users' pages over HTTP.

mod bulk;
mod export;
mod list;
mod password;
mod person;
mod second_factor;
mod sessions;
mod status;

use actix_web::{
    HttpRequest,
    http::header,
    web::{self, ServiceConfig},
};

use crate::{
    base::ids::UserId,
    web::{Fields, Problem, url},
};

pub fn routes(config: &mut ServiceConfig) {
    let of_user = |act: &str| format!("{}/{{id}}/{act}", url::USERS);
    config
        .service(web::resource(url::USERS).get(list::index))
        .service(web::resource(url::USERS_CSV).get(export::export))
        .service(web::resource(url::USERS_SELECTED).get(bulk::new).post(bulk::create))
        .service(web::resource(format!("{}/jobs/{{id}}", url::USERS)).get(bulk::show))
        .service(web::resource(format!("{}/{{id}}", url::USERS)).get(person::show))
        .service(web::resource(of_user("end-sessions")).get(sessions::summary).post(sessions::end))
        .service(web::resource(of_user("groups")).get(person::return_to_groups).post(person::change_groups))
        .service(web::resource(of_user("deactivate")).get(status::parting).post(status::deactivate))
        .service(web::resource(of_user("password")).get(password::summary).post(password::require))
        .service(
            web::resource(of_user("second-factor")).get(second_factor::parting).post(second_factor::reset),
        )
        .service(web::resource(of_user("reactivate")).get(person::show).post(status::reactivate));
}

/// A person by the path; what is no id is nobody's.
fn id(path: &web::Path<String>) -> Result<UserId, Problem> {
    path.parse().map_err(|_| Problem::NotFound)
}

/// The page of ours to return to, as the form says it.
fn back(fields: &Fields) -> String {
    url::local(fields.get("return_to")).unwrap_or(url::USERS).to_owned()
}

/// The page of ours that led here.
fn came_from(request: &HttpRequest) -> String {
    let referrer = request.headers().get(header::REFERER).and_then(|value| value.to_str().ok());
    let path = referrer.and_then(|referrer| {
        let at = referrer.match_indices('/').nth(2)?.0;
        url::local(&referrer[at..]).filter(|path| path.starts_with(url::USERS))
    });
    path.unwrap_or(url::USERS).to_owned()
}
