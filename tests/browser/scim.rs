//! Provisioning set up by an administrator, used by a provider, looked at again; with and without script, and on a phone.

use crate::support::browser::{Browser, Script, Theme, Window};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::{Database, World};

#[test]
fn provisioning_is_set_up_in_dialogs() {
    is_set_up(Script::On, Window::Desktop);
}

#[test]
fn provisioning_is_set_up_without_script() {
    is_set_up(Script::Off, Window::Desktop);
}

#[test]
fn provisioning_is_set_up_on_a_phone() {
    is_set_up(Script::On, Window::Phone);
}

const PAGE: &str = "/organization/iam/scim";

fn is_set_up(script: Script, window: Window) {
    let world = World::on(Database::Sqlite);
    world.administrator();
    let ada = world.browser_as(window, script, Theme::Light);
    ada.visit("/sign-in");
    ada.field("Email").fill(ADMINISTRATOR);
    ada.field("Password").fill(PASSWORD);
    ada.button("Sign in").press().arrives_at("/organization/users");

    ada.visit(PAGE).sees("Nothing is answered there");
    looks_well(&ada, window, "off");
    ada.button("Enable SCIM API").press().arrives_at(PAGE);
    ada.sees("The SCIM API is on.");
    let address = ada.field("Base URL").value();
    ada.link("Create token").press();
    ada.heading("Create SCIM token").is_there();
    ada.button("Create token").press();
    ada.sees("Enter a name");
    ada.field("Token name").fill("Directory");
    looks_well(&ada, window, "new");
    ada.button("Create token").press();
    ada.heading("SCIM token created").is_there();
    let secret = ada.field("Secret").value();
    assert!(secret.starts_with("rst_scim_"), "{secret}");
    looks_well(&ada, window, "created");
    ada.link("Done").press().arrives_at(PAGE);

    let sends = |path: &str, body: &str| {
        let program = world.visitor();
        let path = format!("{}{path}", url::Url::parse(&address).expect("an address").path());
        let request = program.bare_request(reqwest::Method::POST, &path);
        let request = request.header("authorization", format!("Bearer {secret}"));
        let request = request.header("content-type", "application/scim+json").body(body.to_owned());
        program.send(request, world.base_url()).status.as_u16()
    };
    assert_eq!(sends("/Users", r#"{"userName":"bob@example.com","displayName":"Bob Babbage"}"#), 201);
    assert_eq!(sends("/Groups", r#"{"displayName":"write"}"#), 409);

    ada.visit(PAGE).sees("1 person and 0 groups");
    ada.sees("Refused 409");
    looks_well(&ada, window, "used");
    ada.link("Link write").press();
    ada.heading("Link write").is_there();
    looks_well(&ada, window, "link");
    ada.button("Link group").press().arrives_at(PAGE);
    ada.sees("The provider looks after write from its next push on.");
    ada.visit("/organization/users");
    ada.row("Bob Babbage").sees("Provisioned");
    looks_well(&ada, window, "users");

    ada.visit(PAGE).link("Revoke Directory").press();
    ada.heading("Revoke Directory").is_there();
    ada.button("Revoke token").press().arrives_at(PAGE);
    ada.sees("The token Directory is revoked.");
    ada.visit(PAGE).link("Disable").press();
    ada.heading("Disable the SCIM API").is_there();
    looks_well(&ada, window, "disable");
    ada.button("Disable SCIM API").press().arrives_at(PAGE);
    ada.sees("The SCIM API is off.");
    assert_eq!(ada.complaints(), [""; 0]);
}

fn looks_well(browser: &Browser, window: Window, name: &str) {
    browser.looks_well(&format!("scim-{name}-{}", window.word()));
}
