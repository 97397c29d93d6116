//! Makes the pictures of the documentation from a run of the console: `./check pictures`. No part of `cargo test`.

#[path = "../support/mod.rs"]
mod support;

use chrono::Duration;
use support::browser::{Browser, Script, Theme, Window};
use support::people::{ADMINISTRATOR, PASSWORD};
use support::person::Person;
use support::world::{Database, World};

/// Who accepts, in which groups, and how many hours later the next one does.
const PEOPLE: &[(&str, &str, &[&str], i64)] = &[
    ("grace@example.com", "Grace Hopper", &["admin", "write"], 70),
    ("alan@example.com", "Alan Turing", &["write"], 48),
    ("katherine@example.com", "Katherine Johnson", &["read"], 100),
    ("edsger@example.com", "Edsger Dijkstra", &["read", "write"], 26),
    ("barbara@example.com", "Barbara Liskov", &["write"], 9),
    ("margaret@example.com", "Margaret Hamilton", &["admin"], 5),
    ("donald@example.com", "Donald Knuth", &["read"], 2),
];
const INVITED: &[(&str, &[&str])] = &[
    ("hedy@example.com", &["read"]),
    ("claude@example.com", &["write"]),
    ("radia@example.org", &["read", "write"]),
];

#[test]
fn the_pages_of_the_documentation() {
    let hours: i64 = PEOPLE.iter().map(|(.., hours)| hours).sum();
    let world = World::hours_ago(Database::Sqlite, hours + 1);
    world.mailbox.refuses("radia@example.org", "550 5.1.1 There is no such mailbox here");
    world.administrator();
    fill(&world);

    let browser = world.browser_as(Window::Desktop, Script::On, Theme::Light);
    signs_in(&browser);
    take(&browser, "users", &[Theme::Light, Theme::Dark]);
    browser.link("Invite User").press();
    browser.dialog().field("Email").fill("lise@example.com");
    take(&browser, "invite", &[Theme::Light]);
    browser.visit("/account/settings").heading("Settings").is_there();
    take(&browser, "settings", &[Theme::Light]);

    access(&browser);

    let phone = world.browser_as(Window::Phone, Script::On, Theme::Light);
    signs_in(&phone);
    take(&phone, "users-phone", &[Theme::Light]);
}

/// A policy before it is saved, why somebody may do something, and what was done.
fn access(browser: &Browser) {
    browser.visit("/organization/iam/access-policies");
    browser.link("Create policy").press();
    browser.field("Name").fill("Clusters of Berlin");
    browser.field("Find people for rule 1").fill("katherine");
    browser.sees("1 found.");
    browser.field("Katherine Johnson").check();
    browser.field("CKS Admin").check();
    browser.button("Preview").press();
    browser.heading("Preview").is_there();
    take(browser, "preview", &[Theme::Light]);
    browser.button("Save Policy").press();
    browser.sees("The policy Clusters of Berlin is saved.");
    browser.arrives_at("/organization/iam/access-policies");
    browser.visit("/organization/iam/roles?person=katherine@example.com&action=cks.clusters.create");
    browser.sees("Katherine Johnson");
    take(browser, "explain", &[Theme::Light]);
    browser.visit("/organization/audit").heading("Audit").is_there();
    take(browser, "audit", &[Theme::Light]);
}

fn fill(world: &World) {
    for (email, name, groups, hours) in PEOPLE {
        world.member(&administrator(world), email, name, groups);
        world.later(Duration::hours(*hours));
    }
    let ada = administrator(world);
    ada.users().row("Edsger Dijkstra").follow("Deactivate").form("Deactivate Edsger Dijkstra").press();
    for (email, groups) in INVITED {
        ada.invites(email, groups);
    }
    world.mailbox.letter_to("claude@example.com");
    world.mailbox.wait_for_refusals(1);
    world.later(Duration::minutes(50));
    ada.users();
    world.later(Duration::minutes(1));
}

/// Days pass, and sessions with them.
fn administrator(world: &World) -> Person {
    let ada = world.visitor();
    ada.signs_in(ADMINISTRATOR, PASSWORD);
    ada
}

fn signs_in(browser: &Browser) {
    browser.visit("/sign-in");
    browser.field("Email").fill(ADMINISTRATOR);
    browser.field("Password").fill(PASSWORD);
    browser.button("Sign in").press().arrives_at("/organization/users");
    browser.heading("Users").is_there();
}

fn take(browser: &Browser, name: &str, themes: &[Theme]) {
    for theme in themes {
        browser.prefers(*theme);
        browser.settles();
        let word = match theme {
            _ if themes.len() == 1 => "",
            Theme::Light => "-light",
            Theme::Dark => "-dark",
        };
        browser.screenshot(&format!("docs/{name}{word}"));
    }
    browser.prefers(Theme::Light);
}
