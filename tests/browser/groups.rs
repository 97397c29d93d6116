//! Groups and roles in a browser: making a group, adding people, and asking who may do what.

use crate::support::browser::{Script, Theme, Window};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::{Database, World};

#[test]
fn from_a_group_to_an_explanation_with_script() {
    journey(Database::Sqlite, Window::Desktop, Script::On);
}

#[test]
fn from_a_group_to_an_explanation_without_script() {
    journey(Database::Postgres, Window::Desktop, Script::Off);
}

fn journey(database: Database, window: Window, script: Script) {
    let world = World::on(database);
    let admin = world.administrator();
    world.member(&admin, "bob@example.com", "Bob Babbage", &[]);
    admin.invites("dora@example.com", &[]);
    let ada = world.browser_as(window, script, Theme::Light);
    ada.visit("/sign-in");
    ada.field("Email").fill(ADMINISTRATOR);
    ada.field("Password").fill(PASSWORD);
    ada.button("Sign in").press().arrives_at("/organization/users");

    ada.visit("/organization/groups").link("New group").press();
    ada.field("Name").fill("admin");
    ada.button("Create group").press();
    ada.sees("There is a group “admin” already");
    ada.keeps_nobody_out();
    ada.field("Name").fill("Night shift");
    ada.button("Create group").press();
    ada.heading("Night shift").is_there();
    ada.keeps_nobody_out();

    ada.link("Add members").press();
    ada.field("Bob Babbage").check();
    ada.field("Addresses").fill("dora@example.com");
    ada.keeps_nobody_out();
    ada.button("Add members").press();
    ada.row("dora@example.com").sees("Invited");
    ada.row("Bob Babbage").button("Remove Bob Babbage").press();
    ada.sees("Removed Bob Babbage from Night shift.");
    ada.keeps_nobody_out();

    ada.visit("/organization/iam/roles");
    ada.field("Person").fill("bob@example.com");
    ada.field("Action").fill("observability.metrics.read");
    ada.button("Explain").press();
    ada.sees("Add Bob Babbage to the group metrics");
    ada.keeps_nobody_out();
    ada.link("Add to the group").press();
    ada.button("Add members").press();
    ada.row("Bob Babbage").sees("Active");
    ada.visit("/organization/iam/roles?person=bob@example.com&action=observability.metrics.read");
    ada.sees("Yes.");

    ada.visit("/organization/groups").link("Night shift").press();
    ada.link("Delete").press();
    ada.sees("No access policy names it");
    ada.keeps_nobody_out();
    ada.button("Delete Night shift").press().arrives_at("/organization/groups");
    ada.sees("The group Night shift is deleted.");
    assert_eq!(ada.complaints(), [""; 0]);
}
