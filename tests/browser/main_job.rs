//! The main job as people do it: from the setup link to a deactivated account.

use thirtyfour::Key;

use crate::support::browser::{Browser, Script, Theme, Window};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::{Database, World};

#[test]
fn from_setup_to_deactivation_with_script() {
    journey(Database::Sqlite, Window::Desktop, Script::On);
}

#[test]
fn from_setup_to_deactivation_without_script() {
    journey(Database::Postgres, Window::Desktop, Script::Off);
}

#[test]
fn from_setup_to_deactivation_on_a_phone() {
    journey(Database::Sqlite, Window::Phone, Script::On);
}

fn journey(database: Database, window: Window, script: Script) {
    let world = World::on(database);
    let ada = world.browser_as(window, script, Theme::Light);
    sets_up(&world, &ada);

    ada.link("Invite User").press();
    ada.field("Email").fill("bob@example.com");
    ada.field("read").check();
    ada.button("Send invitation").press();
    ada.row("bob@example.com").sees("Invited");

    let bob = world.browser_as(window, script, Theme::Dark);
    bob.visit(&world.invitation_link("bob@example.com"));
    bob.sees("Analytical Engines");
    bob.keeps_nobody_out();
    bob.field("Your name").fill("Bob Babbage");
    bob.field("Password").fill(PASSWORD);
    bob.button("Accept invitation").press().arrives_at("/organization/users");
    bob.keeps_nobody_out();

    ada.visit("/organization/users").row("bob@example.com").sees("Active");
    ada.keeps_nobody_out();
    ada.row("bob@example.com").link("Deactivate").press();
    ada.button("Deactivate Bob Babbage").press();
    ada.row("bob@example.com").sees("Deactivated");

    bob.visit("/account/settings").arrives_at("/sign-in");
    bob.field("Email").fill("bob@example.com");
    bob.field("Password").fill(PASSWORD);
    bob.button("Sign in").press();
    bob.heading("Your account is deactivated").is_there();
    bob.keeps_nobody_out();

    ada.row("bob@example.com").button("Reactivate").press();
    ada.row("bob@example.com").sees("Active");
    bob.visit("/sign-in").field("Email").fill("bob@example.com");
    bob.field("Password").fill(PASSWORD);
    bob.button("Sign in").press().arrives_at("/organization/users");
    assert_eq!(ada.complaints(), [""; 0]);
    assert_eq!(bob.complaints(), [""; 0]);
}

#[test]
fn from_setup_to_deactivation_by_keyboard_alone() {
    let world = World::on(Database::Sqlite);
    let ada = world.browser();
    ada.visit(&world.setup_link());
    ada.tabs_to("Organization name").types("Analytical Engines");
    ada.tabs_to("Your name").types("Ada Lovelace");
    ada.tabs_to("Email").types(ADMINISTRATOR);
    ada.tabs_to("Password").types(PASSWORD);
    ada.tabs_to("Create organization").types(Key::Enter).arrives_at("/organization/users");

    ada.types("i").dialog().is_there();
    ada.tabs_to("Email").types("bob@example.com");
    ada.tabs_to("Send invitation").types(Key::Enter);
    ada.row("bob@example.com").sees("Invited");
    world.accepts(&world.invitation_link("bob@example.com"), "Bob Babbage", PASSWORD);

    ada.visit("/organization/users");
    ada.tabs_to("Deactivate").types(Key::Enter).dialog().is_there();
    ada.tabs_to("Deactivate Bob Babbage").types(Key::Enter);
    ada.row("bob@example.com").sees("Deactivated");
    ada.tabs_to("Reactivate").types(Key::Enter);
    ada.row("bob@example.com").sees("Active");
}

fn sets_up(world: &World, ada: &Browser) {
    ada.visit(&world.setup_link());
    ada.keeps_nobody_out();
    ada.field("Organization name").fill("Analytical Engines");
    ada.field("Your name").fill("Ada Lovelace");
    ada.field("Email").fill(ADMINISTRATOR);
    ada.field("Password").fill(PASSWORD);
    ada.button("Create organization").press().arrives_at("/organization/users");
    ada.row(ADMINISTRATOR).sees("Active");
}
