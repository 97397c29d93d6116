//! Every page there is, in both themes and two widths: nobody is kept out, and nothing complains.

use chrono::Duration;

use crate::support::authenticator::Authenticator;
use crate::support::browser::{Browser, Script, Theme, Window};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::{Database, World};

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

    let page_of_write = admin.opens("/organization/groups").link("write").path().to_owned();
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
        "/organization/groups",
        "/organization/groups?q=nothing+like+it",
        "/organization/groups/create",
        &page_of_write,
        &format!("{page_of_write}/members"),
        &format!("{page_of_write}/edit"),
        &format!("{page_of_write}/delete"),
        &format!("{page_of_bob}?action=cks.vpcs.create"),
        "/organization/iam/roles?person=bob@example.com&action=iam.users.invite",
        "/organization/iam/roles/iam_admin",
        "/organization/audit",
        "/organization/audit?q=nobody+by+this+name",
        "/organization/settings/audit-stream",
        "/organization/iam/access-requests",
        "/organization/iam/access-requests?show=history",
        "/organization/iam/access-requests?show=mine",
        "/organization/iam/access-requests/new",
        "/organization/iam/access-policies",
        "/organization/iam/access-policies?q=nothing+by+this+name",
        "/organization/iam/access-policies/create",
        &page_of_policy,
        "/organization/iam/sso",
        "/organization/iam/sso/saml",
        "/organization/iam/sso/saml?tab=metadata",
        "/organization/iam/sso/oidc",
        "/organization/iam/scim",
        "/organization/iam/scim/disable",
        "/organization/iam/scim/tokens/new",
        "/organization/settings",
        "/tokens",
        "/tokens?show=everyone",
        "/tokens/new",
        "/api/docs",
        "/account/settings",
    ];
    for page in pages {
        looks_well(&ada, window, page);
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

#[test]
fn every_page_of_an_account_and_of_the_settings_keeps_nobody_out_on_a_screen() {
    every_page_of_settings(Window::Desktop);
}

#[test]
fn every_page_of_an_account_and_of_the_settings_keeps_nobody_out_on_a_phone() {
    every_page_of_settings(Window::Phone);
}

fn every_page_of_settings(window: Window) {
    let world = World::on(Database::Sqlite);
    let admin = world.administrator();
    world.member(&admin, "bob@example.com", "Bob Babbage", &["read", "write"]);
    let page_of_bob = admin.users().row("Bob Babbage").link("Bob Babbage").path().to_owned();
    let ada = world.browser_as(window, Script::On, Theme::Light);
    looks_well(&ada, window, "/password/forgotten");
    ada.field("Email").fill("bob@example.com");
    ada.button("Send the link").press();
    ada.heading("Look in your mailbox").is_there();
    keeps_nobody_out(&ada, window, "password-asked");
    let letter = world.mailbox.wait_for("bob@example.com", |it| it.subject.contains("Set a new password"));
    looks_well(&ada, window, &letter.link("/password/reset/"));

    signs_in(&ada, ADMINISTRATOR);
    ada.arrives_at("/organization/users");
    let of_bob = ["end-sessions", "password"].map(|act| format!("{page_of_bob}/{act}"));
    for section in ["name", "second-factor", "sessions", "domains", "invitations"] {
        looks_well(&ada, window, &format!("/organization/settings/{section}"));
    }
    for page in OF_AN_ACCOUNT.iter().copied().chain(of_bob.iter().map(String::as_str)) {
        looks_well(&ada, window, page);
    }
    ada.visit("/account/two-factor/enable").field("Password").fill(PASSWORD);
    ada.button("Continue").press().arrives_at("/account/two-factor/key");
    keeps_nobody_out(&ada, window, "two-factor-key");
    let app = Authenticator::typed(&ada.field("Key, for typing").value());
    ada.field("Code").fill(&app.code(world.db().now()));
    ada.button("Verify").press();
    ada.heading("Two-factor authentication is on").is_there();
    keeps_nobody_out(&ada, window, "two-factor-codes");
    for page in ["/account/two-factor/disable", "/account/two-factor/recovery-codes", "/account/prove"] {
        looks_well(&ada, window, page);
    }
    looks_well(&ada, window, "/account/settings");

    world.later(Duration::seconds(30));
    let again = world.browser_as(window, Script::On, Theme::Light);
    signs_in(&again, ADMINISTRATOR);
    again.heading("Second step").is_there();
    keeps_nobody_out(&again, window, "second-step");
    assert_eq!(again.complaints(), [""; 0]);
    assert_eq!(ada.complaints(), [""; 0]);
}

const OF_AN_ACCOUNT: &[&str] = &[
    "/account/profile",
    "/account/email",
    "/account/password",
    "/account/passkeys",
    "/account/sessions",
    "/account/two-factor",
    "/account/two-factor/enable",
    "/account/prove",
];

/// Opens a page, where nobody is kept out and nothing has to be scrolled sideways.
fn looks_well(browser: &Browser, window: Window, page: &str) {
    browser.visit(page);
    let words = page.split(['/', '?', '&', '=']).filter(|word| !word.is_empty());
    let words: Vec<_> = words.map(|word| if word.len() < 36 { word } else { "one" }).collect();
    keeps_nobody_out(browser, window, &words.join("-"));
}

fn keeps_nobody_out(browser: &Browser, window: Window, name: &str) {
    browser.looks_well(&format!("page-{name}-{}", window.word()));
}

fn signs_in(browser: &Browser, email: &str) {
    browser.visit("/sign-in");
    browser.field("Email").fill(email);
    browser.field("Password").fill(PASSWORD);
    browser.button("Sign in").press();
}
