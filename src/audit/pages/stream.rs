//! The section of the organization's page about the stream.

use askama::{Template, filters::HtmlSafe};

use crate::{
    audit::{forms::StreamDraft, model::Stream},
    web::{
        field::{ErrorSummary, Field},
        section::{Section, Whole},
        url, when,
    },
};

#[derive(Template)]
#[template(path = "audit/stream.html")]
pub struct StreamSection {
    may_change: bool,
    is_there: bool,
    is_on: bool,
    /// The host alone, for who may not change it: the rest of the address may be a secret.
    host: String,
    field: Field,
    errors: ErrorSummary,
    /// The tone of the last delivery's notice, and its words.
    last: Option<(&'static str, String)>,
    secret: Option<String>,
}

impl HtmlSafe for StreamSection {}

impl Section for StreamSection {
    const ID: &'static str = "audit-stream";
    const TITLE: &'static str = "Audit stream";
    const PAGE: Whole = Whole { heading: "Organization", href: url::ORGANIZATION, link: "All settings" };
}

impl StreamSection {
    pub fn new(stream: Option<&Stream>, may_change: bool, zone: &str) -> Self {
        let draft = StreamDraft::leading_to(stream.map_or("", |stream| &stream.url));
        Self::with(stream, may_change, zone, &draft, None)
    }

    /// With what was typed, and what is wrong with it.
    pub fn with(
        stream: Option<&Stream>,
        may_change: bool,
        zone: &str,
        draft: &StreamDraft,
        error: Option<String>,
    ) -> Self {
        let field = Field::text("url", "Address")
            .id("audit-stream-url")
            .value(&draft.url)
            .maxlength(2_000)
            .placeholder("https://siem.example.com/hooks/roster")
            .hint("Each line is posted there as JSON, in order, signed in the manner of Standard Webhooks.")
            .error(error);
        let host = stream
            .and_then(|stream| ::url::Url::parse(&stream.url).ok())
            .and_then(|url| url.host_str().map(str::to_owned));
        Self {
            may_change,
            is_there: stream.is_some(),
            is_on: stream.is_some_and(|stream| stream.is_on),
            host: host.unwrap_or_default(),
            errors: ErrorSummary::of([&field]),
            field,
            last: stream.and_then(|stream| last(stream, zone)),
            secret: None,
        }
    }

    pub fn refused(mut self, words: &str) -> Self {
        self.errors = self.errors.with("", words);
        self
    }

    /// Shows the secret, this once.
    pub fn showing(self, secret: String) -> Self {
        Self { secret: Some(secret), ..self }
    }
}

fn last(stream: &Stream, zone: &str) -> Option<(&'static str, String)> {
    let at = |moment| when::in_zone(moment, zone);
    Some(match (stream.problem.as_str(), stream.tried_at, stream.delivered_at) {
        ("", _, Some(delivered)) => ("good", format!("The last delivery was taken on {}.", at(delivered))),
        ("", Some(tried), None) => ("", format!("Tried on {}.", at(tried))),
        ("", None, None) => return None,
        (problem, tried, delivered) => {
            let tried = tried.map(|tried| format!(" on {}", at(tried))).unwrap_or_default();
            let before = delivered.map(|it| format!(" The last one before was taken on {}.", at(it)));
            let then = match stream.is_on {
                true => "It is tried again, ever more seldom, for a day.",
                false => "The stream is off; turned on again, it goes on where it stopped.",
            };
            (
                "bad",
                format!("The last delivery failed{tried}: {problem}. {then}{}", before.unwrap_or_default()),
            )
        }
    })
}
