//! SCIM: what an identity provider brings, changes and lets go of.

mod groups;
mod hands;
mod keeping;
mod page;
mod people;
mod protocol;
mod searching;

use reqwest::Method;
use serde_json::{Value, json};

use crate::api::{asks, json as told, sends};
use crate::cast::scim::{address, has_a_provider};
use crate::cast::with_token;
use crate::support::page::Page;
use crate::support::people::ADMINISTRATOR;
use crate::support::person::Person;
use crate::support::world::World;

/// An identity provider of the administrator's organization.
pub struct Provider {
    pub program: Person,
    pub base: String,
}

impl Provider {
    pub fn of(world: &World) -> Provider {
        Provider::by(world, ADMINISTRATOR)
    }

    pub fn by(world: &World, email: &str) -> Provider {
        let (_, secret) = has_a_provider(world, email);
        Provider { program: with_token(&world.visitor(), &secret), base: address(world, email) }
    }

    pub fn sends(&self, method: Method, path: &str, body: Value) -> Page {
        sends(&self.program, method, &format!("{}{path}", self.base), body)
    }

    pub fn asks(&self, method: Method, path: &str) -> Page {
        asks(&self.program, method, &format!("{}{path}", self.base))
    }

    pub fn finds(&self, path: &str, filter: &str) -> Value {
        let filter: String = url::form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        let page = self.asks(Method::GET, &format!("{path}?filter={filter}"));
        assert_eq!(page.status.as_u16(), 200, "{}", page.body);
        told(&page)
    }

    /// Brings a person and returns their id.
    pub fn brings(&self, user_name: &str) -> String {
        self.made("/Users", json!({ "userName": user_name }))
    }

    pub fn pushes(&self, name: &str, members: &[&str]) -> String {
        let members: Vec<_> = members.iter().map(|id| json!({ "value": id })).collect();
        self.made("/Groups", json!({ "displayName": name, "members": members }))
    }

    fn made(&self, path: &str, body: Value) -> String {
        let page = self.sends(Method::POST, path, body);
        assert_eq!(page.status.as_u16(), 201, "{}", page.body);
        told(&page)["id"].as_str().expect("an id").to_owned()
    }

    /// A PATCH of one operation.
    pub fn patches(&self, path: &str, operation: Value) -> Page {
        self.sends(Method::PATCH, path, json!({ "Operations": [operation] }))
    }
}

/// Status and keyword of an error, once the rest of it is as every error is.
pub fn error(page: &Page) -> (u16, String) {
    assert_eq!(page.headers["content-type"], "application/scim+json", "{}", page.body);
    let body = told(page);
    assert_eq!(body["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:Error"]));
    assert_eq!(body["status"], page.status.as_u16().to_string());
    assert!(body["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{body}");
    (page.status.as_u16(), body["scimType"].as_str().unwrap_or_default().to_owned())
}

pub fn refused(page: &Page, status: u16, keyword: &str) {
    assert_eq!(error(page), (status, keyword.to_owned()), "{}", page.body);
}
