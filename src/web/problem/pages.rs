//! How a problem is shown: a page, a toast for htmx, or the way to the sign-in page.

use actix_web::{
    Error, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{StatusCode, header},
    middleware::Next,
};

use super::Problem;
use crate::{
    db::Fault,
    telemetry,
    web::{
        htmx,
        page::{Frame, Plain, ProblemPage, Theme, Toast, toasts_out_of_band},
        shell, url,
    },
};

/// What of a request its answer depends on. Taken before the request is routed, because that needs it whole.
struct Asked {
    by_htmx: bool,
    theme: Theme,
    path: String,
    request_id: String,
}

impl Asked {
    fn by(request: &HttpRequest) -> Self {
        Self {
            by_htmx: htmx::is_htmx(request.headers()),
            theme: shell::theme_of(request),
            path: if request.method().is_safe() { shell::path_of(request) } else { url::HOME.into() },
            request_id: telemetry::RequestId::of(request).to_string(),
        }
    }
}

/// Turns problems, wherever they arose, into what this request can show. Wraps everything that a browser asks for.
pub async fn pages(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let asked = Asked::by(request.request());
    match next.call(request).await {
        Ok(response) => {
            let answer = answer_instead(&response, &asked);
            Ok(match answer {
                Some(mut answer) => {
                    // What the session layer said stays said.
                    for cookie in response.headers().get_all(header::SET_COOKIE) {
                        answer.headers_mut().append(header::SET_COOKIE, cookie.clone());
                    }
                    response.into_response(answer)
                }
                None => response.map_into_boxed_body(),
            })
        }
        Err(error) => {
            let response = match error.as_error::<Problem>() {
                Some(problem) => problem.answer(&asked),
                None => of_elsewhere(&error).answer(&asked),
            };
            Err(InternalError::from_response(error.to_string(), response).into())
        }
    }
}

/// The page for a response that is none.
fn answer_instead<B>(response: &ServiceResponse<B>, asked: &Asked) -> Option<HttpResponse> {
    let status = response.status();
    match response.response().error() {
        Some(error) => Some(match error.as_error::<Problem>() {
            Some(problem) => problem.answer(asked),
            None => of_elsewhere(error).answer(asked),
        }),
        None => (status == StatusCode::METHOD_NOT_ALLOWED).then(|| Problem::NotAllowedHere.answer(asked)),
    }
}

/// A failure that the session layer or the framework met.
fn of_elsewhere(error: &Error) -> Problem {
    use actix_session::storage::{LoadError, SaveError, UpdateError};
    let is_session = error.as_error::<InternalError<LoadError>>().is_some()
        || error.as_error::<InternalError<SaveError>>().is_some()
        || error.as_error::<InternalError<UpdateError>>().is_some()
        || error.as_error::<InternalError<anyhow::Error>>().is_some();
    match error.as_response_error().status_code() {
        _ if is_session => Problem::Fault(Fault::unavailable("keeping a session", format!("{error:?}"))),
        StatusCode::NOT_FOUND => Problem::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => Problem::NotAllowedHere,
        StatusCode::PAYLOAD_TOO_LARGE => Problem::TooLarge,
        status if status.is_client_error() => Problem::NotAForm,
        _ => Problem::Fault(Fault::broken("answering a request", error.to_string())),
    }
}

impl Problem {
    /// The answer to this request, for a layer above [`pages`].
    pub(in crate::web) fn answer_to(&self, request: &HttpRequest) -> HttpResponse {
        self.answer(&Asked::by(request))
    }

    fn answer(&self, asked: &Asked) -> HttpResponse {
        if let Self::Fault(fault) = self {
            tracing::error!(error = %fault, "a request failed");
        }
        match self {
            Self::NotSignedIn { return_to } if return_to == url::HOME => {
                return elsewhere(asked, url::SIGN_IN);
            }
            Self::NotSignedIn { return_to } => return elsewhere(asked, &url::sign_in_and_return(return_to)),
            Self::ProofNeeded { return_to } => return elsewhere(asked, &url::prove_and_return(return_to)),
            Self::StepDue { to } => return elsewhere(asked, to),
            _ => {}
        }
        let mut response = HttpResponse::build(self.status());
        if let Some(seconds) = self.retry_after() {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        response.insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"));
        let body = if asked.by_htmx { self.toast() } else { self.page(asked) };
        match body {
            Ok(body) => response.body(body),
            Err(error) => {
                tracing::error!(%error, "the page of a problem could not be rendered");
                response.body(self.words().1)
            }
        }
    }

    fn toast(&self) -> askama::Result<String> {
        let (title, happened, todo) = self.words();
        toasts_out_of_band(&[Toast::error(format!("{title}. {happened} {todo}"))])
    }

    fn page(&self, asked: &Asked) -> askama::Result<String> {
        let (title, what_happened, what_to_do) = self.words();
        let plain =
            Plain { theme: asked.theme, toasts: Vec::new(), path: asked.path.clone(), support_url: None };
        ProblemPage {
            frame: Frame::Plain(plain),
            status: self.status().as_u16(),
            title: title.into(),
            what_happened,
            what_to_do,
            back_href: url::HOME.into(),
            back_label: "Go to the first page".into(),
            request_id: matches!(self, Self::Fault(_)).then(|| asked.request_id.clone()),
        }
        .render()
    }
}

/// To a page that must be passed first, as a whole page and never inside another.
fn elsewhere(asked: &Asked, way: &str) -> HttpResponse {
    if asked.by_htmx {
        HttpResponse::Ok().insert_header(("HX-Redirect", way)).finish()
    } else {
        HttpResponse::SeeOther().insert_header((header::LOCATION, way)).finish()
    }
}
