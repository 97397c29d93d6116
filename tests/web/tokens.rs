//! The pages of access tokens: made, shown once, used, warned of, revoked.

use chrono::Duration;
use reqwest::StatusCode;

use crate::api::{json, problem};
use crate::cast::{Cast, Kind, has_a_token, with_token};
use crate::snapshot::texts;
use crate::support::on_both;
use crate::support::page::Page;
use crate::support::people::ADMINISTRATOR;
use crate::support::person::{Person, wait};
use crate::support::world::World;
use crate::support::{at_once, element::until};

on_both!(
    a_token_is_made_shown_once_used_and_revoked,
    every_length_of_life_ends_when_it_says,
    a_token_can_be_narrowed_to_roles_that_its_person_holds_and_to_no_others,
    what_is_wrong_stands_beside_its_field_and_nothing_is_made,
    making_one_needs_a_fresh_proof_and_keeps_the_form,
    people_are_told_by_mail_of_every_token_made_and_revoked,
    the_end_is_told_seven_days_and_one_day_before_each_once,
    a_token_of_an_hour_ends_without_letters,
    an_administrator_sees_and_revokes_the_tokens_of_others,
    whoever_may_read_everybodys_tokens_sees_them_with_their_owners,
    a_token_is_revoked_from_the_list_of_everybodys_and_the_list_comes_back,
    everybodys_tokens_are_the_organizations_own_and_turned_page_by_page,
    whoever_may_not_have_tokens_has_no_page_of_them,
    deactivating_suspends_and_reactivating_revokes_unless_they_are_kept,
    a_hundred_tokens_are_enough,
    revoking_at_once_does_it_once,
);

const WHOAMI: &str = "/api/v1/whoami";

fn makes(person: &Person, name: &str, expiration: &str) -> Page {
    let form = person.opens("/tokens").follow("Create Token").form("Create token");
    form.fill("Token name", name).choose("Expiration", expiration).press()
}

fn secret_on(page: &Page) -> String {
    assert!(page.status.is_success(), "{}: {}", page.status, page.text());
    page.whole().control("Secret").attr("value").expect("a secret").to_owned()
}

fn a_token_is_made_shown_once_used_and_revoked(world: World) {
    let ada = world.administrator();
    let empty = ada.opens("/tokens");
    assert_eq!(empty.heading(), "Tokens");
    assert!(empty.says("No token yet"), "{}", empty.text());
    let secret = secret_on(&makes(&ada, "backups", "One month"));
    assert!(secret.starts_with("rst_"), "{secret}");
    let stored = texts(&world, "SELECT secret_hash || name || comment FROM access_tokens").remove(0);
    assert!(!stored.contains(&secret));

    let robot = with_token(&world.visitor(), &secret);
    assert_eq!(json(&robot.get(WHOAMI))["token"]["name"], "backups");
    let list = ada.opens("/tokens");
    assert!(list.says("backups") && list.says("23 Dec 2026, 09:00 UTC") && list.says("never"));
    assert!(!list.body.contains(&secret), "the secret is shown once");
    wait(world.site().touches.flush(&world.site().db)).expect("the last use");
    assert!(ada.opens("/tokens").says("23 Nov 2026, 09:00 UTC"));

    let asked = list.follow("Revoke backups");
    assert_eq!(asked.heading(), "Revoke backups");
    let after = asked.form("Revoke token").press();
    assert!(after.says("No token yet"), "{}", after.text());
    assert_eq!(problem(&robot.get(WHOAMI)), "token-revoked");
}

fn every_length_of_life_ends_when_it_says(world: World) {
    let ada = world.administrator();
    let lives = [
        ("1 hour", Some(Duration::hours(1))),
        ("8 hours", Some(Duration::hours(8))),
        ("One month", Some(Duration::days(30))),
        ("90 days", Some(Duration::days(90))),
        ("One year", Some(Duration::days(365))),
        ("Never", None),
    ];
    let mut robots: Vec<_> = lives
        .iter()
        .map(|(label, life)| (with_token(&world.visitor(), &secret_on(&makes(&ada, label, label))), *life))
        .collect();
    let forever = robots.pop().expect("the last").0;
    let mut gone = Duration::zero();
    for (robot, life) in robots {
        let life = life.expect("an end");
        world.clock.advance(life - gone - Duration::seconds(1));
        assert_eq!(robot.get(WHOAMI).status, StatusCode::OK, "a second before {life}");
        world.clock.advance(Duration::seconds(1));
        assert_eq!(problem(&robot.get(WHOAMI)), "token-expired", "at {life}");
        gone = life;
    }
    assert_eq!(forever.get(WHOAMI).status, StatusCode::OK);
}

fn a_token_can_be_narrowed_to_roles_that_its_person_holds_and_to_no_others(world: World) {
    let ada = world.administrator();
    let form = ada.opens("/tokens/new").form("Create token").fill("Token name", "clusters");
    let secret = secret_on(&form.check("CKS Admin").press());
    let told = json(&with_token(&world.visitor(), &secret).get(WHOAMI));
    assert_eq!(told["principal"]["roles"], serde_json::json!(["cks_admin"]));
    assert!(ada.opens("/tokens").says("Only CKS Admin"));
    let page = ada.post("/tokens/new", &[("name", "x"), ("role", "billing_viewer")]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("You do not hold the role billing_viewer now"), "{}", page.text());
    assert_eq!(texts(&world, "SELECT name FROM access_tokens").len(), 1);
}

fn what_is_wrong_stands_beside_its_field_and_nothing_is_made(world: World) {
    let ada = world.administrator();
    let (long, comment) = ("n".repeat(101), "c".repeat(501));
    let fields = [("name", long.as_str()), ("expiration", "2h"), ("comment", comment.as_str())];
    let page = ada.post("/tokens/new", &fields);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for label in ["Token name", "Expiration", "Comment"] {
        assert!(page.error_for(label).is_some(), "{label}: {}", page.text());
    }
    let page = ada.post("/tokens/new", &[("name", "")]);
    assert!(page.error_for("Token name").is_some_and(|words| words.contains("Enter a name")));
    assert!(texts(&world, "SELECT name FROM access_tokens").is_empty());
}

fn making_one_needs_a_fresh_proof_and_keeps_the_form(world: World) {
    let ada = world.administrator();
    world.later(Duration::minutes(11));
    let page = makes(&ada, "late", "8 hours");
    assert_eq!(page.url.path(), "/account/prove", "{}", page.text());
    let form = page.form("Go on").fill("Password", crate::support::people::PASSWORD);
    let page = form.press();
    assert_eq!(page.url.path(), "/tokens/new", "{}", page.text());
    assert!(texts(&world, "SELECT name FROM access_tokens").is_empty());
    let made = page.form("Create token").press();
    assert!(secret_on(&made).starts_with("rst_"));
    assert_eq!(texts(&world, "SELECT name FROM access_tokens"), ["late"]);
}

fn people_are_told_by_mail_of_every_token_made_and_revoked(world: World) {
    let ada = world.administrator();
    makes(&ada, "backups", "Never");
    world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.text.contains("backups"));
    let before = world.mailbox.letters().len();
    ada.opens("/tokens").follow("Revoke backups").form("Revoke token").press();
    until(
        || match world.mailbox.letters().len() > before {
            true => Ok(()),
            false => Err("no letter".to_owned()),
        },
        |why| why.to_owned(),
    );
}

fn letters_of_the_end(world: &World) -> usize {
    texts(world, "SELECT kind FROM jobs WHERE kind = 'token_expires'").len()
}

fn warns(world: &World) {
    world.db().write_now(None, roster::tokens::warn).expect("letters");
}

fn the_end_is_told_seven_days_and_one_day_before_each_once(world: World) {
    let ada = world.administrator();
    makes(&ada, "backups", "One month");
    makes(&ada, "for ever", "Never");
    warns(&world);
    assert_eq!(letters_of_the_end(&world), 0);
    world.later(Duration::days(22));
    warns(&world);
    assert_eq!(letters_of_the_end(&world), 0, "eight days before");
    for (days, letters) in [(Duration::days(1), 1), (Duration::days(6), 2), (Duration::hours(23), 2)] {
        world.later(days);
        for _ in 0..3 {
            warns(&world);
        }
        assert_eq!(letters_of_the_end(&world), letters, "after {days}");
    }
    world.later(Duration::hours(2));
    warns(&world);
    assert_eq!(letters_of_the_end(&world), 2, "nothing about one that is over");
}

fn a_token_of_an_hour_ends_without_letters(world: World) {
    let ada = world.administrator();
    assert!(!makes(&ada, "short", "1 hour").says("You get a letter before"));
    assert!(makes(&ada, "long", "90 days").says("You get a letter before"));
    warns(&world);
    world.later(Duration::minutes(59));
    warns(&world);
    assert_eq!(letters_of_the_end(&world), 0);
    let list = ada.opens("/tokens");
    assert!(list.says("Expires in 1 minute"), "{}", list.text());
    world.later(Duration::minutes(1));
    assert!(ada.opens("/tokens").says("Expired"));
}

fn an_administrator_sees_and_revokes_the_tokens_of_others(world: World) {
    let cast = Cast::assemble(&world);
    let (_, secret) = has_a_token(&world, "moe@example.com", None);
    let robot = with_token(&world.visitor(), &secret);
    assert_eq!(robot.get(WHOAMI).status, StatusCode::OK);
    let path = format!("/organization/users/{}", cast.user("moe@example.com"));
    let reader = cast.enters(Kind::Reader).opens(&path);
    assert!(reader.says("robot") && !reader.has_link("Revoke robot"), "{}", reader.text());

    let ada = cast.enters(Kind::Administrator);
    let asked = ada.opens(&path).follow("Revoke robot");
    assert!(asked.says("A token of Moe Member"), "{}", asked.text());
    let after = asked.form("Revoke token").press();
    assert!(after.url.path() == path && after.says("None."), "{}", after.text());
    assert_eq!(problem(&robot.get(WHOAMI)), "token-revoked");
}

const EVERYONE: &str = "/tokens?show=everyone";

fn whoever_may_read_everybodys_tokens_sees_them_with_their_owners(world: World) {
    let cast = Cast::assemble(&world);
    has_a_token(&world, "moe@example.com", None);
    let reader = cast.enters(Kind::Reader);
    let mine = reader.opens("/tokens");
    assert!(mine.says("No token yet") && mine.has_link("Mine"), "{}", mine.text());
    let list = mine.follow("Everyone");
    let row = list.row("Moe Member");
    assert!(row.says("robot") && row.says("moe@example.com"), "{}", row.text());
    assert_eq!(
        row.link("Moe Member").path(),
        format!("/organization/users/{}", cast.user("moe@example.com"))
    );
    assert!(!row.has_link("Revoke robot"));
    let audit = row.follow("Audit of robot");
    assert_eq!(audit.heading(), "Audit");

    let member = cast.enters(Kind::Member);
    assert_eq!(member.get(EVERYONE).status, StatusCode::FORBIDDEN);

    let ada = cast.enters(Kind::Administrator);
    let user = cast.user("moe@example.com");
    ada.opens(&format!("/organization/users/{user}/deactivate")).form("Deactivate Moe Member").press();
    assert!(ada.opens(EVERYONE).row("Moe Member").says("Suspended"));
}

fn a_token_is_revoked_from_the_list_of_everybodys_and_the_list_comes_back(world: World) {
    let cast = Cast::assemble(&world);
    let (_, secret) = has_a_token(&world, "moe@example.com", None);
    let robot = with_token(&world.visitor(), &secret);
    let ada = cast.enters(Kind::Administrator);
    let asked = ada.opens(EVERYONE).row("Moe Member").follow("Revoke robot");
    assert!(asked.says("A token of Moe Member"), "{}", asked.text());
    let after = asked.form("Revoke token").press();
    assert_eq!((after.url.path(), after.url.query()), ("/tokens", Some("show=everyone")));
    assert!(!after.says("Moe Member"), "{}", after.text());
    assert_eq!(problem(&robot.get(WHOAMI)), "token-revoked");
}

fn everybodys_tokens_are_the_organizations_own_and_turned_page_by_page(world: World) {
    let cast = Cast::assemble(&world);
    for _ in 0..51 {
        has_a_token(&world, "moe@example.com", None);
    }
    has_a_token(&world, "grace@elsewhere.example", None);
    let ada = cast.enters(Kind::Administrator);
    let list = ada.opens(EVERYONE);
    assert!(list.says("50 on this page") && list.says("Moe Member"), "{}", list.text());
    assert!(!list.says("grace@elsewhere.example"));
    let next = list.follow("Next");
    assert!(next.says("Moe Member") && !next.says("grace@elsewhere.example"), "{}", next.text());
}

fn whoever_may_not_have_tokens_has_no_page_of_them(world: World) {
    let cast = Cast::assemble(&world);
    let member = cast.enters(Kind::Member);
    for path in ["/tokens", "/tokens/new"] {
        assert_eq!(member.get(path).status, StatusCode::FORBIDDEN, "{path}");
    }
    assert!(!member.opens("/account/settings").has_link("Tokens"));
    let reader = cast.enters(Kind::Reader);
    assert!(!reader.opens("/tokens").has_link("Create Token"));
    assert_eq!(reader.post("/tokens/new", &[("name", "x")]).status, StatusCode::FORBIDDEN);
}

fn deactivating_suspends_and_reactivating_revokes_unless_they_are_kept(world: World) {
    let ada = world.administrator();
    world.member(&ada, "bob@example.com", "Bob Builder", &["write"]);
    let user = texts(&world, "SELECT id FROM users WHERE email = 'bob@example.com'").remove(0);
    let path = format!("/organization/users/{user}");
    for is_kept in [true, false] {
        let (_, secret) = has_a_token(&world, "bob@example.com", None);
        let robot = with_token(&world.visitor(), &secret);
        let summary = ada.opens(&format!("{path}/deactivate"));
        assert!(summary.says("suspended"), "{}", summary.text());
        summary.form("Deactivate Bob Builder").press();
        assert_eq!(problem(&robot.get(WHOAMI)), "token-suspended");
        let form = ada.opens(&path).form("Reactivate");
        match is_kept {
            true => form.check("Keep the access token").press(),
            false => form.press(),
        };
        match is_kept {
            true => assert_eq!(robot.get(WHOAMI).status, StatusCode::OK),
            false => assert_eq!(problem(&robot.get(WHOAMI)), "token-revoked"),
        }
    }
}

fn a_hundred_tokens_are_enough(world: World) {
    let ada = world.administrator();
    for _ in 0..100 {
        has_a_token(&world, ADMINISTRATOR, None);
    }
    let page = makes(&ada, "one more", "Never");
    assert!(page.says("as many as there can be"), "{}", page.text());
    let list = ada.opens("/tokens");
    assert!(list.says("50 on this page"), "{}", list.text());
    assert!(list.follow("Next").says("50 on this page"));
}

fn revoking_at_once_does_it_once(world: World) {
    let ada = world.administrator();
    let (id, secret) = has_a_token(&world, ADMINISTRATOR, None);
    let robot = with_token(&world.visitor(), &secret);
    let path = format!("/tokens/{id}/revoke");
    let statuses = at_once(32, |nth| match nth % 2 {
        0 => ada.post(&path, &[]).status,
        _ => robot.get(WHOAMI).status,
    });
    assert!(statuses.iter().all(|status| !status.is_server_error()), "{statuses:?}");
    assert_eq!(problem(&robot.get(WHOAMI)), "token-revoked");
    let lines = texts(&world, "SELECT action FROM audit_lines WHERE action = 'tokens.revoke'");
    assert_eq!(lines.len(), 1);
}
