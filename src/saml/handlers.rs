//! What identity providers fetch.

use actix_web::{
    HttpResponse,
    http::header,
    web::{self, Data, Path, ServiceConfig},
};

use super::{commands, model::Own, protocol};
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
    let sealer = site.sealer.clone();
    let found = site.db.read(move |conn| match organization::of_code(conn, &code)? {
        Some(_) => commands::signing_key(conn, &sealer).map(Some),
        None => Ok(None),
    });
    let key = found.await?.ok_or(Problem::NotFound)?;
    Ok(HttpResponse::Ok()
        .content_type("application/samlmetadata+xml")
        .insert_header((header::CONTENT_DISPOSITION, "inline; filename=\"roster-metadata.xml\""))
        .body(protocol::own_metadata(&own, key.as_ref())))
}
