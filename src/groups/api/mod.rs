//! Groups for programs: what their pages can do.

mod acts;
mod members;
mod shown;

use actix_web::web::{self, ServiceConfig};
use utoipa::OpenApi;

pub fn api_routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/groups").get(acts::index).post(acts::create))
        .service(web::resource("/groups/{id}").get(acts::show).patch(acts::update).delete(acts::delete))
        .service(web::resource("/groups/{id}/members").get(members::members).post(members::add))
        .service(web::resource("/groups/{id}/members/remove").post(members::remove));
}

#[derive(OpenApi)]
#[openapi(paths(
    acts::index,
    acts::create,
    acts::show,
    acts::update,
    acts::delete,
    members::members,
    members::add,
    members::remove
))]
pub struct ApiDocument;
