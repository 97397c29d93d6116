//! Problems with the request itself: answered with a page, a toast for htmx, or a way to sign in.

use std::{fmt, time::Duration};

use actix_web::{HttpRequest, HttpResponse, ResponseError, body::BoxBody, http::StatusCode};

use super::{htmx, shell, url};
use crate::{
    access::Denied,
    crypto::hashing::HashingFailed,
    db::{Failure, Fault, Stop},
};

mod pages;

pub use pages::pages;

#[derive(Debug)]
pub enum Problem {
    /// Carries where to return after signing in.
    NotSignedIn {
        return_to: String,
    },
    /// Signed in, but who it is was proved too long ago for this. Carries where to go on afterwards.
    ProofNeeded {
        return_to: String,
    },
    /// Another step of signing in is due than the one asked for. Carries where that is.
    StepDue {
        to: String,
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
        Self::NotSignedIn { return_to: way_back(request) }
    }

    /// The same, for whoever must prove anew who they are.
    pub fn proof_needed(request: &HttpRequest) -> Self {
        Self::ProofNeeded { return_to: way_back(request) }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::NotSignedIn { .. } | Self::ProofNeeded { .. } | Self::StepDue { .. } => {
                StatusCode::SEE_OTHER
            }
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
            Self::ProofNeeded { .. } => (
                "Prove that it is you",
                "This needs a fresh proof that it is you.".into(),
                "Enter your password to go on.",
            ),
            Self::StepDue { .. } => {
                ("Sign in", "Another step of signing in is due.".into(), "Take that step to go on.")
            }
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

fn way_back(request: &HttpRequest) -> String {
    if request.method().is_safe() && !htmx::is_htmx(request.headers()) {
        shell::path_of(request)
    } else if request.method().is_safe() {
        current_page(request).unwrap_or_else(|| url::HOME.into())
    } else {
        crate::web::kept::page_with_form(request)
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

/// What refuses nothing fails only by a fault.
impl From<Halt<Fault>> for Problem {
    fn from(halt: Halt<Fault>) -> Self {
        match halt {
            Halt::Refused(fault) => fault.into(),
            Halt::Problem(problem) => problem,
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
