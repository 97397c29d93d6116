//! What a program is told when it does not get what it asked for: problem documents (RFC 9457).

use std::{borrow::Cow, fmt};

use actix_web::{HttpResponse, ResponseError, body::BoxBody, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    access::Denied,
    db::{Failure, Fault},
    web::{Halt, Problem},
};

/// A kind of problem: its status, the word that names it for ever (the end of `type`), and what it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    pub status: u16,
    pub name: &'static str,
    pub title: &'static str,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $constant:ident = $status:literal $name:literal $title:literal;)*) => {
        $($(#[$doc])* pub const $constant: Kind = Kind { status: $status, name: $name, title: $title };)*
        /// All kinds, for the page that describes them.
        pub const KINDS: &[Kind] = &[$($constant),*];
    };
}

kinds! {
    MALFORMED = 400 "malformed" "The request cannot be read";
    TOKEN_MISSING = 401 "token-missing" "An access token is needed";
    TOKEN_UNKNOWN = 401 "token-unknown" "The access token is not known";
    TOKEN_EXPIRED = 401 "token-expired" "The access token has expired";
    TOKEN_REVOKED = 401 "token-revoked" "The access token was revoked";
    TOKEN_SUSPENDED = 401 "token-suspended" "The person of the access token is not active";
    NOT_PERMITTED = 403 "not-permitted" "Not permitted";
    NOT_FOUND = 404 "not-found" "Nothing here";
    METHOD_NOT_ALLOWED = 405 "method-not-allowed" "This address does not take that method";
    /// The state of things is in the way: somebody was faster, or something else must happen first.
    CONFLICT = 409 "conflict" "The state of things is in the way";
    TOO_LARGE = 413 "too-large" "Too much at once";
    NOT_JSON = 415 "not-json" "The body must be JSON";
    NOT_A_FORM = 415 "not-a-form" "The body must be a form";
    /// Understood, and not possible; `errors` names the members when it is about them.
    INVALID = 422 "invalid" "What was sent cannot be used";
    CURSOR = 422 "cursor" "The cursor cannot be used";
    IDEMPOTENCY_KEY = 422 "idempotency-key" "The idempotency key cannot be used";
    TOO_OFTEN = 429 "too-often" "Too many requests";
    HEAD_TOO_LARGE = 431 "head-too-large" "The address and the headers are too large";
    FAILED = 500 "failed" "That failed";
    UNAVAILABLE = 503 "unavailable" "Not available for a moment";
}

/// A problem of a request of the API. Layers turn it into the document; handlers only return it.
#[derive(Debug)]
pub struct ApiProblem(Box<Told>);

#[derive(Debug)]
struct Told {
    kind: Kind,
    detail: Cow<'static, str>,
    errors: Vec<FieldError>,
    retry_after: Option<u64>,
    fault: Option<Fault>,
}

/// What is wrong with one member of what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Which member, as a JSON Pointer (RFC 6901), such as `/name`.
    pub pointer: String,
    pub detail: String,
}

/// What went wrong (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// The kind of problem, as an address that describes it. Its end stays the same in later versions.
    #[serde(rename = "type")]
    pub type_: String,
    pub title: &'static str,
    pub status: u16,
    /// What happened this time, and what can be done.
    pub detail: String,
    /// The id of the request, as in the header `X-Request-Id` and in the audit.
    pub request_id: String,
    /// What is wrong with members of the body, when it is about them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
}

impl ApiProblem {
    pub fn new(kind: Kind, detail: impl Into<Cow<'static, str>>) -> Self {
        let detail = detail.into();
        Self(Box::new(Told { kind, detail, errors: Vec::new(), retry_after: None, fault: None }))
    }

    pub fn not_found() -> Self {
        Self::new(NOT_FOUND, "There is nothing at this address, or it is not yours to see.")
    }

    /// 409: what was asked for cannot be done as things stand.
    pub fn conflict(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(CONFLICT, detail)
    }

    /// 403 for a refusal that knows more than which action is missing.
    pub fn not_permitted(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(NOT_PERMITTED, detail)
    }

    /// 422 without a member to blame.
    pub fn invalid(detail: impl Into<Cow<'static, str>>) -> Self {
        Self::new(INVALID, detail)
    }

    /// 422 about one member of the body: `ApiProblem::field("name", "There is a group of this name.")`.
    pub fn field(member: &str, detail: impl Into<String>) -> Self {
        Self::fields([(member, detail)])
    }

    /// 422 about several members. None for an empty list would say nothing, so there is always a detail.
    pub fn fields<'a, D: Into<String>>(errors: impl IntoIterator<Item = (&'a str, D)>) -> Self {
        let errors: Vec<_> = errors
            .into_iter()
            .map(|(member, detail)| FieldError { pointer: format!("/{member}"), detail: detail.into() })
            .collect();
        let detail = errors.iter().map(|error| error.detail.as_str()).collect::<Vec<_>>().join(" ");
        let detail = if detail.is_empty() { "What was sent cannot be used.".to_owned() } else { detail };
        let mut problem = Self::new(INVALID, detail);
        problem.0.errors = errors;
        problem
    }

    fn after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    fn by(mut self, fault: Fault) -> Self {
        self.0.fault = Some(fault);
        self
    }

    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    pub(super) fn fault_to_log(&self) -> Option<&Fault> {
        self.0.fault.as_ref()
    }

    pub(super) fn retry_after(&self) -> Option<u64> {
        self.0.retry_after
    }

    /// The value of `WWW-Authenticate` (RFC 6750, section 3), for 401.
    pub(super) fn challenge(&self) -> Option<String> {
        match self.0.kind {
            TOKEN_MISSING => Some("Bearer realm=\"Roster\"".to_owned()),
            Kind { status: 401, title, .. } => Some(format!(
                "Bearer realm=\"Roster\", error=\"invalid_token\", error_description=\"{title}\""
            )),
            _ => None,
        }
    }

    pub(super) fn document(&self, address_of_kinds: &str, request_id: String) -> ProblemDocument {
        ProblemDocument {
            type_: format!("{address_of_kinds}#{}", self.0.kind.name),
            title: self.0.kind.title,
            status: self.0.kind.status,
            detail: self.0.detail.clone().into_owned(),
            request_id,
            errors: self.0.errors.clone(),
        }
    }
}

impl fmt::Display for ApiProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.fault {
            Some(fault) => fault.fmt(f),
            None => f.write_str(&self.0.detail),
        }
    }
}

impl ResponseError for ApiProblem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.kind.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Bare; the layer of the API writes the document.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        HttpResponse::new(self.status_code())
    }
}

impl From<Fault> for ApiProblem {
    fn from(fault: Fault) -> Self {
        if fault.is_unavailable() {
            let words =
                "The data cannot be reached just now. Nothing was changed. Try again in a few seconds.";
            return Self::new(UNAVAILABLE, words).after(5).by(fault);
        }
        let words = "Something went wrong on our side. Nothing was changed. Tell whoever runs this console the id of the request.";
        Self::new(FAILED, words).by(fault)
    }
}

impl From<Denied> for ApiProblem {
    fn from(denied: Denied) -> Self {
        Self::new(NOT_PERMITTED, format!("This needs the action {}.", denied.action))
    }
}

impl From<Problem> for ApiProblem {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Fault(fault) => fault.into(),
            Problem::Denied(denied) => denied.into(),
            Problem::NotFound => Self::not_found(),
            Problem::NotSignedIn { .. } | Problem::StepDue { .. } => Self::new(TOKEN_MISSING, NEEDED),
            Problem::ProofNeeded { .. } => {
                Self::not_permitted("This needs a fresh proof of who you are. It can be done in the console.")
            }
            Problem::Forged => Self::not_permitted("The request was caused by another site."),
            Problem::NotAllowedHere => {
                Self::new(METHOD_NOT_ALLOWED, "The header Allow names those it takes.")
            }
            Problem::TooLarge => Self::new(TOO_LARGE, "What was sent is larger than 256 kB."),
            Problem::HeadTooLarge => Self::new(HEAD_TOO_LARGE, "Together they may have 16 kB."),
            Problem::NotAForm => Self::new(NOT_JSON, NOT_JSON_WORDS),
            Problem::TooOften { wait } => {
                Self::new(TOO_OFTEN, "Wait as long as the header Retry-After says, then try again.")
                    .after(wait.as_secs().max(1))
            }
        }
    }
}

pub(super) const NEEDED: &str = "Send an access token: Authorization: Bearer rst_…";
pub(super) const NOT_JSON_WORDS: &str =
    "Send the body as Content-Type: application/json, without Content-Encoding.";

impl Failure for ApiProblem {
    fn fault(&self) -> Option<&Fault> {
        self.0.fault.as_ref()
    }
}

impl<R> Halt<R> {
    /// The problem to answer with; `words` says what each refusal means.
    pub fn told(self, words: impl FnOnce(R) -> ApiProblem) -> ApiProblem {
        match self {
            Self::Refused(refusal) => words(refusal),
            Self::Problem(problem) => problem.into(),
        }
    }
}
