//! SAML in a real browser: set up from metadata, tried, and used by somebody new. The provider is on another site, so what
//! is sent with the cookie and what is not is what it will be.

use crate::support::browser::{Browser, Script, Theme, Window};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::saml::idp::{Idp, somebody};
use crate::support::saml::{CURVE, Draft, Key, NEXT, PROVIDER, provider};
use crate::support::world::{Database, World};

#[test]
fn an_administrator_deploys_saml_tries_it_and_somebody_new_comes_by_it() {
    deploys_and_comes(Window::Desktop, Script::On, "wide");
}

#[test]
fn an_administrator_deploys_saml_on_a_phone() {
    deploys_and_comes(Window::Phone, Script::On, "phone");
}

#[test]
fn an_administrator_deploys_saml_without_script() {
    deploys_and_comes(Window::Desktop, Script::Off, "plain");
}

fn deploys_and_comes(window: Window, script: Script, kind: &str) {
    let idp = Idp::open();
    let world = World::with(Database::Sqlite, &[("allow_private_targets", "true")]);
    idp.keep_time_with(&world.clock);
    world.administrator();
    let see = |browser: &Browser, name: &str| browser.looks_well(&format!("saml-{name}-{kind}"));
    // Without script the page of the provider waits for a press.
    let at_provider = |browser: &Browser| {
        if script == Script::Off {
            browser.heading("Identity provider").is_there();
            browser.button("Go on").press();
        }
    };
    let ada = world.browser_as(window, script, Theme::Light);
    ada.visit("/sign-in");
    ada.field("Email").fill(ADMINISTRATOR);
    ada.field("Password").fill(PASSWORD);
    ada.button("Sign in").press().arrives_at("/organization/users");
    ada.visit("/organization/iam/sso");
    ada.link("Configure SAML").press().arrives_at("/organization/iam/sso/saml");
    see(&ada, "manual");
    ada.field("SSO URL").fill("login");
    ada.field("X.509 certificate").fill(CURVE);
    ada.button("Next").press();
    ada.text("Write the whole address").is_there();
    see(&ada, "wrong");
    ada.field("SSO URL").fill(&format!("{}/sso", idp.base));
    ada.field("Entity ID").fill(&provider().entity_id);
    ada.field("X.509 certificate").fill(PROVIDER);
    ada.field("Second certificate").fill(NEXT);
    ada.field("Domains").fill("example.com");
    ada.button("Next").press().arrives_at("/organization/iam/sso/deploy");
    see(&ada, "deploy-manual");
    ada.link("Back").press().arrives_at("/organization/iam/sso/saml");
    ada.link("Metadata URL").press();
    ada.field("Metadata URL").fill(&idp.metadata_url());
    see(&ada, "metadata");
    ada.button("Next").press().arrives_at("/organization/iam/sso/deploy");
    see(&ada, "deploy");
    ada.button("Deploy SSO").press().arrives_at("/organization/iam/sso");
    ada.text("Single sign-on is deployed.").is_there();
    see(&ada, "deployed");

    idp.knows(somebody("bob@example.com", ["Bob", "Babbage"]));
    ada.button("Try it").press();
    at_provider(&ada);
    ada.heading("Dry run").is_there();
    ada.text("Bob Babbage would get an account").is_there();
    see(&ada, "trial");
    idp.knows(Draft { key: Key::Stranger, ..somebody("bob@example.com", ["Bob", "Babbage"]) });
    ada.button("Try it again").press();
    at_provider(&ada);
    ada.text("The signature was not made with the configured certificate.").is_there();
    see(&ada, "trial-refused");

    let bob = world.browser_as(window, script, Theme::Light);
    comes(&bob);
    at_provider(&bob);
    bob.heading("The provider’s answer was refused").is_there();
    see(&bob, "refused");
    bob.link("Back to sign in").press().arrives_at("/sign-in");
    idp.knows(somebody("bob@example.com", ["Bob", "Babbage"]));
    comes(&bob);
    at_provider(&bob);
    bob.arrives_at("/account/settings");

    ada.visit("/organization/iam/sso");
    ada.button("Read again").press().arrives_at("/organization/iam/sso/deploy");
    ada.visit("/organization/iam/sso");
    ada.button("Disable SAML").press();
    ada.button("Enable SAML").is_there();
    see(&ada, "off");
    for browser in [&ada, &bob] {
        assert_eq!(browser.complaints(), [""; 0]);
    }
}

fn comes(browser: &Browser) {
    browser.visit("/sign-in/sso");
    browser.field("Email").fill("bob@example.com");
    browser.button("Continue").press();
}
