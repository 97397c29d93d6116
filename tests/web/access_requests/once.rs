//! Many at once: of what may happen once, exactly one try wins, and rows, audit and letters agree.

use chrono::Duration;
use reqwest::StatusCode;
use roster::access_requests::lapse_due;

use super::{act, asked, asks, letters, settled, state_of};
use crate::support::person::wait;
use crate::support::world::World;
use crate::support::{at_once, on_both, rounds};
use crate::users::{ask, id_of, lines, member};

const TRIES: usize = 32;

on_both!(
    of_many_who_ask_for_the_same_role_one_wins,
    of_approving_denying_and_withdrawing_one_wins,
    of_many_instances_that_write_down_an_end_one_does,
);

fn won(statuses: &[StatusCode]) -> usize {
    let lost = [StatusCode::CONFLICT, StatusCode::UNPROCESSABLE_ENTITY];
    assert!(statuses.iter().all(|it| *it == StatusCode::SEE_OTHER || lost.contains(it)), "{statuses:?}");
    statuses.iter().filter(|status| **status == StatusCode::SEE_OTHER).count()
}

fn of_many_who_ask_for_the_same_role_one_wins(world: World) {
    world.administrator();
    for round in 0..rounds().min(5) {
        let email = format!("p{round}@example.com");
        let person = member(&world, &email, "Somebody", &[]);
        let statuses = at_once(TRIES, |_| asks(&person, "cks_admin", "60").status);
        assert_eq!(won(&statuses), 1, "{statuses:?}");
        let done = round as i64 + 1;
        assert_eq!((lines(&world, "access_request.ask"), letters(&world, "access_asked")), (done, done));
    }
}

fn of_approving_denying_and_withdrawing_one_wins(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    for round in 0..rounds() {
        let id = asked(&world, &bob, "bob@example.com", "cks_admin");
        let before = letters(&world, "access_news");
        let statuses = at_once(TRIES, |nth| match nth % 3 {
            0 => act(&ada, id, "approve").status,
            1 => act(&ada, id, "deny").status,
            _ => act(&bob, id, "withdraw").status,
        });
        assert_eq!(won(&statuses), 1, "{statuses:?}");
        let (decided, withdrawn) =
            (lines(&world, "requests.decide"), lines(&world, "access_request.withdraw"));
        assert_eq!(letters(&world, "access_news"), before + 1);
        match state_of(&world, id).as_str() {
            "approved" => {
                assert_eq!(
                    won(&at_once(TRIES, |nth| match nth % 2 {
                        0 => act(&ada, id, "end").status,
                        _ => act(&bob, id, "give-back").status,
                    })),
                    1
                );
            }
            "denied" | "withdrawn" => {}
            other => panic!("{other}"),
        }
        assert_eq!(decided + withdrawn, round as i64 + 1);
    }
}

fn of_many_instances_that_write_down_an_end_one_does(mut world: World) {
    world.administrator();
    member(&world, "bob@example.com", "Bob", &[]);
    let bob = id_of(&world, "bob@example.com");
    for nth in 0..20 {
        settled(&world, bob, &format!("role_{nth}"), if nth % 2 == 0 { "pending" } else { "approved" }, 1);
    }
    // Its own work in the background rests meanwhile.
    world.stops();
    world.clock.advance(Duration::hours(3));
    world.starts();
    let (db, catalogue) = (world.db().clone(), world.site().catalogue.clone());
    let done: usize = at_once(TRIES, |_| wait(lapse_due(&db, &catalogue)).expect("work")).iter().sum();
    assert!(done <= 20, "{done}");
    let left = || {
        ask(&world, |conn| {
            use diesel::prelude::*;
            use roster::db::schema::access_requests;
            access_requests::table
                .filter(access_requests::state.eq_any(["pending", "approved"]))
                .count()
                .get_result::<i64>(conn)
        })
    };
    crate::support::element::until(
        || if left() == 0 { Ok(()) } else { Err(left().to_string()) },
        |why| format!("{why} are left"),
    );
    assert_eq!((lines(&world, "access_request.expire"), lines(&world, "access_request.end")), (10, 10));
    assert_eq!(letters(&world, "access_news"), 20);
}
