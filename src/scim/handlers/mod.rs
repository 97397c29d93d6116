//! The page of provisioning over HTTP.

mod groups;
mod page;
mod tokens;

use actix_web::web::{self, ServiceConfig};

use crate::web::url;

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::resource(url::SCIM).get(page::index))
        .service(web::resource(url::SCIM_ENABLE).post(page::enable).get(page::index))
        .service(web::resource(url::SCIM_DISABLE).get(page::disabling).post(page::disable))
        .service(web::resource(url::SCIM_TOKEN_NEW).get(tokens::new).post(tokens::create))
        .service(
            web::resource(format!("{}/tokens/{{id}}/revoke", url::SCIM))
                .get(tokens::parting)
                .post(tokens::revoke),
        )
        .service(
            web::resource(format!("{}/groups/{{id}}/link", url::SCIM))
                .get(groups::linking)
                .post(groups::link),
        );
}
