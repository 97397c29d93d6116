//! Access policies for programs: what the editor can do.

mod acts;
mod previews;
mod read;
mod sent;
mod shown;

use actix_web::web::{self, ServiceConfig};
use utoipa::OpenApi;

pub fn api_routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/policies").get(read::index).post(acts::create))
        .service(web::resource("/policies/preview").post(previews::of_creation))
        .service(web::resource("/policies/{id}").get(read::show).patch(acts::update).delete(acts::delete))
        .service(web::resource("/policies/{id}/preview").post(previews::of_change))
        .service(web::resource("/policies/{id}/delete").get(previews::of_deletion));
}

#[derive(OpenApi)]
#[openapi(paths(
    read::index,
    read::show,
    acts::create,
    acts::update,
    acts::delete,
    previews::of_creation,
    previews::of_change,
    previews::of_deletion
))]
pub struct ApiDocument;
