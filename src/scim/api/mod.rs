//! SCIM over HTTP, for identity providers with a token of the organization; and its settings for the organization's programs.

mod caller;
mod discovery;
mod kinds;
mod layer;
mod problem;
mod resources;
mod sent;
mod settings;
mod shown;

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{self, ServiceConfig},
};
use serde_json::Value;

pub use layer::problems;
pub use problem::NotFound;
pub use settings::{ApiDocument, api_routes};

use caller::Caller;
use kinds::{Groups, Kind, People};
use problem::ScimProblem;

use super::model::Etag;

/// What is mounted below `/scim/v2`.
pub fn scim_routes(config: &mut ServiceConfig) {
    config
        .service(web::resource("/{organization}/ServiceProviderConfig").get(discovery::provider_config))
        .service(web::resource("/{organization}/ResourceTypes").get(discovery::resource_types))
        .service(web::resource("/{organization}/ResourceTypes/{id}").get(discovery::resource_type))
        .service(web::resource("/{organization}/Schemas").get(discovery::schemas))
        .service(web::resource("/{organization}/Schemas/{id}").get(discovery::schema))
        .service(web::resource("/{organization}/.search").post(resources::search_all))
        .configure(resources_of::<People>)
        .configure(resources_of::<Groups>)
        .service(web::resource("/{organization}/Bulk").post(not_built))
        .service(web::resource("/{organization}/Me").get(not_built));
}

fn resources_of<K: Kind>(config: &mut ServiceConfig) {
    let at = |rest: &str| web::resource(format!("/{{organization}}/{}{rest}", K::PATH));
    config
        .service(at("").get(resources::list::<K>).post(resources::create::<K>))
        .service(at("/.search").post(resources::search::<K>))
        .service(
            at("/{id}")
                .get(resources::show::<K>)
                .put(resources::replace::<K>)
                .patch(resources::patch::<K>)
                .delete(resources::remove::<K>),
        );
}

async fn not_built(_caller: Caller) -> Result<HttpResponse, ScimProblem> {
    Err(ScimProblem::not_built())
}

const CONTENT_TYPE: &str = "application/scim+json";

fn json(status: StatusCode, value: &Value) -> HttpResponse {
    HttpResponse::build(status).insert_header((header::CONTENT_TYPE, CONTENT_TYPE)).body(value.to_string())
}

/// A resource with its version and address.
fn resource(status: StatusCode, value: &Value, version: Etag, location: String) -> HttpResponse {
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CONTENT_TYPE, CONTENT_TYPE));
    response.insert_header((header::ETAG, version.to_string()));
    response.insert_header((header::LOCATION, location));
    response.body(value.to_string())
}

/// The answer to a question with If-None-Match that names the version as it is.
fn not_modified(version: Etag) -> HttpResponse {
    HttpResponse::NotModified().insert_header((header::ETAG, version.to_string())).finish()
}
