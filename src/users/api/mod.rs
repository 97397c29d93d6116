//! Users for programs: what their pages can do.

mod acts;
mod bulk;
mod list;
mod person;
mod shown;

use actix_web::web::{self, ServiceConfig};
use utoipa::OpenApi;

pub fn api_routes(config: &mut ServiceConfig) {
    let of_user = |act: &str| web::resource(format!("/users/{{id}}/{act}"));
    config
        .service(web::resource("/users").get(list::index))
        .service(web::resource("/users/bulk").post(bulk::create))
        .service(web::resource("/users/bulk/preview").post(bulk::preview))
        .service(web::resource("/users/jobs/{id}").get(bulk::show))
        .service(web::resource("/users/{id}").get(person::show))
        .service(of_user("groups").put(person::change_groups))
        .service(of_user("deactivate").get(acts::parting).post(acts::deactivate))
        .service(of_user("reactivate").post(acts::reactivate))
        .service(of_user("end-sessions").post(acts::end_sessions))
        .service(of_user("require-password").post(acts::require_password))
        .service(of_user("reset-second-factor").post(acts::reset_second_factor));
}

#[derive(OpenApi)]
#[openapi(paths(
    list::index,
    bulk::create,
    bulk::preview,
    bulk::show,
    person::show,
    person::change_groups,
    acts::parting,
    acts::deactivate,
    acts::reactivate,
    acts::end_sessions,
    acts::require_password,
    acts::reset_second_factor
))]
pub struct ApiDocument;
