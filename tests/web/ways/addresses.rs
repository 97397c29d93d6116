//! An address decides whether single sign-on is required of its owner: it does not come to be the last administrator's
//! who does not depend on the provider.

use reqwest::StatusCode;

use super::{is_required_of, with_every_way};
use crate::second_factor::switches_on;
use crate::snapshot::{Snapshot, texts};
use crate::sso::with_sso;
use crate::support::people::ADMINISTRATOR;
use crate::support::person::Person;
use crate::support::providers::Providers;
use crate::support::world::World;

with_every_way!(
    the_last_independent_administrator_does_not_move_into_a_domain_it_is_required_of,
    nor_back_into_one_by_the_link_that_takes_the_change_back,
);

const OUTSIDE: &str = "ada@elsewhere.example";

fn link(world: &World, email: &str, act: &str) -> String {
    let path = format!("/account/email/{act}/");
    world.mailbox.wait_for(email, |letter| letter.links().iter().any(|link| link.contains(&path))).link(&path)
}

fn asks(world: &World, person: &Person, email: &str) -> String {
    person.opens("/account/settings").form("Change email").fill("New email", email).press();
    link(world, email, "confirm")
}

fn address_of_ada(world: &World) -> String {
    texts(world, "SELECT email FROM users").remove(0)
}

fn the_last_independent_administrator_does_not_move_into_a_domain_it_is_required_of(
    world: World,
    providers: Providers,
) {
    let ada = with_sso(&world, &providers);
    ada.opens(&asks(&world, &ada, OUTSIDE)).form("Confirm address").press();
    is_required_of(&world, "domains");
    let inside = asks(&world, &ada, "lovelace@example.com");
    let before = Snapshot::of(&world);
    let page = ada.opens(&inside).form("Confirm address").press();
    assert_eq!(page.status, StatusCode::GONE);
    assert_eq!(page.heading(), "Nobody could administer the organization");
    assert!(page.says("a password and a second factor, then open the link again"), "{}", page.text());
    assert_eq!(Snapshot::of(&world), before);
    switches_on(&world, &ada);
    ada.opens(&inside).form("Confirm address").press();
    assert_eq!(address_of_ada(&world), "lovelace@example.com", "the link is not used up by a refusal");
}

fn nor_back_into_one_by_the_link_that_takes_the_change_back(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    ada.opens(&asks(&world, &ada, OUTSIDE)).form("Confirm address").press();
    let back = link(&world, ADMINISTRATOR, "undo");
    is_required_of(&world, "domains");
    let before = Snapshot::of(&world);
    let page = world.visitor().opens(&back).form("Take the change back").press();
    assert_eq!(page.heading(), "Nobody could administer the organization");
    assert_eq!(Snapshot::of(&world), before);
    assert!(ada.is_signed_in());
    is_required_of(&world, "nobody");
    world.visitor().opens(&back).form("Take the change back").press();
    assert_eq!(address_of_ada(&world), ADMINISTRATOR);
}
