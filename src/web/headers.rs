//! Headers that keep the browser on our side (OWASP ASVS 5.0, chapter 3), and how many of its own it may send.

use actix_web::{
    Error,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::header::{self, HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    web::Data,
};

use super::{Problem, Site, api, url};

const ALWAYS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'self'; img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("x-frame-options", "DENY"),
];

/// The most that the address and the headers of a request may have together, in bytes.
pub const MOST_BYTES: usize = 16 * 1024;

/// Refuses a request whose head is larger than [`MOST_BYTES`] with 431 (RFC 6585, section 5). Below `/scim` the answer has
/// a form of its own, and the layer there gives it.
pub async fn bound(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if has_too_large_a_head(&request) && !url::is_scim(request.path()) {
        let asked = request.request();
        let answer = match api::is_api(asked.path()) {
            true => api::answer_to(asked, Problem::HeadTooLarge),
            false => Problem::HeadTooLarge.answer_to(asked),
        };
        return Ok(request.into_response(answer));
    }
    Ok(next.call(request).await?.map_into_boxed_body())
}

pub fn has_too_large_a_head(request: &ServiceRequest) -> bool {
    size_of_head(request) > MOST_BYTES
}

/// As it was sent, near enough: a header's line has four more bytes than its name and value.
fn size_of_head(request: &ServiceRequest) -> usize {
    let address = request.uri().path_and_query().map_or(0, |path| path.as_str().len());
    let headers = request.headers().iter();
    address + headers.map(|(name, value)| name.as_str().len() + value.len() + 4).sum::<usize>()
}

/// Adds them to every answer; what no handler declared cacheable is not stored.
pub async fn add(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let secure = request.app_data::<Data<Site>>().is_some_and(|site| site.settings.secure_cookies());
    match next.call(request).await {
        Ok(mut response) => {
            add_to(response.headers_mut(), secure);
            Ok(response)
        }
        Err(error) => {
            let mut response = error.as_response_error().error_response();
            add_to(response.headers_mut(), secure);
            Err(InternalError::from_response(error.to_string(), response).into())
        }
    }
}

fn add_to(headers: &mut HeaderMap, secure: bool) {
    for (name, value) in ALWAYS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if secure {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=63072000; includeSubDomains"),
        );
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
