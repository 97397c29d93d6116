//! Setting up an organization by the one-time link.

use chrono::Duration;
use reqwest::StatusCode;

use crate::support::form::Form;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::world::World;
use crate::support::{at_once, on_both};

on_both!(
    setup_makes_an_administrator_who_is_signed_in_and_can_sign_in_again,
    whoever_is_alone_is_told_what_comes_next,
    the_setup_link_works_once,
    one_of_many_who_use_the_setup_link_at_once_wins,
    a_restart_makes_a_fresh_link_and_the_older_one_dies,
    a_setup_link_expires,
    a_link_never_issued_is_not_found,
    what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost,
);

fn filled_in(person: &Person, link: &str) -> Form {
    let form = person.opens(link).form("Create organization").fill("Organization name", "Analytical Engines");
    form.fill("Your name", "Ada Lovelace").fill("Email", ADMINISTRATOR).fill("Password", PASSWORD)
}

fn setup_makes_an_administrator_who_is_signed_in_and_can_sign_in_again(world: World) {
    let ada = world.administrator();
    let page = ada.opens("/account/settings");
    assert_eq!(page.heading(), "Settings");
    assert!(page.says("Analytical Engines") && page.says(ADMINISTRATOR), "{}", page.text());

    let elsewhere = world.visitor();
    elsewhere.signs_in(ADMINISTRATOR, PASSWORD);
    assert!(elsewhere.is_signed_in());
}

fn whoever_is_alone_is_told_what_comes_next(world: World) {
    let ada = world.administrator();
    assert!(ada.users().says("Invite a second administrator"));
    ada.invites("grace@analytical.example", &["admin"]);
    assert!(!ada.users().says("Invite a second administrator"));
}

fn the_setup_link_works_once(world: World) {
    let link = world.setup_link();
    let late = filled_in(&world.visitor(), &link);
    world.administrator();
    for page in [world.visitor().opens(&link), late.press()] {
        assert_eq!(page.status, StatusCode::GONE, "{}", page.text());
        assert!(!page.has_button("Create organization"));
    }
    assert!(!late.by(&world.visitor()).press().reader.is_signed_in());
}

fn one_of_many_who_use_the_setup_link_at_once_wins(world: World) {
    let link = world.setup_link();
    let forms: Vec<_> = (0..8).map(|nth| filled_in(&world.visitor_from(nth + 1), &link)).collect();
    let statuses = at_once(forms.len(), |nth| forms[nth].press_once().status);
    let count = |status| statuses.iter().filter(|it| **it == status).count();
    assert_eq!((count(StatusCode::SEE_OTHER), count(StatusCode::GONE)), (1, 7), "{statuses:?}");
}

fn a_restart_makes_a_fresh_link_and_the_older_one_dies(mut world: World) {
    let older = world.setup_link();
    world.restarts();
    assert_ne!(world.setup_link(), older);
    assert_eq!(world.visitor().opens(&older).status, StatusCode::GONE);
    world.administrator();
}

fn a_setup_link_expires(world: World) {
    let link = world.setup_link();
    world.later(Duration::days(7));
    let page = world.visitor().opens(&link);
    assert_eq!(page.status, StatusCode::GONE, "{}", page.text());
}

fn a_link_never_issued_is_not_found(world: World) {
    let cut = &world.setup_link()[..world.setup_link().len() - 1];
    for link in [cut, "/setup?token=", "/setup"] {
        assert_eq!(world.visitor().opens(link).status, StatusCode::NOT_FOUND, "{link}");
    }
}

fn what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(world: World) {
    let ada = world.visitor();
    let form =
        filled_in(&ada, &world.setup_link()).fill("Organization name", " ").fill("Email", "ada at example");
    let page = form.fill("Password", "short").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.title().starts_with("Error: "), "{}", page.title());
    for label in ["Organization name", "Email", "Password"] {
        assert!(page.error_for(label).is_some(), "{label}");
    }
    assert_eq!(page.error_for("Your name"), None);

    let form = page.form("Create organization");
    assert_eq!(form.value("Your name"), "Ada Lovelace");
    assert_eq!(form.value("Email"), "ada at example");
    assert_eq!(form.value("Password"), "", "a password is never echoed");
    let form = form.fill("Organization name", "Analytical Engines").fill("Email", ADMINISTRATOR);
    assert_eq!(form.fill("Password", PASSWORD).press_once().status, StatusCode::SEE_OTHER);
}
