//! Passwords as people see them: changed, forgotten, required anew; with and without script, on a screen and a phone.

use crate::support::browser::{Browser, Script, Theme, Window};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::{Database, World};

/// Long enough, and of so few characters that the page says so; it is taken all the same.
const NEW_PASSWORD: &str = "lasso salsa also salsa";

#[test]
fn a_password_is_changed_forgotten_and_set_anew() {
    journey(Window::Desktop, Script::On);
}

#[test]
fn a_password_is_changed_forgotten_and_set_anew_without_script() {
    journey(Window::Desktop, Script::Off);
}

#[test]
fn a_password_is_changed_forgotten_and_set_anew_on_a_phone() {
    journey(Window::Phone, Script::On);
}

fn journey(window: Window, script: Script) {
    let world = World::on(Database::Sqlite);
    let admin = world.administrator();
    world.member(&admin, "bob@example.com", "Bob Babbage", &["read"]);
    let bob = world.browser_as(window, script, Theme::Light);
    signs_in(&bob, "bob@example.com", PASSWORD);
    bob.visit("/account/settings");
    bob.field("Current password").fill("nine loud mountains");
    bob.field("New password").fill("too short");
    if script == Script::On {
        bob.sees("6 more to go.");
    }
    looks_well(&bob, window, "typed");
    bob.button("Save password").press();
    bob.sees("this one needs 6 more");
    looks_well(&bob, window, "refused");
    bob.field("Current password").fill("nine loud mountains");
    bob.field("New password").fill(NEW_PASSWORD);
    bob.button("Save password").press();
    bob.sees("This is not your current password.");
    bob.field("Current password").fill(PASSWORD);
    bob.field("New password").fill(NEW_PASSWORD);
    if script == Script::On {
        bob.sees("Long enough, but of few different characters.");
    }
    bob.button("Save password").press();
    bob.sees("Your other sessions have ended");
    looks_well(&bob, window, "saved");
    assert_eq!(bob.complaints(), [""; 0]);

    let guest = world.browser_as(window, script, Theme::Light);
    guest.visit("/sign-in").link("Forgot your password?").press();
    guest.heading("Forgot your password?").is_there();
    looks_well(&guest, window, "forgotten");
    guest.field("Email").fill("bob@example.com");
    guest.button("Send the link").press();
    guest.heading("Look in your mailbox").is_there();
    looks_well(&guest, window, "asked");
    let letter = world.mailbox.wait_for("bob@example.com", |it| it.subject.contains("Set a new password"));
    let link = letter.link("/password/reset/");
    guest.visit(&link).heading("Set a new password").is_there();
    looks_well(&guest, window, "reset");
    guest.field("New password").fill(PASSWORD);
    guest.button("Save password").press();
    guest.sees("Your new password is saved");
    looks_well(&guest, window, "sign-in");
    guest.visit(&link).heading("This link was used").is_there();
    looks_well(&guest, window, "used");
    assert_eq!(guest.complaints(), [""; 0]);

    signs_in(&guest, ADMINISTRATOR, PASSWORD);
    guest.arrives_at("/organization/users");
    guest.row("bob@example.com").link("Bob Babbage").press();
    guest.link("Require new password").press();
    guest.sees("The password works no more");
    looks_well(&guest, window, "require");
    guest.button("Require new password").press();
    guest.sees("A letter with a link to set a new one");
    looks_well(&guest, window, "required");
    assert_eq!(guest.complaints(), [""; 0]);
}

fn signs_in(browser: &Browser, email: &str, password: &str) {
    browser.visit("/sign-in");
    browser.field("Email").fill(email);
    browser.field("Password").fill(password);
    browser.button("Sign in").press();
    browser.button("Sign in").is_gone();
}

fn looks_well(browser: &Browser, window: Window, name: &str) {
    browser.looks_well(&format!("password-{name}-{}", window.word()));
}
