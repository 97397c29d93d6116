//! The API for programs with an access token.

mod audit;
mod bearing;
mod checks;
mod document;
mod groups;
mod instances;
mod invitations;
mod known;
mod organization;
mod policies;
mod problems;
mod provisioning;
mod saml;
mod sso;
mod tokens;
mod users;

use reqwest::Method;
use serde_json::Value;

use crate::support::page::Page;
use crate::support::person::Person;

/// A request with a body.
pub fn sends(person: &Person, method: Method, path: &str, body: Value) -> Page {
    let url = person.base().join(path).expect("an address");
    person.send(person.bare_request(method, path).json(&body), url)
}

/// A request without one.
pub fn asks(person: &Person, method: Method, path: &str) -> Page {
    let url = person.base().join(path).expect("an address");
    person.send(person.bare_request(method, path), url)
}

/// The JSON of an answer.
pub fn json(page: &Page) -> Value {
    serde_json::from_str(&page.body).unwrap_or_else(|error| panic!("{error}: {} {}", page.status, page.body))
}

/// The last part of a problem's type, once the rest of the document is as every problem's is.
pub fn problem(page: &Page) -> String {
    assert_eq!(page.headers["content-type"], "application/problem+json", "{}", page.body);
    let document = json(page);
    assert_eq!(document["status"], page.status.as_u16(), "{document}");
    assert_eq!(document["request_id"], page.headers["x-request-id"].to_str().expect("text"));
    assert!(document["title"].is_string() && document["detail"].is_string(), "{document}");
    let kind = document["type"].as_str().expect("a type").split_once('#').expect("a kind");
    assert!(kind.0.ends_with("/api/docs"), "{document}");
    kind.1.to_owned()
}
