//! SAML: whose answers are believed, and whose are not; setting it up and signing in by it.

mod answers;
mod attacks;
mod entering;
mod metadata;
mod once;
mod peers;
mod refusing;
mod requests;
pub mod setting;
mod trying;
pub mod way;

use chrono::{TimeZone, Utc};
use roster::base::clock::Moment;
use roster::saml::{Assertion, Expected, Own, Provider, Refusal, verify};

use crate::support::saml::{REQUEST, own, provider};

/// A minute after answers are issued.
fn now() -> Moment {
    Moment::new(Utc.with_ymd_and_hms(2026, 11, 22, 12, 1, 0).single().expect("a time"))
}

fn against<'a>(provider: &'a Provider, own: &'a Own) -> Expected<'a> {
    Expected {
        provider,
        own,
        request_id: REQUEST,
        signed_assertions: false,
        authenticated_since: None,
        now: now(),
    }
}

/// What is made of an answer as it stands in the form.
fn read(answer: &str) -> Result<Assertion, Refusal> {
    read_at(answer, now())
}

fn read_at(answer: &str, now: Moment) -> Result<Assertion, Refusal> {
    let (provider, own) = (provider(), own());
    let expected = Expected { now, ..against(&provider, &own) };
    verify(answer.as_bytes(), &expected).map(|unspent| unspent.peek().clone())
}
