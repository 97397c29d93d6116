//! Forged requests: a browser tells where a request comes from, and unsafe ones must come from a page of ours
//! (OWASP ASVS 5.0, 3.5.1). This is the rule for the routes that browsers use with a cookie.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderMap},
    middleware::Next,
    web::Data,
};

use super::{Problem, Site};

/// Refuses unsafe requests that other sites caused.
pub async fn refuse(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let public = request.app_data::<Data<Site>>().map(|site| site.settings.public_origin());
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).map(str::to_owned);
    if !request.method().is_safe() && !is_ours(request.headers(), public.as_deref(), host.as_deref()) {
        return Err(Problem::Forged.into());
    }
    next.call(request).await
}

/// `Sec-Fetch-Site: same-origin`; or, from browsers that do not send it, an `Origin` that is the public URL's or
/// the very host that was asked.
fn is_ours(headers: &HeaderMap, public: Option<&str>, host: Option<&str>) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("Sec-Fetch-Site") {
        return site == "same-origin";
    }
    let Some(origin) = text("Origin") else { return false };
    Some(origin) == public
        || origin.split_once("://").map(|(_, rest)| rest).is_some_and(|rest| Some(rest) == host)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn ours(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers: HeaderMap = pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        is_ours(&headers, Some("https://roster.example"), Some("127.0.0.1:8080"))
    }

    #[test]
    fn only_a_page_of_ours_may_cause_an_unsafe_request() {
        assert!(ours(&[("sec-fetch-site", "same-origin")]));
        assert!(ours(&[("origin", "https://roster.example")]));
        assert!(ours(&[("origin", "http://127.0.0.1:8080")]));
        assert!(!ours(&[("sec-fetch-site", "same-site")]));
        assert!(!ours(&[("sec-fetch-site", "cross-site"), ("origin", "https://roster.example")]));
        assert!(!ours(&[("origin", "https://evil.example")]));
        assert!(!ours(&[("origin", "null")]));
        assert!(!ours(&[]));
    }
}
