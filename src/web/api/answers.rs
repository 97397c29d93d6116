//! The layer around the API: whatever goes wrong below it is answered with a problem document.

use actix_web::{
    Error, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{StatusCode, header},
    middleware::Next,
    web::Data,
};

use super::problem::{self, ApiProblem};
use crate::{
    db::Fault,
    telemetry::RequestId,
    web::{Problem, Site},
};

/// Where the kinds of problem are described.
pub const PROBLEMS: &str = "/api/docs";

/// What of a request a problem's document says.
struct Asked {
    kinds: String,
    request_id: String,
}

impl Asked {
    fn by(request: &HttpRequest) -> Self {
        let site = request.app_data::<Data<Site>>();
        Self {
            kinds: site.map_or_else(|| PROBLEMS.to_owned(), |site| site.absolute(PROBLEMS)),
            request_id: RequestId::of(request).to_string(),
        }
    }
}

/// Wraps everything below `/api`.
pub async fn problems(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let id = RequestId::of(request.request());
    let site = request.app_data::<Data<Site>>().cloned();
    let asked = || Asked {
        kinds: site.as_ref().map_or_else(|| PROBLEMS.to_owned(), |site| site.absolute(PROBLEMS)),
        request_id: id.to_string(),
    };
    match next.call(request).await {
        Ok(response) => Ok(match problem_in(&response) {
            Some(found) => {
                let mut answer = found.answer(&asked());
                if let Some(allowed) = response.headers().get(header::ALLOW) {
                    answer.headers_mut().insert(header::ALLOW, allowed.clone());
                }
                response.into_response(answer)
            }
            None => response.map_into_boxed_body(),
        }),
        Err(error) => {
            let response = match error.as_error::<ApiProblem>() {
                Some(problem) => answer(problem, &asked()),
                None => answer(&of_elsewhere(&error), &asked()),
            };
            Err(InternalError::from_response(error.to_string(), response).into())
        }
    }
}

/// The document for a request that a layer above refused.
pub(in crate::web) fn answer_to(request: &HttpRequest, problem: Problem) -> HttpResponse {
    answer(&problem.into(), &Asked::by(request))
}

enum Found<'r> {
    Known(&'r ApiProblem),
    Made(ApiProblem),
}

impl Found<'_> {
    fn answer(&self, asked: &Asked) -> HttpResponse {
        match self {
            Self::Known(problem) => answer(problem, asked),
            Self::Made(problem) => answer(problem, asked),
        }
    }
}

/// The problem of a response that carries one, or that is bare because no handler was reached.
fn problem_in<B>(response: &ServiceResponse<B>) -> Option<Found<'_>> {
    match response.response().error() {
        Some(error) => Some(match error.as_error::<ApiProblem>() {
            Some(problem) => Found::Known(problem),
            None => Found::Made(of_elsewhere(error)),
        }),
        None if response.status() == StatusCode::METHOD_NOT_ALLOWED => {
            Some(Found::Made(Problem::NotAllowedHere.into()))
        }
        None => None,
    }
}

/// A failure that the framework met, or a problem of the kit for pages.
fn of_elsewhere(error: &Error) -> ApiProblem {
    match error.as_response_error().status_code() {
        StatusCode::NOT_FOUND => ApiProblem::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => Problem::NotAllowedHere.into(),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge.into(),
        status if status.is_client_error() => ApiProblem::new(problem::MALFORMED, error.to_string()),
        StatusCode::SERVICE_UNAVAILABLE => {
            Fault::unavailable("answering a request", error.to_string()).into()
        }
        _ => Fault::broken("answering a request", error.to_string()).into(),
    }
}

fn answer(problem: &ApiProblem, asked: &Asked) -> HttpResponse {
    if let Some(fault) = problem.fault_to_log() {
        tracing::error!(error = %fault, "a request failed");
    }
    let status = StatusCode::from_u16(problem.kind().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    response.insert_header((header::CONTENT_TYPE, "application/problem+json"));
    if let Some(seconds) = problem.retry_after() {
        response.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    if let Some(challenge) = problem.challenge() {
        response.insert_header((header::WWW_AUTHENTICATE, challenge));
    }
    let document = problem.document(&asked.kinds, asked.request_id.clone());
    response.body(serde_json::to_string(&document).unwrap_or_else(|_| "{}".to_owned()))
}
