//! Signing in by a SAML identity provider of the package pysaml2.

use std::process::Command;

use reqwest::Method;
use serde_json::json;
use url::Url;

use crate::installed::{python, script};
use crate::peer::Peer;
use crate::support::page::Page;
use crate::support::people::ADMINISTRATOR;
use crate::support::person::Person;
use crate::support::ports::free_port;
use crate::support::world::Database;
use crate::town::{Town, shown_in};

/// As pysaml2 names attributes: by their object identifiers.
const ATTRIBUTES: [(&str, &str); 3] = [
    ("Email attribute", "urn:oid:0.9.2342.19200300.100.1.3"),
    ("First name attribute", "urn:oid:2.5.4.42"),
    ("Last name attribute", "urn:oid:2.5.4.4"),
];
const GROUPS: &str = "urn:oid:1.3.6.1.4.1.5923.1.5.1.1";

/// The provider on this port, on which the console relies whose metadata are there.
fn provider(port: u16, relying: &str) -> Peer {
    let settings = json!({
        "port": port,
        "relying": relying,
        "key": script("../support/saml/provider.key.pem"),
        "certificate": script("../support/saml/provider.crt.pem"),
        "accounts": {
            "a1": { "mail": [ADMINISTRATOR], "givenName": ["Ada"], "sn": ["Lovelace"] },
            "b2": {
                "mail": ["bob@example.com"], "givenName": ["Bob"], "sn": ["Babbage"], "isMemberOf": ["engineers"],
            },
            "e3": { "mail": ["eve@elsewhere.example"], "givenName": ["Eve"], "sn": [""] },
        },
    });
    let mut command = Command::new(python());
    command.arg(script("saml.py")).env("PEER_SETTINGS", settings.to_string());
    Peer::start(command)
}

/// A console whose organization has the provider by its metadata.
fn with_saml(database: Database) -> (Town, Peer) {
    let (town, port) = (Town::on(database, &[("allow_private_targets", "true")]), free_port());
    let page = town.ada.opens("/organization/iam/sso/saml?tab=metadata");
    let peer = provider(port, &shown_in(&page, "Entity ID of this side"));
    let form = page.form("Next").fill("Metadata URL", format!("http://127.0.0.1:{port}/metadata"));
    let form = ATTRIBUTES.iter().fold(form, |form, (label, name)| form.fill(label, *name));
    let form = form.fill("Domains", "example.com").fill("Groups attribute", GROUPS);
    let form = form.fill("Attribute value 1", "engineers").choose("Group 1", crate::openid::READ);
    let page = form.press();
    assert_eq!(page.heading(), "Deploy SSO", "{}", page.text());
    let page = page.form("Deploy SSO").press();
    assert_eq!(page.heading(), "Single sign-on", "{}", page.text());
    (town, peer)
}

/// Signs in at the provider, whose page sends its answer from another site and so without the browser's cookies; the
/// browser goes on from there.
fn comes(town: &Town, person: &Person, address: &str, login: &str) -> Page {
    let page = person.opens("/sign-in").follow("Continue with SSO");
    let page = page.form("Continue").fill("Email", address).press().follow("Go on to 127.0.0.1");
    assert_eq!(page.heading(), "Sign in at the provider", "{}", page.text());
    let page = page.form("Sign in there").fill("Login", login).press();
    let value = |input: scraper::ElementRef<'_>, name: &str| input.attr(name).expect("a value").to_owned();
    let hidden = page.whole().all("input[type=hidden]");
    let fields: Vec<_> = hidden.map(|input| (value(input, "name"), value(input, "value"))).collect();
    let to = page.form("Go back").action;
    let bare = town.visitor();
    let request = bare.bare_request(Method::POST, to.as_str()).header("sec-fetch-site", "cross-site");
    let page = bare.send(request.header("origin", origin(&page.url)).form(&fields), to);
    let on = page.leads_to().unwrap_or_else(|| panic!("{}: {}", page.status, page.text()));
    person.opens(on.as_str())
}

fn origin(of: &Url) -> String {
    of.origin().ascii_serialization()
}

#[test]
fn an_organizations_people_come_by_saml_on_sqlite() {
    come_by_saml(Database::Sqlite);
}

#[test]
fn an_organizations_people_come_by_saml_on_postgres() {
    come_by_saml(Database::Postgres);
}

fn come_by_saml(database: Database) {
    let (town, _peer) = with_saml(database);
    let bob = town.visitor();
    let page = comes(&town, &bob, "anybody@example.com", "b2");
    assert!(bob.is_signed_in(), "{}", page.text());
    assert!(town.ada.users().row("Bob Babbage").says("read"), "{}", town.ada.users().text());
    let again = town.visitor();
    comes(&town, &again, "bob@example.com", "b2");
    assert!(again.is_signed_in());
    assert_eq!(town.ada.users().rows().iter().filter(|row| row.contains("bob@example.com")).count(), 1);
    let ada = town.visitor();
    comes(&town, &ada, ADMINISTRATOR, "a1");
    assert!(ada.is_signed_in(), "her account is linked by its address");
    let eve = town.visitor();
    let page = comes(&town, &eve, "eve@example.com", "e3");
    assert_eq!(page.heading(), "Your address is in another domain", "{}", page.text());
    assert!(!eve.is_signed_in());
}
