//! Looking after one's own account: profile, address, sessions; with and without script.

use crate::support::browser::{Browser, Script, Theme, Window};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::{Database, World};

#[test]
fn somebody_looks_after_their_account() {
    looks_after(Script::On, Window::Desktop);
}

#[test]
fn somebody_looks_after_their_account_without_script() {
    looks_after(Script::Off, Window::Desktop);
}

#[test]
fn somebody_looks_after_their_account_on_a_phone() {
    looks_after(Script::On, Window::Phone);
}

fn looks_after(script: Script, window: Window) {
    let world = World::on(Database::Sqlite);
    let admin = world.administrator();
    world.member(&admin, "bob@example.com", "Bob Babbage", &[]);
    let ada = world.browser_as(window, script, Theme::Light);
    signs_in(&ada);
    world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.subject.contains("new browser"));

    ada.visit("/account/settings");
    ada.field("Name").fill("");
    ada.button("Save profile").press();
    ada.sees("Enter your name.");
    looks_well(&ada, window, "profile-wrong");
    ada.field("Name").fill("Ada Byron");
    ada.field("Time zone").choose("Asia/Tokyo");
    ada.button("Save profile").press();
    ada.sees("Profile saved.");
    assert_eq!(ada.field("Name").value(), "Ada Byron");

    ada.field("New email").fill("bob@example.com");
    ada.button("Change email").press();
    ada.sees("Somebody else in Analytical Engines has that address.");
    ada.field("New email").fill("ada@new.example");
    ada.button("Change email").press();
    ada.sees("Waiting for ada@new.example to be confirmed");
    looks_well(&ada, window, "settings");

    if script == Script::On {
        // It stands where a button below it is brought to.
        ada.button("Dismiss").press();
    }
    ada.button("End all other sessions").press();
    ada.sees("You are signed in nowhere else.");
    assert!(!admin.is_signed_in());

    let letter = world.mailbox.wait_for("ada@new.example", |letter| letter.subject.contains("Confirm"));
    ada.visit(&letter.link("/account/email/confirm/")).heading("Confirm your new address").is_there();
    looks_well(&ada, window, "confirm");
    ada.button("Confirm address").press().arrives_at("/account/settings");
    ada.sees("The address is ada@new.example now.");
    ada.visit(&letter.link("/account/email/confirm/"));
    ada.heading("The address is confirmed already").is_there();
    looks_well(&ada, window, "confirmed-already");

    let letter = world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.text.contains("/account/email/undo/"));
    ada.visit(&letter.link("/account/email/undo/"));
    looks_well(&ada, window, "undo");
    ada.button("Take the change back").press();
    ada.heading("The old address is in force again").is_there();
    looks_well(&ada, window, "undone");
    assert_eq!(ada.complaints(), [""; 0]);
}

#[test]
fn an_administrator_ends_the_sessions_of_somebody_in_a_dialog() {
    ends_sessions(Script::On, Window::Desktop);
}

#[test]
fn an_administrator_ends_the_sessions_of_somebody_without_script() {
    ends_sessions(Script::Off, Window::Desktop);
}

fn ends_sessions(script: Script, window: Window) {
    let world = World::on(Database::Sqlite);
    let admin = world.administrator();
    let bob = world.member(&admin, "bob@example.com", "Bob Babbage", &["read"]);
    let page = admin.users().row("Bob Babbage").link("Bob Babbage").path().to_owned();
    let ada = world.browser_as(window, script, Theme::Light);
    signs_in(&ada);
    ada.visit(&page);
    looks_well(&ada, window, "person");
    ada.link("End sessions").press();
    ada.heading("End sessions of Bob Babbage").is_there();
    looks_well(&ada, window, "end-sessions");
    ada.button("End sessions of Bob Babbage").press().arrives_at(&page);
    ada.sees("The session of Bob Babbage has ended.");
    assert!(!bob.is_signed_in());
    assert_eq!(ada.complaints(), [""; 0]);
}

fn signs_in(browser: &Browser) {
    browser.visit("/sign-in");
    browser.field("Email").fill(ADMINISTRATOR);
    browser.field("Password").fill(PASSWORD);
    browser.button("Sign in").press().arrives_at("/organization/users");
}

fn looks_well(browser: &Browser, window: Window, name: &str) {
    browser.looks_well(&format!("acc-{name}-{}", window.word()));
}
