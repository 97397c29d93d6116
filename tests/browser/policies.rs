//! Access policies as people see them: a rule made of cards, its preview, and its end; with and without script.

use crate::support::browser::{Browser, Script, Theme, Window};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::{Database, World};

const POLICIES: &str = "/organization/iam/access-policies";

#[test]
fn a_policy_is_made_previewed_changed_and_deleted() {
    journey(Window::Desktop, Script::On);
}

#[test]
fn a_policy_is_made_previewed_changed_and_deleted_without_script() {
    journey(Window::Desktop, Script::Off);
}

#[test]
fn a_policy_is_made_previewed_changed_and_deleted_on_a_phone() {
    journey(Window::Phone, Script::On);
}

fn journey(window: Window, script: Script) {
    let world = World::on(Database::Sqlite);
    let admin = world.administrator();
    world.member(&admin, "bob@example.com", "Bob Babbage", &["read"]);
    world.member(&admin, "carol@example.com", "Carol Herschel", &[]);
    let ada = world.browser_as(window, script, Theme::Light);
    ada.visit("/sign-in");
    ada.field("Email").fill(ADMINISTRATOR);
    ada.field("Password").fill(PASSWORD);
    ada.button("Sign in").press();
    ada.heading("Users").is_there();

    ada.visit(POLICIES);
    ada.row("metrics").button("1 rule").press();
    ada.row("metrics").sees("Observability Viewer");
    looks_well(&ada, window, "list");
    ada.link("Create policy").press();
    ada.heading("Create policy").is_there();
    ada.field("Name").fill("Clusters of Berlin");
    ada.field("Description").fill("Who runs the clusters there");
    finds(&ada, script, "carol");
    ada.field("Carol Herschel").check();
    ada.field("CKS Admin").check();
    ada.button("Add Rule").press();
    ada.heading("Rule 2").is_there();
    looks_well(&ada, window, "two-rules");
    ada.button("Preview").press();
    ada.sees("Choose a role for rule 2.");
    looks_well(&ada, window, "refused");
    ada.button("Delete rule 2").press();
    ada.heading("Rule 2").is_gone();
    assert!(ada.field("Carol Herschel").is_checked() && ada.field("CKS Admin").is_checked());
    ada.field("write").check();
    ada.button("Preview").press();
    ada.heading("Preview").is_there();
    ada.sees("Gains CKS Admin");
    looks_well(&ada, window, "preview");
    ada.button("Save Policy").press();
    ada.sees("The policy Clusters of Berlin is saved.");
    ada.arrives_at(POLICIES);

    ada.row("Clusters of Berlin").link("Clusters of Berlin").press();
    ada.heading("Clusters of Berlin").is_there();
    ada.field("Carol Herschel").uncheck();
    ada.button("Save Policy").press();
    ada.sees("1 person has no access left");
    looks_well(&ada, window, "agreement");

    // Somebody else is faster.
    let other = admin.opens(POLICIES).follow("Clusters of Berlin");
    let saved = other.form("Save Policy").fill("Description", "Those of Berlin").check("metrics").press();
    assert!(saved.toast().is_some(), "{}", saved.text());
    ada.button("Save Policy").press();
    ada.heading("Somebody changed this policy meanwhile").is_there();
    looks_well(&ada, window, "meanwhile");
    // Whom she had agreed to is the same.
    ada.button("Save Policy").press();
    ada.sees("The policy Clusters of Berlin is saved.");

    ada.visit(POLICIES);
    ada.row("Clusters of Berlin").link("Delete Clusters of Berlin").press();
    ada.heading("Delete Clusters of Berlin").is_there();
    looks_well(&ada, window, "delete");
    ada.button("Delete Clusters of Berlin").press();
    ada.sees("The policy Clusters of Berlin is deleted.");
    ada.visit(POLICIES);
    ada.row("read").link("read").press();
    ada.sees("You can change whom this policy names.");
    looks_well(&ada, window, "default");
    assert_eq!(ada.complaints(), [""; 0]);
}

/// With script what is typed is looked for by itself.
fn finds(browser: &Browser, script: Script, typed: &str) {
    browser.field("Find people for rule 1").fill(typed);
    if script == Script::Off {
        browser.button("Find people for rule 1").press();
    }
    browser.sees("1 found.");
}

fn looks_well(browser: &Browser, window: Window, name: &str) {
    browser.looks_well(&format!("policies-{name}-{}", window.word()));
}
