//! What an administrator settles for everyone: name, second factor, session limits, domains, invitation life.

use crate::support::browser::{Browser, Script, Theme, Window};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::{Database, World};

const SETTINGS: &str = "/organization/settings";

#[test]
fn the_settings_of_the_organization_are_changed() {
    settles(Database::Sqlite, Script::On, Window::Desktop);
}

#[test]
fn the_settings_of_the_organization_are_changed_without_script() {
    settles(Database::Postgres, Script::Off, Window::Desktop);
}

#[test]
fn the_settings_of_the_organization_are_changed_on_a_phone() {
    settles(Database::Sqlite, Script::On, Window::Phone);
}

fn settles(database: Database, script: Script, window: Window) {
    let world = World::on(database);
    let admin = world.administrator();
    world.member(&admin, "bob@example.com", "Bob Babbage", &[]);
    admin.invites("dora@elsewhere.example", &[]);
    let ada = world.browser_as(window, script, Theme::Light);
    ada.visit("/sign-in").field("Email").fill(ADMINISTRATOR);
    ada.field("Password").fill(PASSWORD);
    ada.button("Sign in").press().arrives_at("/organization/users");
    let look = |name: &str| looks_well(&ada, window, name);

    ada.visit(SETTINGS).field("Name").fill(" ");
    ada.button("Save name").press();
    ada.sees("Enter the name of the organization.");
    look("name-wrong");
    ada.field("Name").fill("Difference Engines");
    ada.button("Save name").press();
    ada.sees("Saved. Name: Difference Engines.");
    ada.sees("What holds for everyone in Difference Engines");

    ada.field("Require a second factor").check();
    ada.field("Grace period in days").fill("many");
    ada.button("Review second factor").press();
    ada.sees("Enter a whole number");
    assert!(ada.field("Require a second factor").is_checked(), "nothing that was typed is lost");
    ada.field("Grace period in days").fill("14");
    ada.button("Review second factor").press();
    ada.sees("2 people have no second factor yet:");
    ada.sees("Bob Babbage");
    ada.sees("You are one of them.");
    look("second-factor");
    ada.link("Cancel").press().arrives_at(SETTINGS);
    ada.button("Review second factor").is_there();
    assert!(!ada.field("Require a second factor").is_checked(), "nothing was saved");
    ada.field("Require a second factor").check();
    ada.field("Grace period in days").fill("14");
    ada.button("Review second factor").press();
    ada.button("Save second factor").press();
    ada.sees("Saved. Second factor: Required from 7 Dec 2026");

    ada.visit(SETTINGS).field("End a session without use after").choose("1 hour");
    ada.field("End a session in any case after").choose("1 day");
    ada.button("Review session limits").press();
    ada.sees("No session ends now.");
    look("sessions");
    ada.button("Save session limits").press();
    ada.sees("End after 1 hour");

    ada.visit(SETTINGS).field("Domains").fill("a_b.example");
    ada.button("Review domains").press();
    ada.sees("“a_b.example” is not a domain.");
    ada.field("Domains").fill("example.com");
    ada.button("Review domains").press();
    ada.sees("1 pending invitation is for another domain:");
    ada.sees("dora@elsewhere.example");
    look("domains");
    ada.button("Save domains").press();
    ada.sees("Saved. Domains: example.com.");

    ada.visit(SETTINGS).field("Days an invitation stays open").fill("0");
    ada.button("Save invitation life").press();
    ada.sees("Enter a whole number");
    ada.field("Days an invitation stays open").fill("14");
    ada.button("Save invitation life").press();
    ada.sees("Open for 14 days");
    look("saved");
    assert_eq!(ada.complaints(), [""; 0]);
}

fn looks_well(browser: &Browser, window: Window, name: &str) {
    browser.looks_well(&format!("org-{name}-{}", window.word()));
}
