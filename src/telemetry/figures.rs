//! Figures in the form Prometheus reads. Labels come from closed sets only (route patterns, methods, classes of
//! status), so that nobody outside can make their number grow.

use std::{sync::OnceLock, thread, time::Duration};

use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

const REQUESTS: &str = "roster_http_requests_total";
const REQUEST_SECONDS: &str = "roster_http_request_duration_seconds";
const HASHES_WAITING: &str = "roster_password_hashes_waiting";
const HASHES_REFUSED: &str = "roster_password_hashes_refused_total";
const LETTERS: &str = "roster_outbox_letters";
const CONNECTIONS: &str = "roster_database_connections";

/// Upper bounds of the buckets of durations, in seconds.
const SECONDS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
/// How often single durations are folded into buckets; between two times they are kept one by one.
const FOLDING: Duration = Duration::from_secs(5);

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Begins to count, once a process; later calls do nothing.
pub fn install() {
    handle();
}

/// Everything counted so far, in the text format of Prometheus.
pub fn render() -> String {
    handle().map(PrometheusHandle::render).unwrap_or_default()
}

/// One answered request.
pub(super) fn request(method: &'static str, route: String, status: u16, took: Duration) {
    install();
    counter!(REQUESTS, "method" => method, "route" => route.clone(), "status" => class(status)).increment(1);
    histogram!(REQUEST_SECONDS, "route" => route).record(took);
}

/// How many passwords wait to be hashed.
pub fn hashes_waiting(waiting: usize) {
    gauge!(HASHES_WAITING).set(as_figure(waiting));
}

/// How many passwords were turned away so far because too many waited.
pub fn hashes_refused(refused: u64) {
    counter!(HASHES_REFUSED).absolute(refused);
}

/// How many letters of the outbox wait, and how many finally failed.
pub fn letters(waiting: usize, failed: usize) {
    gauge!(LETTERS, "status" => "waiting").set(as_figure(waiting));
    gauge!(LETTERS, "status" => "failed").set(as_figure(failed));
}

/// How many connections to the database are in use, and how many stand idle.
pub fn connections(in_use: usize, idle: usize) {
    gauge!(CONNECTIONS, "state" => "in_use").set(as_figure(in_use));
    gauge!(CONNECTIONS, "state" => "idle").set(as_figure(idle));
}

fn handle() -> Option<&'static PrometheusHandle> {
    HANDLE.get_or_init(start).as_ref()
}

/// `None` when the process counts elsewhere already.
fn start() -> Option<PrometheusHandle> {
    let builder = PrometheusBuilder::new();
    let builder = builder.set_buckets_for_metric(Matcher::Full(REQUEST_SECONDS.to_owned()), &SECONDS).ok()?;
    let recorder = builder.build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).ok()?;
    describe();
    let folding = handle.clone();
    let folds = thread::Builder::new().name("figures".to_owned()).spawn(move || {
        loop {
            thread::sleep(FOLDING);
            folding.run_upkeep();
        }
    });
    if let Err(error) = folds {
        tracing::warn!(%error, "figures are folded only when they are read");
    }
    Some(handle)
}

fn describe() {
    describe_counter!(REQUESTS, "Answered requests by method, route pattern and class of status");
    describe_histogram!(REQUEST_SECONDS, Unit::Seconds, "Time from a request to the head of its answer");
    describe_gauge!(HASHES_WAITING, "Passwords that wait to be hashed");
    describe_counter!(HASHES_REFUSED, "Passwords turned away because too many waited");
    describe_gauge!(LETTERS, "Letters in the outbox by status");
    describe_gauge!(CONNECTIONS, "Connections to the database by state");
}

fn class(status: u16) -> &'static str {
    match status {
        100..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        _ => "5xx",
    }
}

/// Exact up to 2³², and more than enough beyond.
fn as_figure(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_is_rendered() {
        install();
        connections(3, 5);
        letters(7, 0);
        request("GET", "/figures/{id}".to_owned(), 404, Duration::from_millis(3));
        let text = render();
        for line in [
            "roster_database_connections{state=\"in_use\"} 3",
            "roster_outbox_letters{status=\"waiting\"} 7",
            "roster_http_requests_total{method=\"GET\",route=\"/figures/{id}\",status=\"4xx\"} 1",
            "roster_http_request_duration_seconds_bucket{route=\"/figures/{id}\",le=\"0.005\"} 1",
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }
}
