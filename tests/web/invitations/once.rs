//! Many at once: of what may happen once, exactly one try wins, and rows, audit and letters agree.

use reqwest::StatusCode;

use super::{Row, act, ask, assert_counted, invite, letters, lines, people, row};
use crate::support::people::PASSWORD;
use crate::support::person::Person;
use crate::support::world::World;
use crate::support::{at_once, on_both, rounds};

const TRIES: usize = 32;

on_both!(
    of_many_who_accept_one_is_in,
    of_revoking_and_resending_one_wins,
    of_many_who_resend_one_wins,
    of_accepting_and_revoking_one_wins,
    of_many_who_take_a_revocation_back_one_wins,
    of_many_who_invite_the_same_address_one_wins,
);

fn address(round: usize) -> String {
    format!("p{round}@example.com")
}

/// Invites somebody and returns the row with its link, as Copy link shows it.
fn invited(world: &World, ada: &Person, round: usize) -> (Row, String) {
    invite(ada, &address(round), &["read"]);
    let row = row(world, &address(round));
    let link = ada.get(&row.path("link"));
    let link = link.whole().control("Invitation link").attr("value").unwrap().to_owned();
    (row, link)
}

fn accept(visitor: &Person, link: &str, name: &str) -> StatusCode {
    visitor.post(link, &[("name", name), ("password", PASSWORD)]).status
}

fn won(statuses: &[StatusCode]) -> usize {
    let lost = [StatusCode::GONE, StatusCode::CONFLICT, StatusCode::UNPROCESSABLE_ENTITY];
    assert!(statuses.iter().all(|it| *it == StatusCode::SEE_OTHER || lost.contains(it)), "{statuses:?}");
    statuses.iter().filter(|status| **status == StatusCode::SEE_OTHER).count()
}

fn of_many_who_accept_one_is_in(world: World) {
    let ada = world.administrator();
    for round in 0..rounds() {
        let (_, link) = invited(&world, &ada, round);
        let visitors: Vec<_> = (0..TRIES).map(|nth| world.visitor_from(nth as u8 + 1)).collect();
        let statuses = at_once(TRIES, |nth| accept(&visitors[nth], &link, &format!("Visitor {nth}")));
        assert_eq!(won(&statuses), 1, "{statuses:?}");
        let winner = statuses.iter().position(|status| *status == StatusCode::SEE_OTHER).unwrap();
        assert!(visitors[winner].is_signed_in());
        assert_eq!(name_of(&world, &address(round)), format!("Visitor {winner}"));
        let done = round as i64 + 1;
        assert_eq!(
            (lines(&world, "invitation.accept"), letters(&world, "invitation_accepted")),
            (done, done)
        );
        assert_eq!(people(&world, "active"), (done + 1, done + 1));
    }
    assert_counted(&world);
}

fn name_of(world: &World, email: &str) -> String {
    use diesel::prelude::*;
    use roster::db::schema::users;
    ask(world, |conn| users::table.filter(users::email.eq(email)).select(users::name).first(conn))
}

fn of_revoking_and_resending_one_wins(world: World) {
    let ada = world.administrator();
    for round in 0..rounds() {
        let (seen, _) = invited(&world, &ada, round);
        let before = (lines(&world, "iam.users.revoke"), lines(&world, "iam.users.resend"));
        let statuses =
            at_once(TRIES, |nth| act(&ada, &seen, if nth % 2 == 0 { "revoke" } else { "resend" }).status);
        assert_eq!(won(&statuses), 1, "{statuses:?}");
        let after =
            (lines(&world, "iam.users.revoke") - before.0, lines(&world, "iam.users.resend") - before.1);
        let now = row(&world, &address(round));
        match after {
            (1, 0) => assert_eq!((now.state.as_str(), now.user, now.generation), ("revoked", None, 1)),
            (0, 1) => assert_eq!((now.state.as_str(), now.generation), ("pending", 2)),
            other => panic!("{other:?}"),
        }
    }
    assert_counted(&world);
}

fn of_many_who_resend_one_wins(world: World) {
    let ada = world.administrator();
    for round in 0..rounds() {
        let (seen, _) = invited(&world, &ada, round);
        let statuses = at_once(TRIES, |_| act(&ada, &seen, "resend").status);
        assert_eq!(won(&statuses), 1, "{statuses:?}");
        assert_eq!(row(&world, &address(round)).generation, 2);
        assert_eq!(lines(&world, "iam.users.resend"), round as i64 + 1);
        let about = seen.id.to_string();
        assert!(current_letters(&world, &about) == 1, "one letter with the link that works");
    }
}

/// The letters about an invitation that bear the newest link and were not taken back.
fn current_letters(world: &World, about: &str) -> usize {
    use diesel::prelude::*;
    use roster::db::schema::jobs;
    let parameters: Vec<String> = ask(world, |conn| {
        jobs::table
            .filter(jobs::about.eq(about))
            .filter(jobs::state.ne("cancelled"))
            .select(jobs::parameters)
            .load(conn)
    });
    parameters.iter().filter(|text| text.contains("\"generation\":2")).count()
}

fn of_accepting_and_revoking_one_wins(world: World) {
    let ada = world.administrator();
    for round in 0..rounds() {
        let (seen, link) = invited(&world, &ada, round);
        let before = (lines(&world, "iam.users.revoke"), lines(&world, "invitation.accept"));
        let visitors: Vec<_> = (0..TRIES).map(|nth| world.visitor_from(nth as u8 + 1)).collect();
        let statuses = at_once(TRIES, |nth| match nth % 2 {
            0 => act(&ada, &seen, "revoke").status,
            _ => accept(&visitors[nth], &link, "Grace Hopper"),
        });
        assert_eq!(won(&statuses), 1, "{statuses:?}");
        let after =
            (lines(&world, "iam.users.revoke") - before.0, lines(&world, "invitation.accept") - before.1);
        let now = row(&world, &address(round));
        match after {
            (1, 0) => assert_eq!((now.state.as_str(), now.user), ("revoked", None)),
            (0, 1) => assert_eq!((now.state.as_str(), now.user), ("accepted", seen.user)),
            other => panic!("{other:?}"),
        }
    }
    assert_counted(&world);
}

fn of_many_who_take_a_revocation_back_one_wins(world: World) {
    let ada = world.administrator();
    for round in 0..rounds() {
        let (seen, _) = invited(&world, &ada, round);
        act(&ada, &seen, "revoke");
        let statuses = at_once(TRIES, |_| act(&ada, &seen, "undo").status);
        assert_eq!(won(&statuses), 1, "{statuses:?}");
        let now = row(&world, &address(round));
        assert_eq!((now.state.as_str(), now.generation), ("pending", 2));
        assert_eq!(people(&world, "invited"), (round as i64 + 1, round as i64 + 1));
    }
    assert_counted(&world);
}

fn of_many_who_invite_the_same_address_one_wins(world: World) {
    let ada = world.administrator();
    for round in 0..rounds() {
        let email = address(round);
        let statuses =
            at_once(TRIES, |_| ada.post(super::INVITE, &[("email", &email), ("step", "send")]).status);
        assert_eq!(won(&statuses), 1, "{statuses:?}");
        let done = round as i64 + 1;
        assert_eq!((people(&world, "invited"), lines(&world, "iam.users.invite")), ((done, done), done));
    }
    assert_counted(&world);
}
