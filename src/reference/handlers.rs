//! The document and its page over HTTP; neither needs a token.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{self, Data, ServiceConfig},
};
use askama::Template;

use super::{model::Described, pages::ReferencePage};
use crate::{
    db::Fault,
    web::{api::ApiProblem, page::Plain, shell},
};

const DOCUMENT: &str = "/api/v1/openapi.json";

/// Below `/api/v1`.
pub fn api_routes(config: &mut ServiceConfig) {
    config.service(web::resource("/openapi.json").get(document));
}

/// Below `/api`.
pub fn routes(config: &mut ServiceConfig) {
    config.service(web::resource("/docs").get(show));
}

async fn document(reference: Data<Described>) -> HttpResponse {
    HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "application/json")).body(reference.text.clone())
}

async fn show(request: HttpRequest, reference: Data<Described>) -> Result<HttpResponse, ApiProblem> {
    let frame = Plain {
        theme: shell::theme_of(&request),
        toasts: Vec::new(),
        path: shell::path_of(&request),
        support_url: None,
    };
    let page = ReferencePage { frame, reference: &reference, document: DOCUMENT };
    let body = page.render().map_err(|e| Fault::broken("rendering a page", e))?;
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8")).body(body))
}
