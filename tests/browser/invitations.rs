//! Every page of invitations as people see it: with and without script, on a screen and on a phone.

use chrono::Duration;

use crate::support::browser::{Browser, Script, Theme, Window};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::{Database, World};

#[test]
fn many_are_invited_in_the_dialog() {
    many_are_invited(Window::Desktop, Script::On);
}

#[test]
fn many_are_invited_without_script() {
    many_are_invited(Window::Desktop, Script::Off);
}

#[test]
fn many_are_invited_on_a_phone() {
    many_are_invited(Window::Phone, Script::On);
}

fn many_are_invited(window: Window, script: Script) {
    let (world, ada) = at_work(window, script);
    ada.link("Invite User").press();
    ada.heading("Invite User").is_there();
    looks_well(&ada, window, "invite");
    ada.field("Email").fill("nonsense");
    ada.button("Send invitation").press();
    ada.sees("is not an e-mail address");
    looks_well(&ada, window, "invite-wrong");
    ada.field("Email").fill(
        "Grace Hopper <grace@example.com>, alan@example.com, ALAN@example.com, nobody, ada@example.com",
    );
    ada.field("write").check();
    ada.field("Message").fill("Come aboard.");
    ada.button("Preview").press();
    ada.heading("Invite 2 people").is_there();
    looks_well(&ada, window, "preview");
    ada.button("Back").press();
    ada.button("Preview").press();
    ada.button("Send invitations").press().arrives_at("/organization/users");
    ada.sees("2 invitations sent.");
    ada.row("alan@example.com").sees("Invited");

    ada.row("alan@example.com").link("Copy link").press();
    ada.heading("Invitation link").is_there();
    looks_well(&ada, window, "link");
    ada.visit("/organization/users").row("alan@example.com").button("Revoke").press();
    ada.sees("The invitation to alan@example.com is revoked.");
    looks_well(&ada, window, "revoked");
    ada.button("Undo").press();
    ada.sees("is invited again");
    ada.row("alan@example.com").sees("Invited");
    assert_eq!(ada.complaints(), [""; 0]);
    drop(world);
}

#[test]
fn an_invited_person_sees_every_page_on_a_screen() {
    an_invited_person_sees_every_page(Window::Desktop);
}

#[test]
fn an_invited_person_sees_every_page_on_a_phone() {
    an_invited_person_sees_every_page(Window::Phone);
}

fn an_invited_person_sees_every_page(window: Window) {
    let (world, ada) = at_work(window, Script::On);
    ada.visit("/organization/users/invite");
    ada.field("Email").fill("grace@example.com");
    ada.field("write").check();
    ada.field("metrics").check();
    ada.field("Message").fill("Come aboard.\nWe sail at dawn, so bring a coat.");
    ada.button("Send invitation").press().arrives_at("/organization/users");
    let link = world.invitation_link("grace@example.com");
    ada.visit(&link).heading("You are signed in as somebody else").is_there();
    looks_well(&ada, window, "switch");

    let grace = world.browser_as(window, Script::On, Theme::Light);
    grace.visit(&link).heading("Join Analytical Engines").is_there();
    looks_well(&grace, window, "accept");
    grace.field("Password").fill("short");
    grace.button("Accept invitation").press();
    grace.sees("Enter your name.");
    looks_well(&grace, window, "accept-wrong");
    world.later(Duration::days(8));
    grace.visit(&link).heading("This invitation has expired").is_there();
    looks_well(&grace, window, "expired");
    grace.button("Ask for a fresh link").press();
    grace.heading("We have passed it on").is_there();
    looks_well(&grace, window, "asked");
    grace.visit("/sign-in").link("Have an invitation? Send it again").press();
    looks_well(&grace, window, "send-again");
    grace.field("Email").fill("grace@example.com");
    grace.button("Send it again").press();
    grace.heading("Look in your mailbox").is_there();
    looks_well(&grace, window, "sent-again");
    assert_eq!(grace.complaints(), [""; 0]);

    ada.visit("/sign-in");
    ada.field("Email").fill(ADMINISTRATOR);
    ada.field("Password").fill(PASSWORD);
    ada.button("Sign in").press().arrives_at("/organization/users");
    ada.row("grace@example.com").link("Copy link").press();
    ada.sees("opens nothing");
    looks_well(&ada, window, "link-expired");
}

/// Somebody who administers an organization, on the users page.
fn at_work(window: Window, script: Script) -> (World, Browser) {
    let world = World::on(Database::Sqlite);
    let ada = world.browser_as(window, script, Theme::Light);
    ada.visit(&world.setup_link());
    ada.field("Organization name").fill("Analytical Engines");
    ada.field("Your name").fill("Ada Lovelace");
    ada.field("Email").fill(ADMINISTRATOR);
    ada.field("Password").fill(PASSWORD);
    ada.button("Create organization").press().arrives_at("/organization/users");
    (world, ada)
}

fn looks_well(browser: &Browser, window: Window, name: &str) {
    browser.looks_well(&format!("inv-{name}-{}", window.word()));
}
