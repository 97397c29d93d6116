//! Asking for a link.

use chrono::Duration;
use diesel::prelude::*;
use reqwest::StatusCode;
use roster::db::schema::jobs;

use super::{BOB, FORGOTTEN, asks_for_a_link, bob, letters, mailed_link, sets};
use crate::cast::another_organization;
use crate::support::element::until;
use crate::support::on_both;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::World;
use crate::users::{ask, lines, path};

on_both!(
    everybody_gets_the_same_answer,
    only_who_is_active_is_mailed_a_link,
    each_account_of_an_address_gets_its_own_letter,
    the_newest_link_replaces_the_older_but_not_within_five_minutes,
    asking_too_often_is_slowed,
    an_address_that_is_none_is_told_at_its_field,
);

/// Waits until everything that was asked for has been looked into.
fn settles(world: &World, asked: i64) {
    let done = || -> Result<(), String> {
        let done: i64 = ask(world, |conn| {
            jobs::table
                .filter(jobs::kind.eq("passwords.mail_link"))
                .filter(jobs::state.eq("done"))
                .count()
                .get_result(conn)
        });
        if done == asked { Ok(()) } else { Err(format!("{done} of {asked}")) }
    };
    until(done, |why| format!("what was asked for is looked into: {why}"));
}

fn everybody_gets_the_same_answer(world: World) {
    let ada = world.administrator();
    bob(&world, &ada);
    ada.post(&path(&world, BOB, "deactivate"), &[]);
    ada.invites("grace@example.com", &[]);
    let answers = [ADMINISTRATOR, BOB, "grace@example.com", "nobody@example.com"].map(|email| {
        let page = world.visitor().post(FORGOTTEN, &[("email", email)]);
        let headers: std::collections::BTreeSet<_> =
            page.headers.keys().map(|name| name.as_str().to_owned()).collect();
        (page.status, page.body.replace(email, "…"), headers)
    });
    assert_eq!(answers[0].0, StatusCode::OK);
    for other in &answers[1..] {
        assert_eq!(&answers[0], other);
    }
    assert_eq!(letters(&world, "passwords.mail_link"), 4, "the same work is noted for each");
}

fn only_who_is_active_is_mailed_a_link(world: World) {
    let ada = world.administrator();
    bob(&world, &ada);
    ada.post(&path(&world, BOB, "deactivate"), &[]);
    ada.invites("grace@example.com", &[]);
    for email in [BOB, "grace@example.com", "nobody@example.com", ADMINISTRATOR] {
        asks_for_a_link(&world, email);
    }
    settles(&world, 4);
    mailed_link(&world, ADMINISTRATOR, 1);
    assert_eq!((letters(&world, "password_reset"), lines(&world, "account.password_forgotten")), (1, 1));
    assert!(ada.is_signed_in(), "asking ends nothing");
    assert!(super::opens(&world, ADMINISTRATOR, PASSWORD), "and changes nothing");
}

fn each_account_of_an_address_gets_its_own_letter(world: World) {
    world.administrator();
    let elsewhere = another_organization(&world, "Second", ADMINISTRATOR, PASSWORD);
    asks_for_a_link(&world, "  ADA@example.com ");
    settles(&world, 1);
    mailed_link(&world, ADMINISTRATOR, 2);
    let letters = world.mailbox.letters();
    let second = letters.iter().find(|it| it.subject == "Set a new password for Second").expect("a letter");
    sets(&world.visitor(), &second.link("/password/reset/"));
    assert!(!elsewhere.is_signed_in());
    let first = world.visitor();
    first.signs_in(ADMINISTRATOR, PASSWORD);
    assert!(first.opens(super::SETTINGS).says("Analytical Engines"), "the other account is as it was");
}

fn the_newest_link_replaces_the_older_but_not_within_five_minutes(world: World) {
    let ada = world.administrator();
    bob(&world, &ada);
    asks_for_a_link(&world, BOB);
    settles(&world, 1);
    let older = mailed_link(&world, BOB, 1);
    world.later(Duration::minutes(4));
    asks_for_a_link(&world, BOB);
    settles(&world, 2);
    assert_eq!(letters(&world, "password_reset"), 1, "nobody's mailbox is filled");
    assert_eq!(world.visitor().get(&older).status, StatusCode::OK);
    world.later(Duration::minutes(2));
    asks_for_a_link(&world, BOB);
    let newer = mailed_link(&world, BOB, 2);
    let page = world.visitor().get(&older);
    assert_eq!((page.status, page.heading().as_str()), (StatusCode::GONE, "This link works no more"));
    assert_eq!(sets(&world.visitor(), &newer).heading(), "Sign in");
}

fn asking_too_often_is_slowed(world: World) {
    world.administrator();
    let form = world.visitor().opens(FORGOTTEN).form("Send the link").fill("Email", "grace@example.com");
    let statuses: Vec<_> = (0..8).map(|_| form.press_once().status).collect();
    assert_eq!((statuses[0], statuses[7]), (StatusCode::OK, StatusCode::TOO_MANY_REQUESTS));
    world.later(Duration::minutes(2));
    assert_eq!(form.press_once().status, StatusCode::OK, "nobody is locked out");
    let signs_in = world.visitor().post("/sign-in", &[("email", "grace@example.com"), ("password", "x")]);
    assert_eq!(signs_in.status, StatusCode::UNPROCESSABLE_ENTITY, "it counts for itself");
}

fn an_address_that_is_none_is_told_at_its_field(world: World) {
    let form = world.visitor().opens(FORGOTTEN).form("Send the link");
    for typed in ["", "nonsense", "a b@example.com"] {
        let page = form.clone().fill("Email", typed).press_once();
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.error_for("Email").is_some(), "{typed:?}");
        assert_eq!(page.form("Send the link").value("Email"), typed);
    }
}
