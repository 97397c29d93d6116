//! Every page there is, in both themes and two widths: nobody is kept out, and nothing complains.

use crate::support::browser::{Browser, Script, Theme, Window};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::{Database, World};
use chrono::Duration;

#[test]
fn every_page_keeps_nobody_out_on_a_screen() {
    every_page(Window::Desktop);
}

#[test]
fn every_page_keeps_nobody_out_on_a_phone() {
    every_page(Window::Phone);
}

fn every_page(window: Window) {
    let world = World::on(Database::Sqlite);
    let admin = world.administrator();
    world.member(&admin, "bob@example.com", "Bob Babbage", &["read", "write"]);
    world.member(&admin, "carol@example.com", "Carol Herschel", &[]);
    admin.invites("dora@example.com", &["metrics"]);
    let dora = world.invitation_link("dora@example.com");
    admin.users().row("Carol Herschel").follow("Deactivate").form("Deactivate Carol Herschel").press();
    let page_of_bob = admin.users().row("Bob Babbage").link("Bob Babbage").path().to_owned();

    let policies = admin.opens("/organization/iam/access-policies");
    let page_of_policy = policies.link("metrics").path().to_owned();

    let ada = world.browser_as(window, Script::On, Theme::Light);
    for page in ["/sign-in", "/invitations/send-again", "/nothing-here", "/setup?token=nonsense"] {
        ada.visit(page);
        ada.keeps_nobody_out();
    }
    ada.visit(&dora);
    ada.keeps_nobody_out();

    signs_in(&ada, ADMINISTRATOR);
    let pages = [
        "/organization/users",
        "/organization/users?q=nobody+by+this+name",
        "/organization/users?status=invited&sort=-person",
        "/organization/users/invite",
        &page_of_bob,
        &format!("{page_of_bob}/deactivate"),
        "/organization/iam/access-policies",
        "/organization/iam/access-policies?q=nothing+by+this+name",
        "/organization/iam/access-policies/create",
        &page_of_policy,
        "/organization/settings",
        "/account/settings",
    ];
    for page in pages {
        ada.visit(page);
        ada.keeps_nobody_out();
    }
    ada.visit("/organization/users").link("Invite User").press();
    ada.dialog().is_there();
    ada.keeps_nobody_out();

    let carol = world.browser_as(window, Script::On, Theme::Light);
    signs_in(&carol, "carol@example.com");
    carol.heading("Your account is deactivated").is_there();
    carol.keeps_nobody_out();

    world.clock.advance(Duration::days(8));
    let late = world.browser_as(window, Script::On, Theme::Light);
    late.visit(&dora);
    late.keeps_nobody_out();
    for browser in [&ada, &carol] {
        assert_eq!(browser.complaints(), [""; 0]);
    }
}

fn signs_in(browser: &Browser, email: &str) {
    browser.visit("/sign-in");
    browser.field("Email").fill(email);
    browser.field("Password").fill(PASSWORD);
    browser.button("Sign in").press();
}
