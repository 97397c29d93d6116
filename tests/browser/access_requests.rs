//! A role asked for, approved, given back; with and without script.

use crate::support::browser::{Browser, Script, Theme, Window};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::{Database, World};

#[test]
fn a_role_is_asked_for_and_approved_in_dialogs() {
    asks_and_approves(Script::On, Window::Desktop);
}

#[test]
fn a_role_is_asked_for_and_approved_without_script() {
    asks_and_approves(Script::Off, Window::Desktop);
}

#[test]
fn a_role_is_asked_for_and_approved_on_a_phone() {
    asks_and_approves(Script::On, Window::Phone);
}

const REQUESTS: &str = "/organization/iam/access-requests";

fn asks_and_approves(script: Script, window: Window) {
    let world = World::on(Database::Sqlite);
    let admin = world.administrator();
    world.member(&admin, "bob@example.com", "Bob Babbage", &[]);
    world.member(&admin, "carol@example.com", "Carol Herschel", &["read"]);

    let bob = world.browser_as(window, script, Theme::Light);
    signs_in(&bob, "bob@example.com", "/account/settings");
    bob.visit(REQUESTS).sees("You have not asked for anything");
    looks_well(&bob, window, "nothing-yet");
    bob.visit(&format!("{REQUESTS}/new"));
    bob.button("Send request").press();
    bob.sees("Say what you need it for.");
    looks_well(&bob, window, "ask-wrong");
    bob.visit(REQUESTS).link("Request access").press();
    bob.heading("Request access").is_there();
    bob.field("Role").choose("IAM Viewer");
    bob.field("For how long").choose("30 minutes");
    bob.field("Reason").fill("Somebody calls and cannot sign in; I want to see what they are in.");
    looks_well(&bob, window, "ask");
    bob.button("Send request").press().arrives_at(REQUESTS);
    bob.sees("Asked for IAM Viewer.");
    looks_well(&bob, window, "mine");

    let carol = world.visitor();
    carol.signs_in("carol@example.com", PASSWORD);
    let fields = [("role", "iam_admin"), ("minutes", "480"), ("reason", "The administrator is on holiday.")];
    carol.post(&format!("{REQUESTS}/new"), &fields);

    let ada = world.browser_as(window, script, Theme::Light);
    signs_in(&ada, ADMINISTRATOR, "/organization/users");
    ada.visit(REQUESTS);
    looks_well(&ada, window, "waiting");
    ada.row("Bob Babbage").link("Approve IAM Viewer for Bob Babbage").press();
    ada.heading("Approve IAM Viewer for Bob Babbage").is_there();
    ada.field("Note").fill("Look only.");
    looks_well(&ada, window, "approve");
    ada.button("Approve").press().arrives_at(REQUESTS);
    ada.sees("IAM Viewer is approved for 30 minutes.");
    ada.row("Carol Herschel").link("Deny IAM Admin for Carol Herschel").press();
    ada.heading("Deny IAM Admin for Carol Herschel").is_there();
    looks_well(&ada, window, "deny");
    ada.button("Deny").press().arrives_at(REQUESTS);
    ada.sees("Nothing waits");
    ada.link("History").press();
    ada.row("Bob Babbage").sees("Look only.");
    looks_well(&ada, window, "history");

    bob.visit(&format!("{REQUESTS}?show=mine"));
    bob.row("IAM Viewer").button("Give back IAM Viewer for 30 minutes").press();
    bob.sees("You hold IAM Viewer no longer.");
    bob.row("IAM Viewer").sees("given back");
    looks_well(&bob, window, "given-back");
    for browser in [&ada, &bob] {
        assert_eq!(browser.complaints(), [""; 0]);
    }
}

fn signs_in(browser: &Browser, email: &str, to: &str) {
    browser.visit("/sign-in");
    browser.field("Email").fill(email);
    browser.field("Password").fill(PASSWORD);
    browser.button("Sign in").press().arrives_at(to);
}

fn looks_well(browser: &Browser, window: Window, name: &str) {
    browser.looks_well(&format!("req-{name}-{}", window.word()));
}
