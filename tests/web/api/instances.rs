//! Several consoles on one database: what one of them takes away, none of them gives any more.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::Duration;
use reqwest::StatusCode;
use serde_json::json;

use super::checks::sends;
use super::json as of;
use crate::access_requests::{act, asked};
use crate::cast::{has_a_token, with_token};
use crate::policies::{creates, edits};
use crate::support::on_both;
use crate::support::people::ADMINISTRATOR;
use crate::support::person::Person;
use crate::support::world::World;
use crate::users::{id_of, member};

on_both!(
    a_token_revoked_on_one_console_opens_nothing_on_another_from_the_next_request_on,
    a_person_deactivated_on_one_console_is_out_on_another_from_the_next_request_on,
    a_role_taken_away_on_one_console_is_gone_on_another_from_the_next_request_on,
    a_role_asked_for_is_there_as_soon_as_it_is_given_and_gone_as_soon_as_it_ends,
);

const BOB: &str = "bob@example.com";
const USES: usize = 32;

/// Bob's token is used from 32 sides on two consoles, before, while and after it happens: whoever asks once it has
/// happened is told so.
fn is_told_at_once(world: &World, bob: &str, happens: impl FnOnce(), may: impl Fn(&Person) -> bool + Sync) {
    let beside = world.beside();
    let (everybody_may, has_happened) = (Barrier::new(USES + 1), AtomicBool::new(false));
    let uses = |nth: usize| {
        let visitor = if nth.is_multiple_of(2) { world.visitor() } else { beside.visitor() };
        let bob = with_token(&visitor, bob);
        let may_before = may(&bob);
        everybody_may.wait();
        assert!(may_before, "before it happens");
        let mut after = 0;
        while after < 5 {
            let is_late = has_happened.load(Ordering::SeqCst);
            assert!(!(may(&bob) && is_late), "after it has happened");
            after += usize::from(is_late);
        }
    };
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..USES).map(|nth| scope.spawn(move || uses(nth))).collect();
        everybody_may.wait();
        let outcome = catch_unwind(AssertUnwindSafe(happens));
        has_happened.store(true, Ordering::SeqCst);
        outcome.unwrap_or_else(|panic| resume_unwind(panic));
        all.into_iter().for_each(|it| it.join().expect("an answer in time"));
    });
}

fn is_known(bob: &Person) -> bool {
    let answer = bob.get("/api/v1/whoami");
    assert!([StatusCode::OK, StatusCode::UNAUTHORIZED].contains(&answer.status), "{}", answer.body);
    answer.status == StatusCode::OK
}

fn may_read(bob: &Person) -> bool {
    let answer = sends(bob, "/api/v1/check", &json!({ "action": "cks.clusters.list" }));
    of(&answer)["allowed"] == true
}

fn a_token_revoked_on_one_console_opens_nothing_on_another_from_the_next_request_on(world: World) {
    let ada = world.administrator();
    member(&world, BOB, "Bob Babbage", &["read"]);
    let (id, secret) = has_a_token(&world, BOB, None);
    let form = ada.opens(&format!("/tokens/{id}/revoke")).form("Revoke token");
    is_told_at_once(&world, &secret, || drop(form.press_once()), is_known);
}

fn a_person_deactivated_on_one_console_is_out_on_another_from_the_next_request_on(world: World) {
    let ada = world.administrator();
    member(&world, BOB, "Bob Babbage", &["read"]);
    let (_, secret) = has_a_token(&world, BOB, None);
    let path = format!("/organization/users/{}/deactivate", id_of(&world, BOB));
    is_told_at_once(&world, &secret, || drop(ada.post(&path, &[])), is_known);
}

fn a_role_taken_away_on_one_console_is_gone_on_another_from_the_next_request_on(world: World) {
    let ada = world.administrator();
    member(&world, BOB, "Bob Babbage", &[]);
    creates(&ada, &world, "Clusters", &["cks_viewer"], &[ADMINISTRATOR, BOB], &[]);
    let (_, secret) = has_a_token(&world, BOB, None);
    let preview = edits(&ada, "Clusters").form("Save Policy").uncheck("Bob Babbage").press();
    let form = preview.form("Save Policy");
    is_told_at_once(&world, &secret, || drop(form.press_once()), may_read);
}

fn a_role_asked_for_is_there_as_soon_as_it_is_given_and_gone_as_soon_as_it_ends(world: World) {
    let ada = world.administrator();
    let bob = member(&world, BOB, "Bob Babbage", &[]);
    let (_, secret) = has_a_token(&world, BOB, None);
    let beside = world.beside();
    let consoles = [world.visitor(), beside.visitor()].map(|visitor| with_token(&visitor, &secret));
    let everywhere = |expected: bool, when: &str| {
        consoles.iter().for_each(|bob| assert_eq!(may_read(bob), expected, "{when}"));
    };
    let given = |when: &str| {
        let id = asked(&world, &bob, BOB, "cks_viewer");
        everywhere(false, "nobody answered yet");
        act(&ada, id, "approve");
        everywhere(true, when);
        id
    };
    act(&ada, given("approved"), "end");
    everywhere(false, "ended by an administrator");
    act(&bob, given("approved again"), "give-back");
    everywhere(false, "given back");
    given("approved for an hour");
    world.later(Duration::minutes(60));
    everywhere(false, "an hour later");
}
