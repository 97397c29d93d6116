//! The way to a SAML provider and back, as browsers go it.

use reqwest::Method;
use url::Url;

use crate::snapshot::texts;
pub use crate::sso::deploys;
use crate::support::form::Form;
use crate::support::page::Page;
use crate::support::person::Person;
use crate::support::saml::idp::Asked;
use crate::support::saml::{Draft, PROVIDER, provider};
use crate::support::world::World;

pub const SETTINGS: &str = "/organization/iam/sso";
pub const FORM: &str = "/organization/iam/sso/saml";

/// The form, filled with what is right.
pub fn filled(ada: &Person) -> Form {
    let provider = provider();
    let form = ada.opens(FORM).form("Next");
    form.fill("SSO URL", provider.sso_url.as_str())
        .fill("Entity ID", provider.entity_id)
        .fill("X.509 certificate", PROVIDER)
        .fill("Domains", "example.com")
}

/// An organization whose people come by SAML.
pub fn with_saml(world: &World) -> Person {
    let ada = world.administrator();
    deploys(&filled(&ada));
    ada
}

pub fn code(world: &World) -> String {
    texts(world, "SELECT code FROM organizations ORDER BY created_at, id").remove(0)
}

/// What of the organization an address names.
pub fn at(world: &World, act: &str) -> String {
    format!("/accounts/saml/{}/{act}", code(world))
}

/// Types an address and is led to the provider.
pub fn asks(person: &Person, address: &str) -> Asked {
    let page = person.opens("/sign-in").follow("Continue with SSO");
    asked(&page.form("Continue").fill("Email", address).press())
}

pub fn asked(going: &Page) -> Asked {
    assert!(going.heading().starts_with("On to "), "{}", going.text());
    Asked::of(&going.link("Go on to idp.example"))
}

/// The provider's page sends its answer: from another site, so without the cookies of the browser.
pub fn posts(world: &World, to: &str, fields: &[(&str, &str)]) -> Page {
    let (visitor, url) = (world.visitor(), Url::parse(to).expect("an address"));
    let request = visitor.bare_request(Method::POST, to);
    let request = request.header("sec-fetch-site", "cross-site").header("origin", "https://idp.example");
    visitor.send(request.form(fields), url)
}

/// The answer of the provider, on its way; returns where the browser is sent.
pub fn sends(world: &World, asked: &Asked, answer: &Draft) -> String {
    let fields = [("SAMLResponse", answer.sent()), ("RelayState", asked.relay_state.clone())];
    let page = posts(world, &asked.acs, &[(fields[0].0, &fields[0].1), (fields[1].0, &fields[1].1)]);
    assert!(page.headers.get("set-cookie").is_none(), "the cookie of the browser stays as it is");
    page.leads_to().unwrap_or_else(|| panic!("{}", page.text())).to_string()
}

/// Goes to the provider, where they are this somebody, and back.
pub fn comes(world: &World, person: &Person, who: &Draft) -> Page {
    let asked = asks(person, "anybody@example.com");
    let answer = asked.answer(who, world.db().now());
    person.opens(&sends(world, &asked, &answer))
}
