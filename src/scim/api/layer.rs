//! The layer around everything below `/scim`: whatever goes wrong is answered in SCIM's form.

use actix_web::{
    Error, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{StatusCode, header},
    middleware::Next,
};

use super::problem::ScimProblem;
use crate::web::headers;

pub async fn problems(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if headers::has_too_large_a_head(&request) {
        return Ok(request.into_response(too_large_a_head().error_response()));
    }
    match next.call(request).await {
        Ok(response) => Ok(answered(response)),
        Err(error) => {
            let response = match error.as_error::<ScimProblem>() {
                Some(problem) => told(problem).error_response(),
                None => of_elsewhere(&error).error_response(),
            };
            Err(InternalError::from_response(error.to_string(), response).into())
        }
    }
}

fn answered<B: MessageBody + 'static>(response: ServiceResponse<B>) -> ServiceResponse<BoxBody> {
    let made = match response.response().error() {
        Some(error) => match error.as_error::<ScimProblem>() {
            Some(problem) => {
                told(problem);
                None
            }
            None => Some(of_elsewhere(error)),
        },
        None if response.status() == StatusCode::METHOD_NOT_ALLOWED => Some(not_allowed()),
        None => None,
    };
    let Some(problem) = made else { return response.map_into_boxed_body() };
    let mut answer = problem.error_response();
    if let Some(allowed) = response.headers().get(header::ALLOW) {
        answer.headers_mut().insert(header::ALLOW, allowed.clone());
    }
    response.into_response(answer)
}

/// Logged here, once.
fn told(problem: &ScimProblem) -> &ScimProblem {
    if let Some(fault) = problem.fault() {
        tracing::error!(error = %fault, "a request failed");
    }
    problem
}

fn not_allowed() -> ScimProblem {
    ScimProblem::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "The header Allow names the methods that this address takes.",
    )
}

fn too_large_a_head() -> ScimProblem {
    let words = "The address and the headers may have 16 kB together. Search with a body: POST to .search.";
    ScimProblem::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, words)
}

fn of_elsewhere(error: &Error) -> ScimProblem {
    match error.as_response_error().status_code() {
        StatusCode::NOT_FOUND => ScimProblem::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => not_allowed(),
        status if status.is_client_error() => ScimProblem::new(status, error.to_string()),
        status => ScimProblem::new(status, "That failed on this side."),
    }
}
