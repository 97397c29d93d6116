//! Two-factor authentication as people meet it: the switch in the settings, the code at sign-in, off again.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::authenticator::Authenticator;
use crate::support::browser::{Browser, Script, Theme, Window};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::{Database, World};
use chrono::Duration;
use serde_json::json;

#[test]
fn two_factor_is_switched_on_used_and_switched_off_with_script() {
    journey(Database::Sqlite, Window::Desktop, Script::On);
}

#[test]
fn two_factor_is_switched_on_used_and_switched_off_without_script() {
    journey(Database::Postgres, Window::Desktop, Script::Off);
}

#[test]
fn two_factor_is_switched_on_used_and_switched_off_on_a_phone() {
    journey(Database::Sqlite, Window::Phone, Script::On);
}

fn journey(database: Database, window: Window, script: Script) {
    let world = World::on(database);
    let ada = world.browser_as(window, script, Theme::Light);
    sets_up(&world, &ada);
    let look = |name: &str| looks_well(&ada, window, name);

    ada.visit("/account/settings").heading("Two-factor authentication").is_there();
    look("off");
    ada.button("Enable two-factor").press();
    ada.heading("Enable two-factor").is_there();
    assert_eq!(is_in_dialog(&ada, script), script == Script::On);
    ada.field("Password").fill("eight quiet rivers");
    ada.button("Continue").press();
    ada.sees("That is not your password.");
    look("password");
    ada.field("Password").fill(PASSWORD);
    ada.button("Continue").press();
    let key = ada.field("Key, for typing").value();
    let app = Authenticator::scanned(&scanned(&ada));
    assert_eq!(app.label, format!("Analytical Engines:{ADMINISTRATOR}"));
    let now = world.db().now();
    assert_eq!(app.code(now), Authenticator::typed(&key).code(now), "picture and text are the same key");
    look("key");
    ada.prefers(Theme::Dark);
    scanned(&ada);
    ada.prefers(Theme::Light);
    ada.field("Code").fill("12345");
    ada.button("Verify").press();
    ada.sees("Enter the six digits that the app shows.");
    assert_eq!(ada.field("Key, for typing").value(), key);
    ada.field("Code").fill(&app.code(world.db().now()));
    ada.button("Verify").press();
    ada.heading("Two-factor authentication is on").is_there();
    look("codes");
    ada.button("Download").is_there();
    if script == Script::On {
        ada.button("Copy").press();
        ada.button("Print").is_there();
        prints_the_codes_alone(&ada);
    }
    ada.link("Done").press().arrives_at("/account/settings");
    ada.sees("10 of 10 left");
    assert_eq!(ada.button("Enable two-factor").attribute("aria-checked").as_deref(), Some("true"));
    look("on");
    signs_out(&ada);

    world.later(Duration::seconds(30));
    ada.visit("/account/settings").arrives_at("/sign-in");
    ada.field("Email").fill(ADMINISTRATOR);
    ada.field("Password").fill(PASSWORD);
    ada.button("Sign in").press();
    ada.heading("Second step").is_there();
    look("second-step");
    ada.field("Code").fill("12345");
    ada.button("Verify").press();
    ada.sees("or one of your recovery codes");
    look("second-step-wrong");
    let code = app.code(world.db().now());
    ada.field("Code").fill(&format!("{} {}", &code[..3], &code[3..]));
    ada.button("Verify").press().arrives_at("/account/settings");

    ada.link("New recovery codes").press();
    ada.button("Make new codes").press();
    ada.heading("New recovery codes").is_there();
    ada.sees("shown this once");
    ada.link("Done").press().arrives_at("/account/settings");
    // The dialog had the same address.
    ada.heading("New recovery codes").is_gone();

    world.later(Duration::seconds(30));
    ada.button("Enable two-factor").press();
    ada.heading("Turn off two-factor").is_there();
    look("turn-off");
    ada.field("Password").fill(PASSWORD);
    ada.field("Code").fill(&app.code(world.db().now()));
    ada.button("Turn off two-factor").press();
    ada.sees("Two-factor authentication is off.");
    assert_eq!(ada.button("Enable two-factor").attribute("aria-checked").as_deref(), Some("false"));
    assert_eq!(ada.complaints(), [""; 0]);
}

#[test]
fn an_administrator_proves_who_they_are_and_resets_a_second_factor() {
    let world = World::on(Database::Sqlite);
    let ada = world.browser();
    sets_up(&world, &ada);
    ada.link("Invite User").press();
    ada.field("Email").fill("bob@example.com");
    ada.field("read").check();
    ada.button("Send invitation").press();
    ada.row("bob@example.com").sees("Invited");
    let bob = world.accepts(&world.invitation_link("bob@example.com"), "Bob Babbage", PASSWORD);
    let page = bob.opens("/account/two-factor/enable").form("Continue").fill("Password", PASSWORD).press();
    let key = page.whole().control("Key, for typing").attr("value").expect("a key").to_owned();
    page.form("Verify").fill("Code", Authenticator::typed(&key).code(world.db().now())).press();

    world.later(Duration::minutes(11));
    ada.visit("/organization/users").link("Bob Babbage").press();
    ada.link("Reset second factor").press();
    ada.heading("Reset the second factor of Bob Babbage").is_there();
    looks_well(&ada, Window::Desktop, "reset");
    ada.field("Reason").fill("Lost the phone.");
    ada.button("Reset second factor").press();
    ada.heading("Prove that it is you").is_there();
    looks_well(&ada, Window::Desktop, "prove");
    ada.field("Password").fill(PASSWORD);
    ada.button("Go on").press();
    ada.heading("Reset the second factor of Bob Babbage").is_there();
    assert_eq!(ada.field("Reason").value(), "Lost the phone.");
    ada.button("Reset second factor").press();
    ada.sees("The second factor of Bob Babbage is reset");
    assert!(!bob.is_signed_in());
    assert_eq!(ada.complaints(), [""; 0]);
}

/// What a camera reads from the picture on the screen.
fn scanned(browser: &Browser) -> String {
    // Journeys run side by side: each reads a picture of its own.
    static TAKEN: AtomicUsize = AtomicUsize::new(0);
    let name = format!("factor-scanned-{}", TAKEN.fetch_add(1, Ordering::Relaxed));
    let shot = std::fs::File::open(browser.screenshot(&name)).expect("a picture");
    let mut decoder = png::Decoder::new(std::io::BufReader::new(shot));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().expect("a PNG file");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a picture that fits")];
    let frame = reader.next_frame(&mut pixels).expect("a frame");
    let depth = frame.color_type.samples();
    let (width, height) = (frame.width as usize, frame.height as usize);
    let grey = |x: usize, y: usize| pixels[(y * width + x) * depth + 1];
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, height, grey);
    let found: Vec<_> = image.detect_grids().iter().filter_map(|grid| grid.decode().ok()).collect();
    assert_eq!(found.len(), 1, "one QR code can be read on the screen");
    found[0].1.clone()
}

/// What comes on paper, from either theme: what the codes are for, and the codes.
fn prints_the_codes_alone(browser: &Browser) {
    for theme in ["dark", "light"] {
        let theme = json!([{ "name": "prefers-color-scheme", "value": theme }]);
        browser.tell("Emulation.setEmulatedMedia", json!({ "media": "print", "features": theme }));
        let paper = browser.run("return document.body.innerText");
        let lines: Vec<_> = paper.as_str().expect("text").lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(
            lines[0],
            format!("Recovery codes of {ADMINISTRATOR} for Analytical Engines"),
            "{lines:?}"
        );
        assert!(lines[1].starts_with("Each code signs in a single time"), "{lines:?}");
        assert!(lines.len() == 12 && lines[2..].iter().all(|code| code.len() == 11), "{lines:?}");
        let ink = "return getComputedStyle(document.querySelector('#recovery-codes li')).color";
        assert_eq!(browser.run(ink), "rgb(0, 0, 0)", "black on white paper");
    }
    browser.screenshot("factor-printed");
    browser.prefers(Theme::Light);
}

fn sets_up(world: &World, ada: &Browser) {
    ada.visit(&world.setup_link());
    ada.field("Organization name").fill("Analytical Engines");
    ada.field("Your name").fill("Ada Lovelace");
    ada.field("Email").fill(ADMINISTRATOR);
    ada.field("Password").fill(PASSWORD);
    ada.button("Create organization").press().arrives_at("/organization/users");
}

fn signs_out(person: &Browser) {
    person.button("Account menu").press();
    person.button("Sign out").press().arrives_at("/sign-in");
}

fn is_in_dialog(browser: &Browser, script: Script) -> bool {
    script == Script::On && browser.run("return document.querySelector('#dialog').open") == true
}

fn looks_well(browser: &Browser, window: Window, name: &str) {
    browser.looks_well(&format!("factor-{name}-{}", window.word()));
}
