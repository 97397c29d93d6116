//! What a provider sends, read with limits.

use std::{collections::HashMap, future::Future, pin::Pin, str::FromStr};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::{StatusCode, header},
    web::Bytes,
};
use serde_json::Value;

use super::problem::ScimProblem;
use crate::scim::model::{Etag, Projection, Question, Refusal};

/// The JSON of a request, at most 256 kB.
pub struct Sent(pub Value);

impl FromRequest for Sent {
    type Error = ScimProblem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ScimProblem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (is_json, is_plain) = (is_json(request), is_plain(request));
        let bytes = Bytes::from_request(request, payload);
        Box::pin(async move {
            if !is_json || !is_plain {
                let words = "Send the body as application/scim+json, without Content-Encoding.";
                return Err(ScimProblem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, words));
            }
            let too_large = |_| ScimProblem::new(StatusCode::PAYLOAD_TOO_LARGE, "A body may have 256 kB.");
            decode(&bytes.await.map_err(too_large)?).map(Self)
        })
    }
}

fn decode(bytes: &[u8]) -> Result<Value, ScimProblem> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| Refusal::Syntax(format!("The body is not JSON: {error}.")))?;
    match has_nul(&value) {
        true => Err(Refusal::BadValue("A text holds the character NUL.".to_owned()).into()),
        false => Ok(value),
    }
}

/// PostgreSQL cannot hold it in a text.
fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(has_nul),
        Value::Object(members) => members.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn is_json(request: &HttpRequest) -> bool {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    kind.and_then(|kind| kind.split(';').next()).is_some_and(|kind| {
        ["application/scim+json", "application/json"].iter().any(|it| kind.trim().eq_ignore_ascii_case(it))
    })
}

/// A few packed bytes would unpack to more than memory holds before they could be counted.
fn is_plain(request: &HttpRequest) -> bool {
    request.headers().get(header::CONTENT_ENCODING).is_none_or(|encoding| encoding == "identity")
}

/// The query of an address, each name once.
pub struct Asked {
    pairs: HashMap<String, String>,
    pub if_match: Option<String>,
    if_none_match: Option<String>,
}

impl FromRequest for Asked {
    type Error = ScimProblem;
    type Future = std::future::Ready<Result<Self, ScimProblem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let text = |name| {
            let value = request.headers().get(name).and_then(|value| value.to_str().ok());
            value.map(str::to_owned)
        };
        let pairs = url::form_urlencoded::parse(request.query_string().as_bytes());
        std::future::ready(Ok(Self {
            pairs: pairs.map(|(name, value)| (name.to_ascii_lowercase(), value.into_owned())).collect(),
            if_match: text(header::IF_MATCH),
            if_none_match: text(header::IF_NONE_MATCH),
        }))
    }
}

impl Asked {
    fn get(&self, name: &str) -> Option<&str> {
        self.pairs.get(name).map(String::as_str)
    }

    pub fn question(&self) -> Result<Question, Refusal> {
        Question::of(|name| self.get(name))
    }

    pub fn has_filter(&self) -> bool {
        self.get("filter").is_some()
    }

    pub fn projection(&self) -> Projection {
        let of = |name| self.get(name).unwrap_or_default();
        Projection::of(of("attributes"), of("excludedattributes"))
    }

    /// Whether the provider has this version already.
    pub fn has(&self, version: Etag) -> bool {
        self.if_none_match.as_deref().is_some_and(|header| version.is_among(header))
    }
}

/// The id at the end of the address; what is no identifier names nothing.
pub fn named<I: FromStr>(request: &HttpRequest) -> Result<I, ScimProblem> {
    let id = request.match_info().get("id").unwrap_or_default();
    id.parse().map_err(|_| ScimProblem::not_found())
}

/// What the log calls the request: a name in its body, or the address.
pub fn subject(request: &HttpRequest, body: Option<&Value>) -> String {
    let name = body.and_then(|body| {
        ["userName", "displayName"].iter().find_map(|name| body.get(name).and_then(Value::as_str))
    });
    let path = request.match_info().unprocessed();
    let path = if path.is_empty() { request.path() } else { path };
    let end = path.splitn(5, '/').last().unwrap_or_default();
    match name {
        Some(name) => format!("{} {end} {name}", request.method()),
        None => format!("{} {end}", request.method()),
    }
}
