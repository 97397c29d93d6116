//! Name and time zone.

use reqwest::StatusCode;

use super::{lines, settings};
use crate::support::on_both;
use crate::support::people::ADMINISTRATOR;
use crate::support::world::World;

on_both!(
    a_name_is_saved_and_found_everywhere,
    times_are_told_in_the_zone_of_whoever_reads_them,
    a_zone_that_does_not_exist_and_a_name_that_cannot_be_seen_are_refused,
    saving_what_was_there_before_writes_nothing,
    the_section_can_be_opened_and_swapped_by_itself,
);

fn a_name_is_saved_and_found_everywhere(world: World) {
    let ada = world.administrator();
    let page = settings(&ada).form("Save profile").fill("Name", "  Ada\u{202e} Byron ").press();
    assert_eq!(page.url.path(), "/account/settings");
    assert_eq!(page.toast().as_deref(), Some("Profile saved."));
    assert_eq!(page.form("Save profile").value("Name"), "Ada Byron");
    assert!(ada.opens("/organization/users?q=byron").has_row(ADMINISTRATOR));
    assert!(!ada.opens("/organization/users?q=lovelace").has_row(ADMINISTRATOR));
    assert_eq!(lines(&world, "account.profile"), 1);
}

fn times_are_told_in_the_zone_of_whoever_reads_them(world: World) {
    let ada = world.administrator();
    assert!(ada.users().row(ADMINISTRATOR).says("23 Nov 2026, 09:00 UTC"), "{}", ada.users().text());
    settings(&ada).form("Save profile").choose("Time zone", "Asia/Tokyo").press();
    assert!(ada.users().row(ADMINISTRATOR).says("23 Nov 2026, 18:00 JST"), "{}", ada.users().text());
    let own = ada.users().row("Ada Lovelace").follow("Ada Lovelace");
    assert!(own.says("23 Nov 2026, 18:00 JST"), "{}", own.text());
    assert!(settings(&ada).part("sessions").says("first seen 23 Nov 2026, 18:00 JST"));
    let grace = world.member(&ada, "grace@example.com", "Grace Hopper", &["read"]);
    assert!(grace.users().row(ADMINISTRATOR).says("UTC"), "each in their own");
}

fn a_zone_that_does_not_exist_and_a_name_that_cannot_be_seen_are_refused(world: World) {
    let ada = world.administrator();
    let form = settings(&ada).form("Save profile");
    let page = form.clone().fill("Name", "\u{200b}").press_once();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.error_for("Name").as_deref(), Some("Enter your name."));
    let page = form.clone().fill("Name", "Ada Byron").forge("time_zone", "Europe/Atlantis").press_once();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.error_for("Time zone").as_deref(), Some("Choose a time zone from the list."));
    assert_eq!(page.form("Save profile").value("Name"), "Ada Byron", "what was typed is kept");
    let page = form.fill("Name", "x".repeat(101)).press_once();
    assert_eq!(page.error_for("Name").as_deref(), Some("Use at most 100 characters."));
    assert_eq!(settings(&ada).form("Save profile").value("Name"), "Ada Lovelace");
    assert_eq!(lines(&world, "account.profile"), 0);
}

fn saving_what_was_there_before_writes_nothing(world: World) {
    let ada = world.administrator();
    assert_eq!(settings(&ada).form("Save profile").press().toast().as_deref(), Some("Profile saved."));
    assert_eq!(lines(&world, "account.profile"), 0);
}

fn the_section_can_be_opened_and_swapped_by_itself(world: World) {
    let ada = world.administrator();
    assert!(ada.opens("/account/profile").has_button("Save profile"));
    let swapped =
        ada.by_htmx("section#profile").post("/account/profile", &[("name", ""), ("time_zone", "UTC")]);
    assert_eq!(swapped.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(swapped.body.trim_start().starts_with("<section id=\"profile\""), "{}", swapped.body);
}
