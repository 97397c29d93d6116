//! What the running console tells about itself: log lines on standard error, figures for Prometheus, and an id for
//! every request. Nothing here ever holds a path, a query or anything a person typed.

pub mod figures;
mod request;

use std::io::{self, IsTerminal};

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{
    filter::{ParseError, Targets},
    fmt,
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::settings::{LogFormat, Settings};

pub use request::{RequestId, observe};

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    #[error("the filter for the log cannot be read: {0}")]
    Filter(#[from] ParseError),
    #[error("a log is set up already: {0}")]
    Twice(#[from] tracing_subscriber::util::TryInitError),
}

/// Sets up the log of this process and its figures; to be called once, from the command line.
///
/// # Errors
/// When the filter is wrong or the process has a log already.
pub fn init(settings: &Settings) -> Result<(), TelemetryError> {
    let filter = filter(&settings.log)?;
    let lines = fmt::layer().with_writer(io::stderr);
    let base = tracing_subscriber::registry().with(filter);
    match settings.log_format {
        LogFormat::Text => base.with(lines.with_ansi(wants_colour())).try_init()?,
        LogFormat::Json => base.with(lines.json().flatten_event(true).with_span_list(false)).try_init()?,
    }
    figures::install();
    Ok(())
}

/// Colour is for terminals whose person has not declined it (no-color.org).
pub fn wants_colour() -> bool {
    io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// A lone `debug` or `trace` means Roster's own lines: what libraries tell at these levels holds addresses of
/// requests and whole letters, and is only to be had by naming the library.
fn filter(text: &str) -> Result<Targets, ParseError> {
    match text.parse::<LevelFilter>() {
        Ok(level) if level > LevelFilter::INFO => format!("info,roster={level}").parse(),
        _ => text.parse(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lone_level_opens_up_no_library() {
        assert_eq!(filter("debug").expect("a filter").to_string(), "roster=debug,info");
        assert_eq!(filter("warn").expect("a filter").to_string(), "warn");
        assert_eq!(filter("info,lettre=trace").expect("a filter").to_string(), "lettre=trace,info");
    }
}
