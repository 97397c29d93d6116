//! An answer is used once.

use chrono::Duration;
use roster::db::Stop;
use roster::saml::{Refusal, Unspent, spend, sweep, verify};

use super::against;
use crate::support::saml::{Draft, own, provider};
use crate::support::world::World;
use crate::support::{at_once, on_both};
use crate::users::organization;

on_both!(
    of_many_who_bring_one_answer_at_once_one_gets_in,
    neither_the_response_nor_its_assertion_is_taken_a_second_time,
    what_was_used_is_remembered_until_it_would_be_refused_as_expired,
);

/// By an answer that is good for longer than the test's clock goes on: the console sweeps by that.
fn unspent(draft: &Draft) -> Unspent {
    let (provider, own) = (provider(), own());
    let until = || "2036-11-22T12:00:00Z".to_owned();
    let draft = Draft { not_on_or_after: until(), confirmed_until: until(), ..draft.clone() };
    verify(draft.sent().as_bytes(), &against(&provider, &own)).expect("an assertion")
}

/// Whether this answer is the first.
fn brings(world: &World, unspent: Unspent) -> bool {
    let organization = organization(world);
    match world.db().write_now(None, move |tx| spend(tx, organization, unspent.clone())) {
        Ok(assertion) => assertion.name_id == "bob@example.com",
        Err(Stop::Refused(Refusal::Replayed)) => false,
        Err(other) => panic!("{other:?}"),
    }
}

fn of_many_who_bring_one_answer_at_once_one_gets_in(world: World) {
    world.administrator();
    let unspent = unspent(&Draft::default());
    let first = at_once(32, |_| brings(&world, unspent.clone()));
    assert_eq!(first.iter().filter(|first| **first).count(), 1, "{first:?}");
}

fn neither_the_response_nor_its_assertion_is_taken_a_second_time(world: World) {
    world.administrator();
    let draft = |response: &str, assertion: &str| {
        unspent(&Draft { response: response.into(), assertion: assertion.into(), ..Draft::default() })
    };
    assert!(brings(&world, draft("_r1", "_a1")));
    assert!(!brings(&world, draft("_r2", "_a1")) && !brings(&world, draft("_r1", "_a2")));
    assert!(brings(&world, draft("_r2", "_a2")), "what was refused marked nothing");
}

fn what_was_used_is_remembered_until_it_would_be_refused_as_expired(world: World) {
    world.administrator();
    let swept = || world.db().write_now(None, sweep).expect("swept");
    let rows = || crate::snapshot::texts(&world, "SELECT key_hash FROM saml_replays").len();
    assert!(brings(&world, unspent(&Draft::default())));
    swept();
    assert_eq!(rows(), 2, "the response and its assertion");
    world.later(Duration::days(3_700));
    swept();
    assert_eq!(rows(), 0);
}
