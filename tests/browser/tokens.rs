//! An access token made, shown once, used up; with and without script, and on a phone.

use crate::support::browser::{Browser, Script, Theme, Window};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::{Database, World};

#[test]
fn a_token_is_made_and_revoked_in_dialogs() {
    makes_and_revokes(Script::On, Window::Desktop);
}

#[test]
fn a_token_is_made_and_revoked_without_script() {
    makes_and_revokes(Script::Off, Window::Desktop);
}

#[test]
fn a_token_is_made_and_revoked_on_a_phone() {
    makes_and_revokes(Script::On, Window::Phone);
}

const TOKENS: &str = "/tokens";

fn makes_and_revokes(script: Script, window: Window) {
    let world = World::on(Database::Sqlite);
    let admin = world.administrator();
    world.member(&admin, "bob@example.com", "Bob Babbage", &["write"]);

    let bob = world.browser_as(window, script, Theme::Light);
    signs_in(&bob, "bob@example.com", "/account/settings");
    bob.visit(TOKENS).sees("No token yet");
    looks_well(&bob, window, "nothing-yet");
    let secret = makes(&bob, window);
    assert!(secret.starts_with("rst_"), "{secret}");
    bob.link("Done").press().arrives_at(TOKENS);
    bob.row("Backups of the cluster").sees("Only CKS Admin");
    bob.row("Backups of the cluster").sees("Expires in 8 hours");
    assert!(!source(&bob).contains(&secret), "the secret is shown once");
    looks_well(&bob, window, "one");

    bob.link("What it can ask for").press().arrives_at("/api/docs");
    bob.heading("API").is_there();
    looks_well(&bob, window, "api");

    let ada = world.browser_as(window, script, Theme::Light);
    signs_in(&ada, ADMINISTRATOR, "/organization/users");
    ada.visit(TOKENS).link("Everyone").press();
    ada.row("Backups of the cluster").sees("Bob Babbage");
    looks_well(&ada, window, "everyone");
    assert_eq!(ada.complaints(), [""; 0]);

    bob.visit(TOKENS);
    bob.row("Backups of the cluster").link("Revoke Backups of the cluster").press();
    bob.heading("Revoke Backups of the cluster").is_there();
    looks_well(&bob, window, "revoke");
    bob.button("Revoke token").press().arrives_at(TOKENS);
    bob.sees("The token Backups of the cluster is revoked.");
    bob.sees("No token yet");
    assert_eq!(bob.complaints(), [""; 0]);
}

/// Makes a token from the list, wrongly first; returns its secret.
fn makes(bob: &Browser, window: Window) -> String {
    bob.visit("/tokens/new").button("Create token").press();
    bob.sees("Enter a name");
    looks_well(bob, window, "wrong");
    bob.visit(TOKENS).link("Create Token").press();
    bob.heading("Create API token").is_there();
    bob.field("Token name").fill("Backups of the cluster");
    bob.field("Expiration").choose("8 hours");
    bob.field("Comment").fill("Runs each night from the build host.");
    bob.field("CKS Admin").check();
    looks_well(bob, window, "new");
    bob.button("Create token").press();
    bob.heading("Token created").is_there();
    looks_well(bob, window, "created");
    bob.field("Secret").value()
}

fn source(browser: &Browser) -> String {
    crate::support::person::wait(browser.driver.source()).expect("the page's source")
}

fn signs_in(browser: &Browser, email: &str, to: &str) {
    browser.visit("/sign-in");
    browser.field("Email").fill(email);
    browser.field("Password").fill(PASSWORD);
    browser.button("Sign in").press().arrives_at(to);
}

fn looks_well(browser: &Browser, window: Window, name: &str) {
    browser.looks_well(&format!("token-{name}-{}", window.word()));
}
