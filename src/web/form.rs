//! What a form sent, as it was typed. Decoding never fails: a missing field is an empty one.

use std::{
    borrow::Cow,
    future::{Ready, ready},
};

use actix_web::{
    Error, FromRequest, HttpMessage, HttpRequest,
    body::MessageBody,
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::header::{self, HeaderMap},
    middleware::Next,
    web::Bytes,
};

use super::Problem;

/// The most a form may send.
pub const MOST_BYTES: usize = 256 * 1024;
/// The most fields it may have; a form of ours has 500 selected rows and a few more.
const MOST_FIELDS: usize = 12_000;

/// The fields of a submitted form, in order, names as often as they were sent.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// NUL is taken out: nobody can type it, and PostgreSQL cannot hold it.
    pub fn decode(body: &[u8]) -> Self {
        let without_nul = |text: Cow<'_, str>| match text.contains('\0') {
            true => text.replace('\0', ""),
            false => text.into_owned(),
        };
        let fields = ::url::form_urlencoded::parse(body).take(MOST_FIELDS);
        Self(fields.map(|(name, value)| (without_nul(name), without_nul(value))).collect())
    }

    /// The first value by that name; empty when there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The same with line ends made `\n` and the ends trimmed.
    pub fn text(&self, name: &str) -> String {
        self.get(name).replace("\r\n", "\n").trim().to_owned()
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

impl FromIterator<(String, String)> for Fields {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(fields: T) -> Self {
        Self(fields.into_iter().collect())
    }
}

/// The body of a form, read before any handler so that nothing typed is lost when the handler does not run.
#[derive(Clone)]
struct SentForm(Bytes);

/// Reads the form that a browser sent, once and bounded.
pub async fn read_body(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    if !request.method().is_safe() {
        if !is_form(request.headers()) || is_packed(request.headers()) {
            return Err(Problem::NotAForm.into());
        }
        let body = request.extract::<Bytes>().await.map_err(|_| Problem::TooLarge)?;
        request.extensions_mut().insert(SentForm(body));
    }
    next.call(request).await
}

/// The form this request came with, if any.
pub fn sent(request: &HttpRequest) -> Option<Fields> {
    request.extensions().get::<SentForm>().map(|form| Fields::decode(&form.0))
}

impl FromRequest for Fields {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(sent(request).ok_or(Problem::NotAForm))
    }
}

/// Whether the body says that it is a form; one without any fields need not say so.
fn is_form(headers: &HeaderMap) -> bool {
    match headers.get(header::CONTENT_TYPE).map(|value| value.to_str()) {
        Some(Ok(kind)) => {
            kind.split(';').next().is_some_and(|kind| kind.trim() == "application/x-www-form-urlencoded")
        }
        Some(Err(_)) => false,
        None => true,
    }
}

/// Whether the body is compressed. No browser sends a form that way, and a few bytes would unpack to more than memory
/// holds before they could be counted.
fn is_packed(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity")
}

/// The query of an address, read like a form.
pub struct Query(pub Fields);

impl FromRequest for Query {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(Fields::decode(request.query_string().as_bytes()))))
    }
}
