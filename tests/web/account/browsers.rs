//! Browsers that an account knows.

use chrono::Duration;

use super::BOB;
use crate::snapshot::texts;
use crate::support::on_both;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::world::World;

on_both!(
    a_sign_in_from_a_browser_never_seen_before_is_mailed,
    the_first_browser_and_a_known_one_are_not_news,
    browsers_that_stay_away_are_forgotten,
);

fn signs_in(person: &Person, email: &str) {
    person.post("/sign-in", &[("email", email), ("password", PASSWORD)]);
    assert!(person.is_signed_in());
}

fn news(world: &World) -> usize {
    texts(world, "SELECT parameters FROM jobs WHERE parameters LIKE '%new_browser%'").len()
}

fn a_sign_in_from_a_browser_never_seen_before_is_mailed(world: World) {
    world.administrator();
    let phone =
        world.visitor_from(7).with("user-agent", "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Firefox/140.0");
    signs_in(&phone, ADMINISTRATOR);
    let letter = world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.subject.contains("new browser"));
    assert!(
        letter.text.contains("Firefox on Android") && letter.text.contains("127.0.1.7"),
        "{}",
        letter.text
    );
    assert!(letter.link("/account/settings").ends_with("#sessions"));
    phone.signs_out();
    signs_in(&phone, ADMINISTRATOR);
    assert_eq!(news(&world), 1, "now it is known");
}

fn the_first_browser_and_a_known_one_are_not_news(world: World) {
    let ada = world.administrator();
    let bob = world.member(&ada, BOB, "Bob Builder", &[]);
    for (person, email) in [(&ada, ADMINISTRATOR), (&bob, BOB)] {
        person.signs_out();
        signs_in(person, email);
    }
    assert_eq!(news(&world), 0);
    signs_in(&ada, BOB);
    assert_eq!(news(&world), 1, "what one account knows another does not");
    let forged = world.visitor().with("cookie", "roster_browser=short");
    forged.post("/sign-in", &[("email", ADMINISTRATOR), ("password", PASSWORD)]);
    assert_eq!(news(&world), 2);
    let keys = texts(&world, "SELECT key_hash FROM browsers");
    assert!(keys.iter().all(|hash| hash.len() == 64 && !ada.cookies().contains(hash.as_str())));
}

fn browsers_that_stay_away_are_forgotten(world: World) {
    let ada = world.administrator();
    world.clock.advance(Duration::days(300));
    signs_in(&ada, ADMINISTRATOR);
    signs_in(&world.visitor(), ADMINISTRATOR);
    assert_eq!(news(&world), 1);
    let known = |world: &World| texts(world, "SELECT key_hash FROM browsers").len();
    world.clock.advance(Duration::days(399));
    signs_in(&ada, ADMINISTRATOR);
    assert_eq!(known(&world), 2);
    // The console's own housekeeping may be faster than this sweep; what is left is the same.
    world.clock.advance(Duration::days(2));
    world.db().write_now(None, roster::sign_in::sweep).expect("a sweep");
    assert_eq!(known(&world), 1);
    signs_in(&ada, ADMINISTRATOR);
    assert_eq!(known(&world), 1, "the one that came back is known still");
}
