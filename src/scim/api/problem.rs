//! What a provider is told when it does not get what it asked for (RFC 7644 §3.12).

use std::{borrow::Cow, fmt, time::Duration};

use actix_web::{
    HttpResponse, ResponseError,
    body::BoxBody,
    http::{StatusCode, header},
};
use serde_json::json;

use super::CONTENT_TYPE;
use crate::{
    db::{Failure, Fault, Stop},
    scim::model::{ERROR_SCHEMA, Refusal},
};

#[derive(Debug)]
pub struct ScimProblem(Box<Told>);

#[derive(Debug)]
struct Told {
    status: StatusCode,
    scim_type: Option<&'static str>,
    detail: Cow<'static, str>,
    /// Whether the request came with a token at all.
    is_challenged: Option<bool>,
    /// Seconds until another try is worth it.
    retry_after: Option<u64>,
    fault: Option<Fault>,
}

impl ScimProblem {
    pub fn new(status: StatusCode, detail: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Told {
            status,
            scim_type: None,
            detail: detail.into(),
            is_challenged: None,
            retry_after: None,
            fault: None,
        }))
    }

    /// 401, with a challenge (RFC 6750 §3).
    pub fn unknown(had_token: bool, detail: &'static str) -> Self {
        let mut problem = Self::new(StatusCode::UNAUTHORIZED, detail);
        problem.0.is_challenged = Some(had_token);
        problem
    }

    /// 429: so many tokens that nobody knows were tried that the next one is looked at only after this long.
    pub fn too_often(wait: Duration) -> Self {
        let words =
            "Tokens that nobody knows were sent often. Wait as Retry-After says, then send one that works.";
        let mut problem = Self::new(StatusCode::TOO_MANY_REQUESTS, words);
        problem.0.retry_after = Some(wait.as_secs().max(1));
        problem
    }

    pub fn not_found() -> Self {
        Refusal::NotFound.into()
    }

    pub fn not_built() -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED, "This is not supported; ServiceProviderConfig says what is.")
    }

    pub fn fault(&self) -> Option<&Fault> {
        self.0.fault.as_ref()
    }
}

impl From<Refusal> for ScimProblem {
    fn from(refusal: Refusal) -> Self {
        let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
        let mut problem = Self::new(status, refusal.detail().into_owned());
        problem.0.scim_type = refusal.scim_type();
        problem
    }
}

impl From<Fault> for ScimProblem {
    fn from(fault: Fault) -> Self {
        let (status, words) = match fault.is_unavailable() {
            true => (StatusCode::SERVICE_UNAVAILABLE, "Not available for a moment. Nothing was changed."),
            false => (StatusCode::INTERNAL_SERVER_ERROR, "That failed on this side. Nothing was changed."),
        };
        let mut problem = Self::new(status, words);
        problem.0.retry_after = fault.is_unavailable().then_some(5);
        problem.0.fault = Some(fault);
        problem
    }
}

impl From<Stop<Refusal>> for ScimProblem {
    fn from(stop: Stop<Refusal>) -> Self {
        match stop {
            Stop::Refused(refusal) => refusal.into(),
            Stop::Fault(fault) => fault.into(),
        }
    }
}

impl Failure for ScimProblem {
    fn fault(&self) -> Option<&Fault> {
        self.0.fault.as_ref()
    }
}

impl fmt::Display for ScimProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.fault {
            Some(fault) => fault.fmt(f),
            None => f.write_str(&self.0.detail),
        }
    }
}

impl ResponseError for ScimProblem {
    fn status_code(&self) -> StatusCode {
        self.0.status
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut body = json!({
            "schemas": [ERROR_SCHEMA],
            "status": self.0.status.as_u16().to_string(),
            "detail": self.0.detail,
        });
        if let Some(scim_type) = self.0.scim_type {
            body["scimType"] = scim_type.into();
        }
        let mut response = HttpResponse::build(self.0.status);
        response.insert_header((header::CONTENT_TYPE, CONTENT_TYPE));
        match self.0.is_challenged {
            Some(true) => {
                let challenge = "Bearer realm=\"Roster\", error=\"invalid_token\"";
                response.insert_header((header::WWW_AUTHENTICATE, challenge));
            }
            Some(false) => {
                response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"Roster\""));
            }
            None => {}
        }
        if let Some(seconds) = self.0.retry_after {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        response.body(body.to_string())
    }
}

/// Answers what no route below `/scim` is for.
pub struct NotFound;

impl NotFound {
    pub async fn answer() -> Result<HttpResponse, ScimProblem> {
        Err(ScimProblem::not_found())
    }
}
