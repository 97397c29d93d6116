//! What the API says of itself.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode};
use serde_json::Value;

use super::{Caller, ScimProblem, json, sent::Asked};
use crate::scim::model::discovery;

pub async fn provider_config(caller: Caller) -> HttpResponse {
    json(StatusCode::OK, &discovery::provider_config(&caller.base))
}

pub async fn resource_types(caller: Caller, asked: Asked) -> Result<HttpResponse, ScimProblem> {
    all(&asked, discovery::resource_types(&caller.base))
}

pub async fn resource_type(caller: Caller, request: HttpRequest) -> Result<HttpResponse, ScimProblem> {
    one(&request, discovery::resource_types(&caller.base))
}

pub async fn schemas(caller: Caller, asked: Asked) -> Result<HttpResponse, ScimProblem> {
    all(&asked, discovery::schemas(&caller.base))
}

pub async fn schema(caller: Caller, request: HttpRequest) -> Result<HttpResponse, ScimProblem> {
    one(&request, discovery::schemas(&caller.base))
}

/// Never filtered (RFC 7644 §4).
fn all(asked: &Asked, resources: Vec<Value>) -> Result<HttpResponse, ScimProblem> {
    match asked.has_filter() {
        true => Err(ScimProblem::new(StatusCode::FORBIDDEN, "These are not filtered.")),
        false => {
            let total = i64::try_from(resources.len()).unwrap_or(i64::MAX);
            Ok(json(StatusCode::OK, &discovery::list(total, 1, resources)))
        }
    }
}

fn one(request: &HttpRequest, resources: Vec<Value>) -> Result<HttpResponse, ScimProblem> {
    let id = request.match_info().get("id").unwrap_or_default();
    let found = resources.iter().find(|it| it["id"].as_str() == Some(id));
    found.map(|it| json(StatusCode::OK, it)).ok_or_else(ScimProblem::not_found)
}
