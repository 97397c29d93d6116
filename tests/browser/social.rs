//! Accounts elsewhere in a real browser: the provider is another site, and the browser is led there and back.

use crate::support::browser::{Browser, Script, Theme, Window};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::providers::{Lie, Providers};
use crate::support::world::{Database, World};

fn world_with(providers: &Providers) -> World {
    let settings = providers.settings();
    let settings: Vec<_> = settings.iter().map(|(key, value)| (*key, value.as_str())).collect();
    let world = World::with(Database::Sqlite, &settings);
    providers.keep_time_with(&world.clock);
    world
}

#[test]
fn somebody_joins_with_google_with_script_and_github_is_linked() {
    joins_and_links(Window::Desktop, Script::On, "wide");
}

#[test]
fn somebody_joins_with_google_on_a_phone() {
    joins_and_links(Window::Phone, Script::On, "phone");
}

#[test]
fn somebody_joins_with_google_without_script() {
    joins_and_links(Window::Desktop, Script::Off, "plain");
}

fn joins_and_links(window: Window, script: Script, kind: &str) {
    let providers = Providers::open();
    let world = world_with(&providers);
    let ada = world.administrator();
    let see = |browser: &Browser, name: &str| browser.looks_well(&format!("social-{name}-{kind}"));
    let bob = world.browser_as(window, script, Theme::Light);
    bob.visit("/sign-in");
    see(&bob, "sign-in");
    providers.knows("2002", "bob@example.com", "Bob Babbage");
    bob.button("Continue with Google").press().arrives_at("/invitations/join");
    bob.heading("You need an invitation").is_there();
    see(&bob, "stranger");

    ada.invites("bob@example.com", &["read"]);
    let link = world.invitation_link("bob@example.com");
    providers.knows("6666", "eve@elsewhere.example", "Eve");
    let eve = world.browser_as(window, script, Theme::Light);
    eve.visit(&link);
    see(&eve, "invitation");
    eve.button("Continue with GitHub").press();
    eve.text("This invitation is for").is_there();
    see(&eve, "other-address");

    bob.visit(&link);
    bob.heading("Join Analytical Engines").is_there();
    see(&bob, "join");
    bob.button("Join Analytical Engines").press().arrives_at("/organization/users");

    bob.visit("/account/settings");
    providers.knows("2002", "bob@example.com", "Bob Babbage");
    bob.button("Link GitHub").press().arrives_at("/account/settings");
    bob.text("Your GitHub account can sign in from now on.").is_there();
    see(&bob, "settings");
    bob.link("Unlink Google").press();
    bob.heading("Unlink Google").is_there();
    see(&bob, "unlink");
    bob.button("Unlink Google").press().arrives_at("/account/settings");
    bob.text("Google is unlinked.").is_there();

    let again = world.browser_as(window, script, Theme::Dark);
    again.visit("/sign-in");
    again.button("Continue with GitHub").press().arrives_at("/organization/users");
    for browser in [&bob, &eve, &again] {
        assert_eq!(browser.complaints(), [""; 0]);
    }
}

#[test]
fn a_provider_that_fails_is_a_page_with_a_way_back() {
    let providers = Providers::open();
    let world = world_with(&providers);
    world.administrator();
    let ada = world.browser_as(Window::Desktop, Script::On, Theme::Light);
    providers.lies(Lie::NoCode);
    ada.visit("/sign-in").button("Continue with Google").press();
    ada.heading("Google was not used").is_there();
    ada.looks_well("social-declined");
    ada.link("Back to sign in").press().arrives_at("/sign-in");
    ada.field("Email").fill(ADMINISTRATOR);
    ada.field("Password").fill(PASSWORD);
    ada.button("Sign in").press().arrives_at("/organization/users");
    assert_eq!(ada.complaints(), [""; 0]);
}
