//! Invitations for programs: sent, looked at, sent anew, taken back. Accepting one is for people.

mod acts;
mod invite;
mod list;

use actix_web::web::{self, ServiceConfig};
use utoipa::OpenApi;

pub fn api_routes(config: &mut ServiceConfig) {
    let of_one = |act: &str| web::resource(format!("/invitations/{{id}}/{act}"));
    config
        .service(web::resource("/invitations").get(list::index).post(invite::create))
        .service(web::resource("/invitations/preview").post(invite::preview))
        .service(web::resource("/invitations/{id}").get(list::show).patch(acts::update))
        .service(of_one("link").get(list::link))
        .service(of_one("resend").post(acts::resend))
        .service(of_one("revoke").post(acts::revoke))
        .service(of_one("restore").post(acts::restore));
}

#[derive(OpenApi)]
#[openapi(paths(
    list::index,
    list::show,
    list::link,
    invite::create,
    invite::preview,
    acts::update,
    acts::resend,
    acts::revoke,
    acts::restore
))]
pub struct ApiDocument;
