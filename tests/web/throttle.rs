//! Guessing: slowed down, told how long to wait, and nobody locked out.

use std::{collections::BTreeSet, time::Instant};

use chrono::Duration;
use reqwest::StatusCode;

use crate::cast::enters;
use crate::snapshot::texts;
use crate::support::page::Page;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::world::{Database, World};
use crate::support::{at_once, on_both};

on_both!(
    five_failures_are_free_and_each_one_after_doubles_the_wait_up_to_a_minute,
    the_right_password_gets_in_after_the_wait_and_nothing_is_held_against_it,
    nobody_is_locked_out_however_often_others_fail,
    after_a_hundred_failures_a_new_browser_opens_a_mailed_link_first,
    known_and_unknown_addresses_are_told_alike_to_look_for_a_link,
    a_link_for_a_new_browser_is_mailed_at_most_every_ten_minutes_and_works_for_an_hour,
    a_link_for_a_new_browser_lets_one_browser_in,
    the_count_survives_a_restart,
    the_count_is_forgotten_after_twelve_quiet_hours,
    spelling_the_address_otherwise_dodges_nothing,
    coming_from_elsewhere_dodges_nothing,
    tries_side_by_side_dodge_nothing,
    right_passwords_side_by_side_all_get_in,
    other_people_are_not_slowed,
    a_machine_that_fails_for_many_addresses_is_slowed_itself,
    letters_cannot_be_asked_for_at_will,
    unknown_wrong_invited_and_deactivated_get_the_same_answer,
    failures_are_in_the_audit_up_to_a_rate,
    whoever_tries_too_often_waits_for_the_answer,
);

const WRONG: &str = "eight quiet rivers at dawn";

fn tries(person: &Person, email: &str, password: &str) -> Page {
    person.post("/sign-in", &[("email", email), ("password", password)])
}

/// How long the answer says to wait.
fn wait_of(page: &Page) -> Option<i64> {
    let told =
        page.headers.get("retry-after").map(|value| value.to_str().expect("text").parse().expect("seconds"));
    assert_eq!(told.is_some(), page.status == StatusCode::TOO_MANY_REQUESTS, "{} {told:?}", page.status);
    told
}

/// Fails once, as soon as it may; returns how long that had to wait.
fn fails(world: &World, person: &Person, email: &str) -> i64 {
    let page = tries(person, email, WRONG);
    let Some(wait) = wait_of(&page) else {
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.text());
        return 0;
    };
    let words = if wait == 1 { "1 second".to_owned() } else { format!("{wait} seconds") };
    assert!(page.says("Nothing is locked") && page.says(&words), "{wait}: {}", page.text());
    world.clock.advance(Duration::milliseconds(wait * 1000 - 1));
    assert!(
        wait_of(&tries(person, email, PASSWORD)).is_some(),
        "a try too early, even with the right password"
    );
    world.clock.advance(Duration::milliseconds(1));
    assert_eq!(tries(person, email, WRONG).status, StatusCode::UNPROCESSABLE_ENTITY, "after {wait} seconds");
    wait
}

fn five_failures_are_free_and_each_one_after_doubles_the_wait_up_to_a_minute(world: World) {
    world.administrator();
    let person = world.visitor();
    let waits: Vec<_> = (0..15).map(|_| fails(&world, &person, ADMINISTRATOR)).collect();
    assert_eq!(waits, [0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
}

fn the_right_password_gets_in_after_the_wait_and_nothing_is_held_against_it(world: World) {
    world.administrator();
    let person = world.visitor();
    (0..9).for_each(|_| {
        fails(&world, &person, ADMINISTRATOR);
    });
    let wait = wait_of(&tries(&person, ADMINISTRATOR, PASSWORD)).expect("a wait");
    world.clock.advance(Duration::seconds(wait));
    assert_eq!(tries(&person, ADMINISTRATOR, PASSWORD).status, StatusCode::SEE_OTHER);
    assert!(person.is_signed_in());
    let waits: Vec<_> = (0..7).map(|_| fails(&world, &world.visitor(), ADMINISTRATOR)).collect();
    assert_eq!(waits, [0, 0, 0, 0, 0, 0, 1], "the count begins anew");
}

fn nobody_is_locked_out_however_often_others_fail(world: World) {
    let ada = world.administrator();
    strangers_fail(&world, ADMINISTRATOR);
    ada.signs_out();
    let wait =
        wait_of(&tries(&ada, ADMINISTRATOR, PASSWORD)).expect("a wait, for a browser that was here before");
    assert!(wait <= 60, "{wait}");
    for machine in 67..70 {
        let stranger = tries(&world.visitor_from(machine), ADMINISTRATOR, WRONG);
        assert_eq!(stranger.heading(), "Open the mailed link", "no try of theirs keeps her waiting");
    }
    world.clock.advance(Duration::seconds(wait));
    assert_eq!(tries(&ada, ADMINISTRATOR, PASSWORD).status, StatusCode::SEE_OTHER);
}

/// A hundred wrong passwords from a machine that was never seen before.
fn strangers_fail(world: &World, email: &str) {
    let attacker = world.visitor_from(66);
    for _ in 0..100 {
        world.clock.advance(Duration::seconds(60));
        assert_eq!(tries(&attacker, email, WRONG).status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    // What is counted against the attacker's machine is another matter.
    world.clock.advance(Duration::seconds(1));
}

fn after_a_hundred_failures_a_new_browser_opens_a_mailed_link_first(world: World) {
    world.administrator();
    strangers_fail(&world, ADMINISTRATOR);
    let ada = world.visitor_from(1);
    assert_eq!(
        tries(&ada, ADMINISTRATOR, PASSWORD).heading(),
        "Open the mailed link",
        "even with the right password"
    );
    let letter = world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.subject.contains("new browser"));
    let link = letter.link("/sign-in/browser/");
    let page = ada.opens(&link);
    assert!(page.says(ADMINISTRATOR) && page.says("A browser on Linux"), "{}", page.text());
    assert_eq!(ada.opens(&link).status, StatusCode::OK, "looking uses nothing up");
    let page = page.form("Let this browser sign in").press();
    assert_eq!(page.url.path(), "/sign-in");
    assert!(page.says("This browser is known now."), "{}", page.text());
    world.clock.advance(Duration::seconds(60));
    assert_eq!(tries(&ada, ADMINISTRATOR, WRONG).status, StatusCode::UNPROCESSABLE_ENTITY);
    world.clock.advance(Duration::seconds(60));
    assert_eq!(tries(&ada, ADMINISTRATOR, PASSWORD).status, StatusCode::SEE_OTHER);
    assert!(ada.is_signed_in());
    let used = world.visitor().opens(&link);
    assert_eq!(used.status, StatusCode::GONE);
    assert!(used.says("works once"), "{}", used.text());
    assert_eq!(world.visitor().get(&link.replace("/browser/", "/browser/A")).status, StatusCode::NOT_FOUND);
}

fn known_and_unknown_addresses_are_told_alike_to_look_for_a_link(world: World) {
    world.administrator();
    strangers_fail(&world, ADMINISTRATOR);
    strangers_fail(&world, "nobody@example.com");
    let known = tries(&world.visitor_from(1), ADMINISTRATOR, PASSWORD);
    let unknown = tries(&world.visitor_from(2), "nobody@example.com", PASSWORD);
    assert_eq!((known.status, &known.body), (unknown.status, &unknown.body));
    let lengths = |page: &Page| page.headers.get("content-length").cloned();
    assert_eq!(lengths(&known), lengths(&unknown));
    assert_eq!(texts(&world, "SELECT id FROM browser_links").len(), 1);
}

fn a_link_for_a_new_browser_is_mailed_at_most_every_ten_minutes_and_works_for_an_hour(world: World) {
    world.administrator();
    strangers_fail(&world, ADMINISTRATOR);
    let asks =
        || assert_eq!(tries(&world.visitor_from(1), ADMINISTRATOR, WRONG).status, StatusCode::FORBIDDEN);
    (0..5).for_each(|_| asks());
    assert_eq!(texts(&world, "SELECT id FROM browser_links").len(), 1);
    world.later(Duration::minutes(10));
    asks();
    assert_eq!(texts(&world, "SELECT id FROM browser_links").len(), 2);
    let letter = world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.subject.contains("new browser"));
    world.later(Duration::minutes(61));
    let late = world.visitor().opens(&letter.link("/sign-in/browser/"));
    assert_eq!(late.status, StatusCode::GONE);
    assert!(late.says("one hour"), "{}", late.text());
}

fn a_link_for_a_new_browser_lets_one_browser_in(world: World) {
    world.administrator();
    strangers_fail(&world, ADMINISTRATOR);
    tries(&world.visitor_from(1), ADMINISTRATOR, WRONG);
    let letter = world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.subject.contains("new browser"));
    let link = letter.link("/sign-in/browser/");
    let before = texts(&world, "SELECT key_hash FROM browsers").len();
    let visitors: Vec<_> = (0..32).map(|_| world.visitor()).collect();
    let answers = at_once(32, |nth| visitors[nth].post(&link, &[]).status);
    assert_eq!(answers.iter().filter(|status| **status == StatusCode::SEE_OTHER).count(), 1, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == StatusCode::GONE).count(), 31, "{answers:?}");
    assert_eq!(texts(&world, "SELECT key_hash FROM browsers").len(), before + 1);
}

fn the_count_survives_a_restart(mut world: World) {
    world.administrator();
    (0..8).for_each(|_| {
        fails(&world, &world.visitor(), ADMINISTRATOR);
    });
    world.restarts();
    let wait = wait_of(&tries(&world.visitor(), ADMINISTRATOR, PASSWORD));
    assert_eq!(wait, Some(4));
}

fn the_count_is_forgotten_after_twelve_quiet_hours(world: World) {
    world.administrator();
    let person = world.visitor();
    (0..8).for_each(|_| {
        fails(&world, &person, ADMINISTRATOR);
    });
    world.clock.advance(Duration::hours(12));
    let waits: Vec<_> = (0..7).map(|_| fails(&world, &person, ADMINISTRATOR)).collect();
    assert_eq!(waits, [0, 0, 0, 0, 0, 0, 1]);
}

fn spelling_the_address_otherwise_dodges_nothing(world: World) {
    let ada = world.administrator();
    ada.invites("zoë@bücher.example", &[]);
    world.accepts(&world.invitation_link("zoë@xn--bcher-kva.example"), "Zoë Reader", PASSWORD);
    let spelt =
        ["zoë@bücher.example", "ZOË@BÜCHER.EXAMPLE", " zoë@bücher.example ", "zoë@xn--bcher-kva.example"];
    let decomposed = "zoe\u{308}@bu\u{308}cher.example";
    let all = spelt.into_iter().chain([decomposed, "Zoe\u{308}@XN--BCHER-KVA.example", "zoë@bücher.example"]);
    let waits: Vec<_> = all.map(|email| wait_of(&tries(&world.visitor(), email, WRONG))).collect();
    assert_eq!(waits, [None, None, None, None, None, None, Some(1)]);
    world.clock.advance(Duration::seconds(1));
    assert_eq!(
        tries(&world.visitor(), decomposed, PASSWORD).status,
        StatusCode::SEE_OTHER,
        "it is the same address"
    );

    // What is no address of anybody is a count of its own, however it is spelt.
    let others =
        ["ada@example.com.", "ada@example.com\u{200b}", "\"ada\"@example.com", "Ada <ada@example.com>"];
    for other in others {
        assert_eq!(
            tries(&world.visitor(), other, PASSWORD).status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{other}"
        );
    }
}

fn coming_from_elsewhere_dodges_nothing(world: World) {
    world.administrator();
    let waits: Vec<_> = (1..8)
        .map(|machine| {
            let forwarded = format!("198.51.100.{machine}");
            let person =
                world.visitor_from(machine).with("x-forwarded-for", &forwarded).with("x-real-ip", &forwarded);
            wait_of(&tries(&person, ADMINISTRATOR, WRONG))
        })
        .collect();
    assert_eq!(waits, [None, None, None, None, None, None, Some(1)]);
}

fn tries_side_by_side_dodge_nothing(world: World) {
    world.administrator();
    let people: Vec<_> = (0..32).map(|machine| world.visitor_from(machine + 1)).collect();
    let answers = at_once(32, |nth| tries(&people[nth], ADMINISTRATOR, WRONG).status);
    let count = |status| answers.iter().filter(|it| **it == status).count();
    let (wrong, too_often) = (count(StatusCode::UNPROCESSABLE_ENTITY), count(StatusCode::TOO_MANY_REQUESTS));
    assert_eq!((wrong, too_often), (6, 26), "{answers:?}");
    // Even the right password is one of the tries.
    let answers = at_once(32, |nth| {
        tries(&people[nth], ADMINISTRATOR, if nth == 31 { PASSWORD } else { WRONG }).status
    });
    assert!(answers.iter().all(|status| *status == StatusCode::TOO_MANY_REQUESTS), "{answers:?}");
}

fn right_passwords_side_by_side_all_get_in(world: World) {
    world.administrator();
    let people: Vec<_> = (0..4).map(|_| world.visitor()).collect();
    for _ in 0..5 {
        let answers = at_once(4, |nth| tries(&people[nth], ADMINISTRATOR, PASSWORD).status);
        assert_eq!(answers, [StatusCode::SEE_OTHER; 4]);
    }
}

fn other_people_are_not_slowed(world: World) {
    let ada = world.administrator();
    world.member(&ada, "bob@example.com", "Bob Builder", &[]);
    let person = world.visitor();
    (0..8).for_each(|_| {
        fails(&world, &person, ADMINISTRATOR);
    });
    assert!(wait_of(&tries(&person, ADMINISTRATOR, PASSWORD)).is_some());
    assert!(enters(&world, "bob@example.com").is_signed_in(), "from the same machine at the same time");
    assert!(ada.is_signed_in(), "whoever is in, stays in");
}

fn a_machine_that_fails_for_many_addresses_is_slowed_itself(world: World) {
    world.administrator();
    let attacker = world.visitor_from(66);
    for nth in 0..41 {
        let forwarded = attacker.with("x-forwarded-for", &format!("198.51.100.{nth}"));
        assert_eq!(wait_of(&tries(&forwarded, &format!("guess-{nth}@example.com"), WRONG)), None, "{nth}");
    }
    let forwarded = attacker.with("x-forwarded-for", "198.51.100.99");
    assert_eq!(wait_of(&tries(&forwarded, "one-more@example.com", WRONG)), Some(1));
    assert_eq!(tries(&world.visitor_from(1), ADMINISTRATOR, PASSWORD).status, StatusCode::SEE_OTHER);
}

#[test]
fn behind_a_proxy_that_is_trusted_the_address_it_tells_is_slowed() {
    let world = World::with(Database::Sqlite, &[("trusted_proxies", "127.0.0.1")]);
    world.administrator();
    let from = |told: &str| world.visitor().with("x-forwarded-for", told);
    for nth in 0..41 {
        // What the client itself wrote stands to the left of what the proxy adds.
        let attacker = from(&format!("203.0.113.{nth}, 198.51.100.7"));
        assert_eq!(wait_of(&tries(&attacker, &format!("guess-{nth}@example.com"), WRONG)), None, "{nth}");
    }
    assert_eq!(wait_of(&tries(&from("198.51.100.7"), "one-more@example.com", WRONG)), Some(1));
    assert_eq!(wait_of(&tries(&from("198.51.100.8"), "one-more@example.com", WRONG)), None);
    // The addresses of one IPv6 network are one.
    for nth in 0..41 {
        let attacker = from(&format!("2001:db8:1:2::{nth:x}"));
        assert_eq!(wait_of(&tries(&attacker, &format!("again-{nth}@example.com"), WRONG)), None, "{nth}");
    }
    assert_eq!(wait_of(&tries(&from("2001:db8:1:2:ffff::1"), "and-more@example.com", WRONG)), Some(1));
    assert_eq!(wait_of(&tries(&from("2001:db8:1:3::1"), "and-more@example.com", WRONG)), None);
}

fn letters_cannot_be_asked_for_at_will(world: World) {
    let ada = world.administrator();
    ada.invites("bob@example.com", &[]);
    let asks = |email: &str| {
        let page = world.visitor().post("/invitations/send-again", &[("email", email)]);
        let is_told = [StatusCode::OK, StatusCode::TOO_MANY_REQUESTS].contains(&page.status);
        assert!(is_told, "{}: {}", page.status, page.text());
        wait_of(&page)
    };
    let waits: Vec<_> = (0..7).map(|_| asks("bob@example.com")).collect();
    assert_eq!(waits, [None, None, None, None, None, None, Some(1)]);
    let waits: Vec<_> = (0..7).map(|_| asks("nobody@example.com")).collect();
    assert_eq!(
        waits,
        [None, None, None, None, None, None, Some(1)],
        "the same for an address without invitation"
    );
}

fn unknown_wrong_invited_and_deactivated_get_the_same_answer(world: World) {
    let ada = world.administrator();
    world.member(&ada, "bob@example.com", "Bob Builder", &[]);
    world.member(&ada, "dee@example.com", "Dee Parted", &[]);
    ada.invites("ivy@example.com", &[]);
    let dee = texts(&world, "SELECT id FROM users WHERE email = 'dee@example.com'").remove(0);
    ada.post(&format!("/organization/users/{dee}/deactivate"), &[]);

    let emails = ["bob@example.com", "dee@example.com", "ivy@example.com", "eve@example.com"];
    for round in 0..7 {
        let answers = emails.map(|email| {
            let page = tries(&world.visitor(), email, WRONG);
            let names: BTreeSet<_> = page.headers.keys().map(ToString::to_string).collect();
            let length = page.headers.get("content-length").cloned();
            let lines: Vec<_> = page.body.replace(email, "…").lines().map(str::to_owned).collect();
            (page.status, lines, names, length)
        });
        for answer in &answers {
            let differing = answer.1.iter().zip(&answers[0].1).find(|(one, other)| one != other);
            assert!(answer == &answers[0], "in round {round}: {differing:?} {answer:?}");
        }
    }
    let rows = texts(&world, "SELECT name FROM throttles");
    assert!(rows.iter().all(|name| name.len() == 64 && !name.contains('@')), "{rows:?}");
    let refused = world.visitor();
    world.clock.advance(Duration::minutes(1));
    assert_eq!(
        tries(&refused, "dee@example.com", PASSWORD).status,
        StatusCode::FORBIDDEN,
        "the right password is told"
    );
}

fn failures_are_in_the_audit_up_to_a_rate(world: World) {
    world.administrator();
    let lines =
        || texts(&world, "SELECT action FROM audit_lines WHERE action = 'account.sign_in_failed'").len();
    for nth in 1..=30_usize {
        world.clock.advance(Duration::minutes(1));
        assert_eq!(tries(&world.visitor(), ADMINISTRATOR, WRONG).status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(lines(), nth.min(10) + nth.saturating_sub(10) / 10, "after {nth}");
    }
    tries(&world.visitor(), "nobody@example.com", WRONG);
    assert_eq!(lines(), 12, "nobody has no audit");
}

fn whoever_tries_too_often_waits_for_the_answer(mut world: World) {
    world.administrator();
    let pause = std::time::Duration::from_millis(300);
    world.takes_its_time(pause);
    let person = world.visitor();
    (0..6).for_each(|_| assert_eq!(fails(&world, &person, ADMINISTRATOR), 0));
    let begun = Instant::now();
    assert!(wait_of(&tries(&person, ADMINISTRATOR, WRONG)).is_some());
    assert!(begun.elapsed() >= pause, "the refusal came after {:?}", begun.elapsed());
}
