//! Questions over HTTP.

mod check;
mod introspect;
mod whoami;

use actix_web::web::{self, ServiceConfig};
use utoipa::OpenApi;

use check::check;
use introspect::introspect;
use whoami::whoami;

pub fn api_routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/whoami").get(whoami))
        .service(web::resource("/check").post(check))
        .service(web::resource("/introspect").post(introspect));
}

#[derive(OpenApi)]
#[openapi(paths(whoami::whoami, check::check, introspect::introspect))]
pub struct ApiDocument;
