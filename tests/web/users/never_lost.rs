//! Whatever happens, and however much at once: somebody is left who administers the organization and can sign in.

use diesel::prelude::*;
use reqwest::StatusCode;
use roster::db::schema::{memberships, users};

use super::{ask, group_id, member, path, status_of};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::world::World;
use crate::support::{at_once, on_both, rounds};

const TRIES: usize = 32;
const OTHER: &str = "bob@example.com";

on_both!(
    of_two_administrators_who_deactivate_each_other_one_remains,
    of_two_administrators_who_take_the_group_from_each_other_one_remains,
    after_any_acts_an_administrator_is_left,
);

fn of_two_administrators_who_deactivate_each_other_one_remains(world: World) {
    let ada = world.administrator();
    let bob = member(&world, OTHER, "Bob Babbage", &["admin"]);
    let paths = [path(&world, OTHER, "deactivate"), path(&world, ADMINISTRATOR, "deactivate")];
    let (mut people, addresses) = ([ada, bob], [ADMINISTRATOR, OTHER]);
    for _ in 0..rounds() {
        let done = at_once(TRIES, |nth| {
            let page = people[nth % 2].post(&paths[nth % 2], &[]);
            // Whoever is out is sent to sign in, which is no success.
            let is_to_sign_in = page.leads_to().is_some_and(|to| to.path() == "/sign-in");
            page.status == StatusCode::SEE_OTHER && !is_to_sign_in
        });
        assert_eq!(done.iter().filter(|done| **done).count(), 1, "one act is done");
        let active = addresses.map(|email| status_of(&world, email) == "active");
        assert_ne!(active[0], active[1], "one of the two remains");
        let (winner, loser) = if active[0] { (0, 1) } else { (1, 0) };
        assert!(people[winner].is_signed_in() && !people[loser].is_signed_in());
        people[winner].post(&path(&world, addresses[loser], "reactivate"), &[]);
        people[loser] = world.visitor();
        people[loser].signs_in(addresses[loser], PASSWORD);
        assert!(people[loser].is_signed_in());
    }
}

fn of_two_administrators_who_take_the_group_from_each_other_one_remains(world: World) {
    let ada = world.administrator();
    let bob = member(&world, OTHER, "Bob Babbage", &["admin"]);
    let (people, addresses) = ([ada, bob], [ADMINISTRATOR, OTHER]);
    let admin = group_id(&world, "admin").to_string();
    for _ in 0..rounds() {
        let forms: Vec<_> = [1, 0]
            .map(|other: usize| {
                people[1 - other]
                    .opens(&path(&world, addresses[other], ""))
                    .form("Save groups")
                    .uncheck("admin")
            })
            .into();
        at_once(TRIES, |nth| forms[nth % 2].press_once().status);
        let holders = administrators(&world);
        assert_eq!(holders.len(), 1, "{holders:?}");
        let (winner, loser) = if holders[0] == ADMINISTRATOR { (0, 1) } else { (1, 0) };
        let page =
            people[winner].opens(&path(&world, addresses[loser], "")).form("Save groups").check("admin");
        assert!(page.pairs().iter().any(|(_, value)| *value == admin));
        assert_eq!(page.press_once().status, StatusCode::SEE_OTHER);
    }
}

/// The addresses of those in `admin` who are active. Everybody here has a password.
fn administrators(world: &World) -> Vec<String> {
    let admin = group_id(world, "admin");
    ask(world, |conn| {
        users::table
            .inner_join(memberships::table.on(memberships::user_id.eq(users::id)))
            .filter(memberships::group_id.eq(admin))
            .filter(users::status.eq("active"))
            .select(users::email)
            .load(conn)
    })
}

fn after_any_acts_an_administrator_is_left(world: World) {
    let mut people = vec![(ADMINISTRATOR.to_owned(), world.administrator())];
    for nth in 0..3 {
        let email = format!("p{nth}@example.com");
        people.push((email.clone(), member(&world, &email, "Person", &["admin"])));
    }
    let mut dice = Dice(7);
    for _ in 0..rounds() * 8 {
        let (by, of) = (dice.roll(people.len()), dice.roll(people.len()));
        act(&world, &people[by].1, &people[of].0, dice.roll(5));
        assert!(!administrators(&world).is_empty(), "an administrator is left");
        if dice.roll(3) == 0 {
            people[by].1 = world.visitor();
            people[by].1.signs_in(&people[by].0, PASSWORD);
        }
    }
}

fn act(world: &World, by: &Person, of: &str, what: usize) {
    let page = by.opens(&path(world, of, ""));
    match what {
        0 | 1 => drop(by.post(&path(world, of, "deactivate"), &[])),
        2 => drop(by.post(&path(world, of, "reactivate"), &[])),
        3 if page.has_button("Save groups") => drop(page.form("Save groups").uncheck("admin").press_once()),
        4 if page.has_button("Save groups") => drop(page.form("Save groups").check("admin").press_once()),
        _ => {}
    }
}

/// The same throws every time (a linear congruential generator).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}
