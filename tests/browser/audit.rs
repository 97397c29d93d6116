//! The audit as people read it: with and without script, on a screen and on a phone.

use crate::support::browser::{Browser, Script, Theme, Window};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::{Database, World};

#[test]
fn the_audit_is_searched_and_filtered() {
    the_audit_is_read(Window::Desktop, Script::On);
}

#[test]
fn the_audit_is_searched_and_filtered_without_script() {
    the_audit_is_read(Window::Desktop, Script::Off);
}

#[test]
fn the_audit_is_searched_and_filtered_on_a_phone() {
    the_audit_is_read(Window::Phone, Script::On);
}

fn the_audit_is_read(window: Window, script: Script) {
    let world = World::on(Database::Sqlite);
    let admin = world.administrator();
    world.member(&admin, "bob@example.com", "Bob Babbage", &["read"]);
    admin.invites("grace@example.com", &["write"]);
    admin.users().row("Bob Babbage").follow("Deactivate").form("Deactivate Bob Babbage").press();
    let page_of_bob = admin.users().row("Bob Babbage").link("Bob Babbage").path().to_owned();

    let ada = world.browser_as(window, script, Theme::Light);
    ada.visit("/sign-in");
    ada.field("Email").fill(ADMINISTRATOR);
    ada.field("Password").fill(PASSWORD);
    ada.button("Sign in").press().arrives_at("/organization/users");
    ada.visit("/organization/audit").heading("Audit").is_there();
    ada.sees("Ada Lovelace deactivated Bob Babbage");
    ada.sees("Status: active → deactivated");
    looks_well(&ada, window, "list");

    match script {
        Script::On => ada.field("Search names, addresses, changes").fill("grace"),
        Script::Off => ada.visit("/organization/audit?q=grace"),
    };
    ada.sees("Ada Lovelace invited grace@example.com");
    ada.visit("/organization/audit?actor=Bob+Babbage&from=2026-11-01").sees("By Bob Babbage");
    ada.sees("Bob Babbage accepted their invitation");
    looks_well(&ada, window, "filtered");
    ada.visit("/organization/audit?q=nobody+at+all").sees("Nothing matches");
    looks_well(&ada, window, "nothing");

    ada.visit(&page_of_bob).sees("Activity");
    ada.link("All activity").press();
    ada.sees("About or by Bob Babbage");

    ada.visit("/organization/settings/audit-stream").field("Address").fill("https://hooks.invalid/roster");
    looks_well(&ada, window, "stream");
    ada.button("Set up stream").press();
    ada.sees("It is not shown again");
    looks_well(&ada, window, "stream-secret");
    ada.visit("/organization/settings/audit-stream").button("Turn off").press();
    ada.sees("The audit stream is off.");
    looks_well(&ada, window, "stream-off");
    assert_eq!(ada.complaints(), [""; 0]);
}

fn looks_well(browser: &Browser, window: Window, name: &str) {
    browser.looks_well(&format!("audit-{name}-{}", window.word()));
}
