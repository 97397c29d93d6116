//! How short a password may be: shorter where a second factor is asked for besides.

use chrono::Duration;
use diesel::prelude::*;
use reqwest::StatusCode;
use roster::base::clock::Moment;
use roster::db::schema::organization_settings;
use roster::db::{Fault, Tx};

use super::{BOB, SETTINGS, bob, opens, reset_link};
use crate::support::on_both;
use crate::support::page::Page;
use crate::support::people::PASSWORD;
use crate::support::world::World;
use crate::users::id_of;

on_both!(
    eight_characters_do_where_a_second_factor_is_required_and_fifteen_elsewhere,
    a_short_password_goes_on_when_a_second_factor_is_required_no_more,
);

const EIGHT: &str = "xq7-vLmp";

fn requires(world: &World, is_required: bool, from: Option<Moment>) {
    let work = |tx: &mut Tx<'_>| {
        let required = organization_settings::second_factor_required.eq(is_required);
        let from = organization_settings::second_factor_from.eq(from);
        Ok::<_, Fault>(diesel::update(organization_settings::table).set((required, from)).execute(tx.conn())?)
    };
    world.db().write_now(None, work).expect("a change");
}

/// Each place where somebody sets a password: the page asks for so many characters and says how many are missing.
fn is_asked_for(world: &World, minimum: usize) {
    let one_less = &EIGHT.repeat(2)[..minimum - 1];
    let hint = format!("At least {minimum} characters.");
    let missing = format!("Use at least {minimum} characters; this one needs 1 more.");
    let refuses = |page: Page, label: &str| {
        assert!(page.says(&hint), "{label}: {}", page.text());
        let control = page.whole().control(label).attr("data-minimum").map(str::to_owned);
        assert_eq!(control, Some(minimum.to_string()), "what the hint counts to");
        page
    };
    let page = refuses(world.visitor().opens(&world.invitation_link("carol@example.com")), "Password");
    let form = page.form("Accept invitation").fill("Your name", "Carol").fill("Password", one_less);
    assert_eq!(form.press().error_for("Password").as_deref(), Some(missing.as_str()));

    let page =
        refuses(world.visitor().opens(&reset_link(world, id_of(world, BOB), "forgotten")), "New password");
    let page = page.form("Save password").fill("New password", one_less).press();
    assert_eq!(page.error_for("New password").as_deref(), Some(missing.as_str()));
}

fn is_asked_for_in_settings(person: &crate::support::person::Person, minimum: usize) {
    let page = person.opens(SETTINGS);
    assert!(page.part("password").says(&format!("At least {minimum} characters.")));
    let one_less = &EIGHT.repeat(2)[..minimum - 1];
    let page =
        page.form("Save password").fill("Current password", PASSWORD).fill("New password", one_less).press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.error_for("New password").expect("an error").contains("this one needs 1 more"));
}

fn eight_characters_do_where_a_second_factor_is_required_and_fifteen_elsewhere(world: World) {
    let ada = world.administrator();
    let bob = bob(&world, &ada);
    ada.invites("carol@example.com", &[]);
    is_asked_for(&world, 15);
    is_asked_for_in_settings(&bob, 15);
    requires(&world, true, Some(world.db().now().plus(Duration::hours(1))));
    is_asked_for(&world, 15);
    is_asked_for_in_settings(&bob, 15);
    world.later(Duration::hours(1));
    is_asked_for(&world, 8);
    is_asked_for_in_settings(&bob, 8);

    let form = bob.opens(SETTINGS).form("Save password").fill("Current password", PASSWORD);
    let page = form.fill("New password", EIGHT).press();
    assert!(page.toast().is_some_and(|toast| toast.contains("Password saved")), "{}", page.text());
    let page = world.visitor().opens(&reset_link(&world, id_of(&world, BOB), "forgotten"));
    let page = page.form("Save password").fill("New password", "gT4!wuzb").press();
    assert_eq!(page.heading(), "Sign in", "{}", page.text());
    let page = world.visitor().opens(&world.invitation_link("carol@example.com"));
    let page = page.form("Accept invitation").fill("Your name", "Carol Shaw").fill("Password", EIGHT).press();
    assert_eq!(page.heading(), "Set up a second factor", "{}", page.text());

    // A new organization requires nothing yet.
    let page = world.visitor().opens(&crate::cast::setup_link(&world));
    assert!(page.says("At least 15 characters."), "{}", page.text());
}

fn a_short_password_goes_on_when_a_second_factor_is_required_no_more(world: World) {
    let ada = world.administrator();
    bob(&world, &ada);
    ada.invites("carol@example.com", &[]);
    requires(&world, true, None);
    let page = world.visitor().opens(&reset_link(&world, id_of(&world, BOB), "forgotten"));
    page.form("Save password").fill("New password", EIGHT).press();
    assert!(!opens(&world, BOB, EIGHT), "a second factor is to be set up first");
    requires(&world, false, None);
    assert!(opens(&world, BOB, EIGHT), "nobody is locked out by a rule about new passwords");
    is_asked_for(&world, 15);
}
