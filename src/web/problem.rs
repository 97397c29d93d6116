//! Problems with the request itself: answered with a page, a toast for htmx, or a way to sign in.

use std::{fmt, time::Duration};

use actix_web::{
    Error, HttpRequest, HttpResponse, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{StatusCode, header},
    middleware::Next,
};

use super::{
    htmx,
    page::{Frame, Plain, ProblemPage, Theme, Toast, toasts_out_of_band},
    shell, url,
};
use crate::{
    access::Denied,
    crypto::hashing::HashingFailed,
    db::{Failure, Fault, Stop},
    telemetry,
};

#[derive(Debug)]
pub enum Problem {
    /// Carries where to return after signing in.
    NotSignedIn {
        return_to: String,
    },
    Denied(Denied),
    NotFound,
    NotAllowedHere,
    TooOften {
        wait: Duration,
    },
    TooLarge,
    HeadTooLarge,
    NotAForm,
    /// The request did not come from a page of ours.
    Forged,
    Fault(Fault),
}

impl Problem {
    /// The way back is the page itself, or for a form the page that shows it.
    pub fn not_signed_in(request: &HttpRequest) -> Self {
        let return_to = if request.method().is_safe() && !htmx::is_htmx(request.headers()) {
            shell::path_of(request)
        } else if request.method().is_safe() {
            current_page(request).unwrap_or_else(|| url::HOME.into())
        } else {
            super::kept::page_with_form(request)
        };
        Self::NotSignedIn { return_to }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NotSignedIn { .. } => StatusCode::SEE_OTHER,
            Self::Denied(_) | Self::Forged => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::NotAllowedHere => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooOften { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::HeadTooLarge => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::NotAForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Fault(fault) if fault.is_unavailable() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooOften { wait } => Some(wait.as_secs().max(1)),
            Self::Fault(fault) if fault.is_unavailable() => Some(5),
            _ => None,
        }
    }

    /// Title, what happened, what to do.
    fn words(&self) -> (&'static str, String, String) {
        let (title, happened, todo): (_, String, &str) = match self {
            Self::NotSignedIn { .. } => ("Sign in", "You are not signed in.".into(), "Sign in to go on."),
            Self::Denied(_) => (
                "Not permitted",
                "Your access does not include this.".into(),
                "An administrator of your organization can give you access.",
            ),
            Self::NotFound => (
                "Nothing here",
                "There is no page at this address, or it is not yours to see.".into(),
                "Look at the address again, or start from the first page.",
            ),
            Self::NotAllowedHere => (
                "That cannot be done here",
                "This address does not take that kind of request.".into(),
                "Go back to the page and use its buttons.",
            ),
            Self::TooOften { wait } => (
                "Too many tries",
                format!(
                    "There were too many tries in a short time. Nothing is locked. The next one is open in {}.",
                    seconds(wait)
                ),
                "Wait that long, then try again.",
            ),
            Self::TooLarge => {
                ("Too much at once", "What was sent is larger than 256 kB.".into(), "Send less at a time.")
            }
            Self::HeadTooLarge => (
                "Too much at once",
                "The address and the headers of the request are larger than 16 kB.".into(),
                "Start from the first page. When it stays, delete the cookies of this site.",
            ),
            Self::NotAForm => (
                "That form cannot be read",
                "What was sent is not a form of this console.".into(),
                "Go back to the page and send the form from there.",
            ),
            Self::Forged => (
                "Sent from elsewhere",
                "The request did not come from a page of this console, so nothing was changed.".into(),
                "Open the page here and press its button.",
            ),
            Self::Fault(fault) if fault.is_unavailable() => (
                "Not available for a moment",
                "The console cannot reach its data just now. Nothing was changed.".into(),
                "Try again in a few seconds.",
            ),
            Self::Fault(_) => (
                "That failed",
                "Something went wrong on our side. Nothing was changed.".into(),
                "Try again. When it stays, tell whoever runs this console the number below.",
            ),
        };
        (title, happened, todo.to_owned())
    }
}

fn seconds(wait: &Duration) -> String {
    match wait.as_secs().max(1) {
        1 => "1 second".into(),
        n => format!("{n} seconds"),
    }
}

/// The path of the page that htmx runs on, as it says itself.
fn current_page(request: &HttpRequest) -> Option<String> {
    let current = request.headers().get("HX-Current-URL")?.to_str().ok()?;
    let current = ::url::Url::parse(current).ok()?;
    let path = current[::url::Position::BeforePath..::url::Position::AfterQuery].to_owned();
    url::local(&path).map(str::to_owned)
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied(denied) => write!(f, "not permitted: {}", denied.action),
            Self::Fault(fault) => fault.fmt(f),
            other => f.write_str(other.words().0),
        }
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    /// Bare; [`pages`] makes a page of it.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        HttpResponse::new(self.status())
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl From<HashingFailed> for Problem {
    fn from(failed: HashingFailed) -> Self {
        match failed {
            HashingFailed::Busy => Self::TooOften { wait: Duration::from_secs(1) },
            HashingFailed::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl Failure for Problem {
    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Fault(fault) => Some(fault),
            _ => None,
        }
    }
}

/// Why a handler's transaction did not happen: a refusal that the page tells, or a problem.
#[derive(Debug)]
pub enum Halt<R> {
    Refused(R),
    Problem(Problem),
}

impl<R> From<Stop<R>> for Halt<R> {
    fn from(stop: Stop<R>) -> Self {
        match stop {
            Stop::Refused(refusal) => Self::Refused(refusal),
            Stop::Fault(fault) => Self::Problem(fault.into()),
        }
    }
}

impl<R> From<Fault> for Halt<R> {
    fn from(fault: Fault) -> Self {
        Self::Problem(fault.into())
    }
}

impl<R> From<Denied> for Halt<R> {
    fn from(denied: Denied) -> Self {
        Self::Problem(denied.into())
    }
}

impl<R> From<Problem> for Halt<R> {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl<R> Failure for Halt<R> {
    fn fault(&self) -> Option<&Fault> {
        match self {
            Self::Problem(problem) => problem.fault(),
            Self::Refused(_) => None,
        }
    }
}

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
    pub(super) fn answer_to(&self, request: &HttpRequest) -> HttpResponse {
        self.answer(&Asked::by(request))
    }

    fn answer(&self, asked: &Asked) -> HttpResponse {
        if let Self::Fault(fault) = self {
            tracing::error!(error = %fault, "a request failed");
        }
        if let Self::NotSignedIn { return_to } = self {
            return to_sign_in(asked, return_to);
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

fn to_sign_in(asked: &Asked, return_to: &str) -> HttpResponse {
    let way =
        if return_to == url::HOME { url::SIGN_IN.to_owned() } else { url::sign_in_and_return(return_to) };
    if asked.by_htmx {
        HttpResponse::Ok().insert_header(("HX-Redirect", way)).finish()
    } else {
        HttpResponse::SeeOther().insert_header((header::LOCATION, way)).finish()
    }
}
