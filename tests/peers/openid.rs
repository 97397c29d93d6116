//! Signing in by the provider of the npm package oidc-provider: as an organization's own, and as one of the settings.

use std::process::Command;

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::installed::{node_folder, script};
use crate::peer::Peer;
use crate::support::page::Page;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::ports::free_port;
use crate::support::world::Database;
use crate::town::{Town, shown_in};

const CLIENT: &str = "roster";
const SECRET: &str = "a secret/of+the client";
/// A group as it is offered: with the roles that it carries.
pub const READ: &str = "read (Access Token Viewer, CKS Viewer, IAM Viewer)";

fn accounts() -> Value {
    json!({
        "a1": { "email": ADMINISTRATOR, "email_verified": true, "name": "Ada" },
        "b2": { "email": "bob@example.com", "email_verified": true, "name": "Bob Babbage", "groups": ["engineers"] },
        "e3": { "email": "eve@example.com", "email_verified": false, "name": "Eve" },
    })
}

/// The provider on this port, whose only client comes from this address.
fn provider(port: u16, redirect: &str) -> Peer {
    let settings = json!({
        "packages": node_folder(),
        "port": port,
        "client": { "client_id": CLIENT, "client_secret": SECRET, "redirect_uris": [redirect] },
        "accounts": accounts(),
    });
    let mut command = Command::new("node");
    command.arg(script("openid.mjs")).env("PEER_SETTINGS", settings.to_string());
    Peer::start(command)
}

fn issuer(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

/// A console with the provider as the organization's own.
fn with_sso(database: Database) -> (Town, Peer) {
    let (town, port) = (Town::on(database, &[("allow_private_targets", "true")]), free_port());
    let page = town.ada.opens("/organization/iam/sso/oidc");
    let peer = provider(port, &shown_in(&page, "Redirect address"));
    let form = page.form("Next").fill("Discovery URL", issuer(port)).fill("Client ID", CLIENT);
    let form = form.fill("Client secret", SECRET).fill("Domains", "example.com");
    let form = form.fill("Claim value 1", "engineers").choose("Group 1", READ);
    let page = form.press().form("Deploy SSO").press();
    assert_eq!(page.heading(), "Single sign-on", "{}", page.text());
    (town, peer)
}

/// Types an address and arrives at the provider.
fn is_led(person: &Person, address: &str) -> Page {
    let page = person.opens("/sign-in").follow("Continue with SSO");
    let page = page.form("Continue").fill("Email", address).press();
    let page = page.follow("Go on to 127.0.0.1");
    assert_eq!(page.heading(), "Sign in at the provider", "{}", page.text());
    page
}

/// Signs in at the provider, and comes back.
fn comes(at_provider: &Page, login: &str) -> Page {
    at_provider.form("Sign in there").fill("Login", login).press()
}

#[test]
fn an_organizations_people_come_by_its_own_provider_on_sqlite() {
    come_by_their_own_provider(Database::Sqlite);
}

#[test]
fn an_organizations_people_come_by_its_own_provider_on_postgres() {
    come_by_their_own_provider(Database::Postgres);
}

fn come_by_their_own_provider(database: Database) {
    let (town, _peer) = with_sso(database);
    let bob = town.visitor();
    let page = comes(&is_led(&bob, "anybody@example.com"), "b2");
    assert!(bob.is_signed_in(), "{}", page.text());
    assert!(town.ada.users().row("Bob Babbage").says("read"), "{}", town.ada.users().text());

    let again = town.visitor();
    comes(&is_led(&again, "bob@example.com"), "b2");
    assert!(again.is_signed_in());
    assert_eq!(town.ada.users().rows().iter().filter(|row| row.contains("bob@example.com")).count(), 1);

    let ada = town.visitor();
    comes(&is_led(&ada, ADMINISTRATOR), "a1");
    assert!(ada.is_signed_in(), "her account is linked by its address");
}

#[test]
fn whoever_declines_or_is_not_verified_is_not_let_in() {
    let (town, _peer) = with_sso(Database::Sqlite);
    let visitor = town.visitor();
    let page = is_led(&visitor, "bob@example.com").form("Decline").press();
    assert_eq!(page.heading(), "Single sign-on was not used", "{}", page.text());
    let page = comes(&is_led(&visitor, "eve@example.com"), "e3");
    assert_eq!((page.status, page.heading()), (StatusCode::FORBIDDEN, "Your address is not verified".into()));
    assert!(!visitor.is_signed_in() && !town.ada.users().has_row("eve@example.com"));
}

#[test]
fn somebody_proves_anew_who_they_are_at_the_provider() {
    let (town, _peer) = with_sso(Database::Sqlite);
    let bob = town.visitor();
    comes(&is_led(&bob, "bob@example.com"), "b2");
    let page = bob.opens("/account/prove?return_to=%2Faccount%2Fsettings");
    let at_provider = page.form("Continue with SSO").press().follow("Go on to 127.0.0.1");
    assert_eq!(at_provider.heading(), "Sign in at the provider", "the earlier sign-in there does not do");
    let page = comes(&at_provider, "b2");
    assert_eq!(page.url.path(), "/account/settings", "{}", page.text());
    let at_provider =
        bob.opens("/account/prove?return_to=%2Faccount%2Fsettings").form("Continue with SSO").press();
    let page = comes(&at_provider.follow("Go on to 127.0.0.1"), "a1");
    assert_ne!(page.url.path(), "/account/settings", "somebody else does not prove it: {}", page.text());
}

#[test]
fn an_account_of_a_provider_of_the_settings_is_linked_and_signs_in() {
    let port = free_port();
    let issuer = issuer(port);
    let settings =
        [("google_client_id", CLIENT), ("google_client_secret", SECRET), ("google_issuer", issuer.as_str())];
    let town = Town::on(Database::Sqlite, &settings);
    let redirect = town.server.base_url().join("/auth/google/callback").expect("an address");
    let _peer = provider(port, redirect.as_str());

    let early = town.visitor();
    let page = early.opens("/sign-in").form("Continue with Google").press().follow("Go on to Google");
    comes(&page, "a1");
    assert!(!early.is_signed_in(), "an account is not linked by its address alone");

    let page = town.ada.opens("/account/settings").form("Link Google").press().follow("Go on to Google");
    let page = comes(&page, "a1");
    assert!(page.text().contains(ADMINISTRATOR) && page.url.path() == "/account/settings", "{}", page.text());
    let visitor = town.visitor();
    let page = visitor.opens("/sign-in").form("Continue with Google").press().follow("Go on to Google");
    let page = comes(&page, "a1");
    assert!(visitor.is_signed_in(), "{}", page.text());
    let by_password = town.visitor();
    by_password.signs_in(ADMINISTRATOR, PASSWORD);
    assert!(by_password.is_signed_in(), "and so does the password");
}
