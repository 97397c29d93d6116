//! What a program sends and what its paths and queries name, read strictly.

use std::{future::Future, pin::Pin, str::FromStr};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header,
    web::{Bytes, Path},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    idempotency::Once,
    problem::{self, ApiProblem},
};
use crate::web::Problem;

/// The JSON body of a request, at most 256 kB, and what makes it one that is done once.
pub struct Body<T> {
    pub value: T,
    pub once: Option<Once>,
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = ApiProblem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiProblem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let plain = is_plain(request);
        let (request, bytes) = (request.clone(), Bytes::from_request(request, payload));
        Box::pin(async move {
            if !plain || !is_json(&request) {
                return Err(ApiProblem::new(problem::NOT_JSON, problem::NOT_JSON_WORDS));
            }
            let bytes = bytes.await.map_err(|_| Problem::TooLarge)?;
            Ok(Self { value: decode(&bytes)?, once: Once::of(&request, &bytes)? })
        })
    }
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiProblem> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| ApiProblem::new(problem::MALFORMED, format!("The body is not JSON: {error}.")))?;
    if has_nul(&value) {
        return Err(ApiProblem::invalid("A text holds the character NUL, which nothing here can hold."));
    }
    T::deserialize(value).map_err(|error| ApiProblem::invalid(format!("The body does not fit: {error}.")))
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
    kind.and_then(|kind| kind.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
}

/// A few packed bytes would unpack to more than memory holds before they could be counted.
fn is_plain(request: &HttpRequest) -> bool {
    request.headers().get(header::CONTENT_ENCODING).is_none_or(|encoding| encoding == "identity")
}

/// What a path names; what is no identifier names nothing.
pub fn named<I: FromStr>(path: &Path<String>) -> Result<I, ApiProblem> {
    path.parse().map_err(|_| ApiProblem::not_found())
}

/// The query of an address as `T`. Members that `T` does not know are refused when it says
/// `#[serde(deny_unknown_fields)]`; `cursor` and `limit` belong to [`super::Paging`] and are taken out before.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = ApiProblem;
    type Future = std::future::Ready<Result<Self, ApiProblem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(query(request.query_string()).map(Self))
    }
}

fn query<T: DeserializeOwned>(text: &str) -> Result<T, ApiProblem> {
    let pairs = url::form_urlencoded::parse(text.as_bytes());
    let own: Vec<_> = pairs.filter(|(name, _)| name != "cursor" && name != "limit").collect();
    if own.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
        return Err(ApiProblem::invalid("The query holds the character NUL."));
    }
    let own = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(own).finish();
    serde_urlencoded::from_str(&own)
        .map_err(|error| ApiProblem::invalid(format!("The query does not fit: {error}.")))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct New {
        name: String,
    }

    #[test]
    fn a_body_is_read_strictly_and_says_what_does_not_fit() {
        let told = |text: &str| {
            decode::<New>(text.as_bytes()).map_err(|problem| (problem.kind().status, problem.to_string()))
        };
        assert_eq!(told(r#"{"name":"a"}"#), Ok(New { name: "a".into() }));
        assert_eq!(told("{").unwrap_err().0, 400);
        let (status, words) = told(r#"{"name":"a","role":"admin"}"#).unwrap_err();
        assert!(status == 422 && words.contains("unknown field `role`"), "{words}");
        assert_eq!(told(r#"{"name":"a\u0000"}"#).unwrap_err().0, 422);
        assert_eq!(told(r#"{"name":1}"#).unwrap_err().0, 422);
    }

    #[test]
    fn a_query_leaves_the_members_of_paging_to_paging() {
        assert_eq!(query::<New>("name=a&cursor=x&limit=2").unwrap(), New { name: "a".into() });
        assert_eq!(query::<New>("name=a&sort=up").unwrap_err().kind().status, 422);
        assert_eq!(query::<New>("name=%00").unwrap_err().kind().status, 422);
    }
}
