//! The id of a request, and the middleware that gives it, logs the answer and counts it.

use std::{
    convert::Infallible,
    fmt,
    future::{Ready, ready},
    time::Instant,
};

use actix_web::{
    Error, FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError,
    body::MessageBody,
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{HeaderName, HeaderValue},
    },
    middleware::Next,
};
use tracing::{Instrument, Span, field::Empty};
use uuid::Uuid;

use super::figures;

const HEADER: HeaderName = HeaderName::from_static("x-request-id");
/// The digits of Crockford's base 32: none is taken for another when it is read out.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// Routes that machines ask for again and again; their answers are logged at `debug`.
const QUIET: [&str; 4] = ["/healthz", "/readyz", "/metrics", "/static/"];

/// What one request is called in log lines, in the audit, on the page of a fault and in the header `X-Request-Id`:
/// 26 letters and digits, later ones sorting after earlier ones. It is always made here, never taken from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestId(u128);

impl RequestId {
    fn new() -> Self {
        Self(Uuid::now_v7().as_u128())
    }

    /// The id of this request.
    pub fn of(request: &HttpRequest) -> Self {
        request.extensions().get().copied().unwrap_or_else(Self::new)
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits: [u8; 26] = std::array::from_fn(|at| DIGITS[(self.0 >> (5 * (25 - at))) as usize & 31]);
        f.write_str(std::str::from_utf8(&digits).unwrap_or_default())
    }
}

impl FromRequest for RequestId {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

/// Gives the request an id, and tells of its answer: one log line and two figures, with the pattern of the route,
/// never with the path. To be wrapped around everything else, by `middleware::from_fn(telemetry::observe)`.
pub async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let began = Instant::now();
    let id = RequestId::new();
    let method = method_name(request.method());
    request.extensions_mut().insert(id);
    let span = tracing::info_span!("request", %id, method, route = Empty, status = Empty);
    let result = next.call(request).instrument(span.clone()).await;
    let (route, status) = match &result {
        Ok(response) => (response.request().match_pattern(), response.status()),
        Err(error) => (None, error.as_response_error().status_code()),
    };
    let route = route.unwrap_or_else(|| "unmatched".to_owned());
    tell(&span, &route, status, began);
    figures::request(method, route, status.as_u16(), began.elapsed());
    match result {
        Ok(mut response) => {
            response.headers_mut().insert(HEADER, header(id));
            Ok(response)
        }
        Err(error) => Err(Identified { error, id }.into()),
    }
}

fn tell(span: &Span, route: &str, status: StatusCode, began: Instant) {
    span.record("route", route).record("status", status.as_u16());
    let _inside = span.enter();
    let duration_ms = began.elapsed().as_secs_f64() * 1000.0;
    if status.is_server_error() {
        tracing::warn!(duration_ms, "answered");
    } else if QUIET.iter().any(|quiet| route.starts_with(quiet)) {
        tracing::debug!(duration_ms, "answered");
    } else {
        tracing::info!(duration_ms, "answered");
    }
}

/// Methods anybody may make up come under one name.
fn method_name(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "OTHER",
    }
}

fn header(id: RequestId) -> HeaderValue {
    HeaderValue::from_str(&id.to_string()).unwrap_or(HeaderValue::from_static("-"))
}

/// An error of another middleware, whose answer carries the id as well.
#[derive(Debug)]
struct Identified {
    error: Error,
    id: RequestId,
}

impl fmt::Display for Identified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl ResponseError for Identified {
    fn status_code(&self) -> StatusCode {
        self.error.as_response_error().status_code()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = self.error.error_response();
        response.headers_mut().insert(HEADER, header(self.id));
        response
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::Write,
        sync::{Arc, Mutex},
    };

    use actix_web::{App, error::ErrorImATeapot, middleware::from_fn, test, web};
    use tracing::instrument::WithSubscriber;

    use super::*;

    /// A log that can be read.
    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("lines").write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    async fn handler(id: RequestId) -> String {
        tracing::info!("inside");
        id.to_string()
    }

    /// Status, header, body and log of one request.
    async fn ask(path: &str) -> (u16, String, String, String) {
        let lines = Lines::default();
        let to = lines.clone();
        let log = tracing_subscriber::fmt().with_ansi(false).with_writer(move || to.clone()).finish();
        let answer = async {
            let app = App::new()
                .service(web::resource("/links/{token}").to(handler))
                .service(web::resource("/wrong").wrap(from_fn(refuse)).to(handler))
                .wrap(from_fn(observe));
            let app = test::init_service(app).await;
            let request =
                test::TestRequest::get().uri(path).insert_header(("X-Request-Id", "mine")).to_request();
            let response = match test::try_call_service(&app, request).await {
                Ok(response) => response.map_into_boxed_body().into_parts().1,
                Err(error) => error.error_response(),
            };
            let header = response.headers().get(HEADER).expect("an id").to_str().expect("text").to_owned();
            let status = response.status().as_u16();
            let body = actix_web::body::to_bytes(response.into_body()).await.expect("a body");
            (status, header, String::from_utf8_lossy(&body).into_owned())
        };
        let (status, header, body) = answer.with_subscriber(log).await;
        let lines = String::from_utf8_lossy(&lines.0.lock().expect("lines")).into_owned();
        (status, header, body, lines)
    }

    async fn refuse(_: ServiceRequest, _: Next<impl MessageBody>) -> Result<ServiceResponse, Error> {
        Err(ErrorImATeapot("no"))
    }

    #[actix_web::test]
    async fn a_request_has_an_id_of_our_own_and_a_line_without_its_path() {
        let (status, header, body, lines) = ask("/links/s3cret?code=hidden").await;
        assert_eq!((status, header.len()), (200, 26));
        assert_eq!(header, body);
        assert!(lines.contains(&format!("request{{id={header} method=\"GET\"}}")), "{lines}");
        assert!(lines.contains("route=\"/links/{token}\" status=200"), "{lines}");
        assert!(!lines.contains("s3cret") && !lines.contains("hidden") && !lines.contains("mine"), "{lines}");
    }

    #[actix_web::test]
    async fn an_error_of_another_middleware_has_an_id_too() {
        let (status, header, _, _) = ask("/wrong").await;
        assert_eq!((status, header.len()), (418, 26));
    }

    #[actix_web::test]
    async fn a_path_nobody_knows_is_unmatched() {
        let (status, _, _, lines) = ask("/no/such/s3cret").await;
        assert_eq!(status, 404);
        assert!(lines.contains("route=\"unmatched\" status=404"), "{lines}");
    }

    #[::core::prelude::v1::test]
    fn later_ids_sort_after_earlier_ones() {
        let [first, last] = [RequestId(7), RequestId(u128::MAX)].map(|id| id.to_string());
        assert_eq!(first, "00000000000000000000000007");
        assert!(first < last && last.len() == 26);
        assert!(RequestId::new() < RequestId::new());
    }
}
