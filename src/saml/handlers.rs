//! What identity providers fetch.

use actix_web::{
    HttpResponse,
    http::header,
    web::{self, Data, Path, ServiceConfig},
};

use super::{model::Own, protocol};
use crate::{
    organization,
    web::{Problem, Site, url},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(web::resource(url::saml("{code}", "metadata")).get(metadata));
}

/// Public, and the same whether single sign-on is set up or not.
async fn metadata(site: Data<Site>, path: Path<String>) -> Result<HttpResponse, Problem> {
    let code = path.into_inner();
    let own = Own::of(&site.settings.public_origin(), &code);
    let known = site.db.read(move |conn| organization::of_code(conn, &code)).await?;
    known.ok_or(Problem::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type("application/samlmetadata+xml")
        .insert_header((header::CONTENT_DISPOSITION, "inline; filename=\"roster-metadata.xml\""))
        .body(protocol::own_metadata(&own, None)))
}
