//! Asking twice and doing it once: a create with an Idempotency-Key answers the same again for 24 hours.

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::{StatusCode, header},
};
use chrono::Duration;
use serde::Serialize;

use super::{
    problem::{self, ApiProblem},
    store::{self, Answered},
};
use crate::{
    base::{
        ids::{OrganizationId, UserId},
        token,
    },
    db::{Fault, Tx},
};

const LIFE: Duration = Duration::hours(24);
const LONGEST_KEY: usize = 255;

/// A request that is to be done once: its key, and what it asks for.
#[derive(Clone, Debug)]
pub struct Once {
    key: String,
    request_hash: String,
}

impl Once {
    /// From the header `Idempotency-Key`, when there is one.
    pub(super) fn of(request: &HttpRequest, body: &[u8]) -> Result<Option<Self>, ApiProblem> {
        let Some(key) = request.headers().get("idempotency-key") else { return Ok(None) };
        let key = key.to_str().ok().filter(|key| !key.is_empty() && key.len() <= LONGEST_KEY);
        let key = key.ok_or_else(|| {
            let words = "Idempotency-Key has 1 to 255 letters, digits and signs of ASCII.";
            ApiProblem::new(problem::IDEMPOTENCY_KEY, words)
        })?;
        let asked = format!("{} {}\n{}", request.method(), request.path(), token::hex(body));
        Ok(Some(Self { key: key.to_owned(), request_hash: token::hash(&asked) }))
    }
}

/// What was made, as it is answered and as it is kept.
#[derive(Debug)]
pub struct Made<T> {
    shown: T,
    kept: Option<serde_json::Value>,
}

impl<T: Serialize> Made<T> {
    pub fn new(shown: T) -> Self {
        Self { shown, kept: None }
    }

    /// Something with a secret: asking again answers `kept`, in which there is none.
    pub fn keeping(shown: T, kept: &impl Serialize) -> Result<Self, Fault> {
        let kept = serde_json::to_value(kept).map_err(|e| Fault::broken("keeping an answer", e))?;
        Ok(Self { shown, kept: Some(kept) })
    }
}

/// 201 with what was made, now or when it was asked for first.
#[derive(Debug)]
pub struct Answer {
    status: StatusCode,
    body: String,
    is_repeated: bool,
}

impl Answer {
    pub(super) fn new<T: Serialize>(made: &Made<T>) -> Result<Self, Fault> {
        let body = serde_json::to_string(&made.shown).map_err(|e| Fault::broken("writing an answer", e))?;
        Ok(Self { status: StatusCode::CREATED, body, is_repeated: false })
    }
}

impl Responder for Answer {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.insert_header((header::CONTENT_TYPE, "application/json"));
        if self.is_repeated {
            response.insert_header(("idempotency-replayed", "true"));
        }
        response.body(self.body)
    }
}

/// The answer that this request got before, or why its key cannot be used for it.
pub(super) fn earlier(
    tx: &mut Tx<'_>,
    user: UserId,
    once: &Once,
) -> Result<Option<Result<Answer, ApiProblem>>, Fault> {
    let since = tx.now().minus(LIFE);
    let Some(answered) = store::answered(tx, user, &once.key, since)? else { return Ok(None) };
    if answered.request_hash != once.request_hash {
        let words = "This Idempotency-Key came with another request within the last 24 hours. Use a new one.";
        return Ok(Some(Err(ApiProblem::new(problem::IDEMPOTENCY_KEY, words))));
    }
    let status = u16::try_from(answered.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    Ok(Some(Ok(Answer {
        status: status.unwrap_or(StatusCode::CREATED),
        body: answered.body,
        is_repeated: true,
    })))
}

/// Keeps what was made, in the transaction that makes it.
pub(super) fn keep<T: Serialize>(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    user: UserId,
    once: &Once,
    made: &Made<T>,
) -> Result<(), Fault> {
    let body = match &made.kept {
        Some(kept) => kept.to_string(),
        None => Answer::new(made)?.body,
    };
    let status = i32::from(StatusCode::CREATED.as_u16());
    let answered = Answered { request_hash: once.request_hash.clone(), status, body };
    store::keep(tx, organization, user, &once.key, &answered)
}

/// Removes what is over; returns how many went.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize, Fault> {
    let until = tx.now().minus(LIFE);
    store::sweep(tx, until)
}
