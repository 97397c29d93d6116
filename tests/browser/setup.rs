//! From the setup link to one's own settings, out and in again.

use crate::support::browser::{Browser, Script, Theme, Window};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::{Database, World};

#[test]
fn setting_up_and_signing_in_again_with_script() {
    journey(Database::Sqlite, Window::Desktop, Script::On);
}

#[test]
fn setting_up_and_signing_in_again_without_script() {
    journey(Database::Postgres, Window::Desktop, Script::Off);
}

#[test]
fn setting_up_and_signing_in_again_on_a_phone() {
    journey(Database::Sqlite, Window::Phone, Script::On);
}

fn journey(database: Database, window: Window, script: Script) {
    let world = World::on(database);
    let ada = world.browser_as(window, script, Theme::Light);
    ada.visit(&world.setup_link());
    ada.heading("Set up your organization").is_there();
    ada.keeps_nobody_out();

    ada.field("Organization name").fill("Analytical Engines");
    ada.field("Your name").fill("Ada Lovelace");
    ada.field("Email").fill("ada at example");
    ada.field("Password").fill("short");
    ada.button("Create organization").press();
    ada.sees("15 characters");
    ada.keeps_nobody_out();
    assert_eq!(ada.field("Your name").value(), "Ada Lovelace");
    ada.field("Email").fill(ADMINISTRATOR);
    ada.field("Password").fill(PASSWORD);
    ada.button("Create organization").press().arrives_at("/organization/users");

    ada.visit("/account/settings").heading("Settings").is_there();
    ada.sees("Analytical Engines");
    ada.keeps_nobody_out();
    signs_out(&ada);
    signs_in(&ada);
    assert_eq!(ada.complaints(), [""; 0]);
}

#[test]
fn setting_up_by_keyboard_alone() {
    let world = World::on(Database::Sqlite);
    let ada = world.browser();
    ada.visit(&world.setup_link());
    ada.tabs_to("Organization name").types("Analytical Engines");
    ada.tabs_to("Your name").types("Ada Lovelace");
    ada.tabs_to("Email").types(ADMINISTRATOR);
    ada.tabs_to("Password").types(PASSWORD);
    ada.tabs_to("Create organization").types(thirtyfour::Key::Enter);
    ada.arrives_at("/organization/users");
}

fn signs_out(person: &Browser) {
    person.button("Account menu").press();
    person.button("Sign out").press().arrives_at("/sign-in");
    person.visit("/account/settings").arrives_at("/sign-in");
    person.keeps_nobody_out();
}

fn signs_in(person: &Browser) {
    person.field("Email").fill(ADMINISTRATOR);
    person.field("Password").fill(PASSWORD);
    person.button("Sign in").press().arrives_at("/account/settings");
}
