//! Tokens made, listed and revoked by tokens; asking twice and doing it once.

use chrono::Duration;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::checks::sends;
use super::{json as of, problem};
use crate::cast::{Cast, Kind, has_a_token, with_token};
use crate::snapshot::texts;
use crate::support::at_once;
use crate::support::on_both;
use crate::support::people::ADMINISTRATOR;
use crate::support::person::Person;
use crate::support::world::World;

on_both!(
    what_a_token_makes_carries_no_more_works_no_longer_and_is_revoked_with_it,
    asking_twice_with_one_key_makes_one_and_tells_no_secret_again,
    thirty_two_with_one_key_make_one,
    a_list_goes_on_from_its_cursor_and_from_no_other,
);

const TOKENS: &str = "/api/v1/tokens";

fn what_a_token_makes_carries_no_more_works_no_longer_and_is_revoked_with_it(world: World) {
    let cast = Cast::assemble(&world);
    let roles = ["access_token_admin", "cks_admin"];
    let (id, secret) = has_a_token(&world, ADMINISTRATOR, Some(&roles));
    let parent = with_token(&world.visitor(), &secret);
    let page = sends(&parent, TOKENS, &json!({ "name": "wide", "roles": ["iam_admin"] }));
    assert_eq!(problem(&page), "invalid");
    let made = of(&sends(&parent, TOKENS, &json!({ "name": "child" })));
    assert_eq!(made["roles"], json!(roles));
    let child = with_token(&world.visitor(), made["secret"].as_str().expect("a secret"));
    let limited = of(&sends(&child, TOKENS, &json!({ "name": "grandchild", "expiration": "1h" })));
    let grandchild = with_token(&world.visitor(), limited["secret"].as_str().expect("a secret"));
    let page = sends(&grandchild, TOKENS, &json!({ "name": "longer", "expiration": "8h" }));
    assert_eq!(of(&page)["errors"][0]["pointer"], "/expiration");

    let revoked = sends(&cast.bears(Kind::Administrator), &format!("{TOKENS}/{id}/revoke"), &json!({}));
    assert_eq!(revoked.status, StatusCode::OK, "{}", revoked.body);
    for robot in [parent, child, grandchild] {
        assert_eq!(problem(&robot.get("/api/v1/whoami")), "token-revoked");
    }
}

fn keyed(person: &Person, key: &str) -> Person {
    person.with("idempotency-key", key)
}

fn asking_twice_with_one_key_makes_one_and_tells_no_secret_again(world: World) {
    let cast = Cast::assemble(&world);
    let robot = cast.bears(Kind::Administrator);
    let count = || texts(&world, "SELECT id FROM access_tokens WHERE name = 'once'").len();
    let body = json!({ "name": "once" });
    let first = sends(&keyed(&robot, "k1"), TOKENS, &body);
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.body);
    let again = sends(&keyed(&robot, "k1"), TOKENS, &body);
    assert_eq!(
        (again.status, again.headers["idempotency-replayed"].to_str().expect("text")),
        (StatusCode::CREATED, "true")
    );
    assert_eq!(of(&again)["id"], of(&first)["id"]);
    assert_eq!(of(&again)["secret"], Value::Null);
    let kept = texts(&world, "SELECT body FROM idempotency_keys").remove(0);
    assert!(!kept.contains("rst_"), "{kept}");
    assert_eq!(problem(&sends(&keyed(&robot, "k1"), TOKENS, &json!({ "name": "other" }))), "idempotency-key");
    assert_eq!(problem(&sends(&keyed(&robot, &"k".repeat(256)), TOKENS, &body)), "idempotency-key");
    assert_eq!(count(), 1);
    world.later(Duration::hours(25));
    assert_eq!(of(&sends(&keyed(&robot, "k1"), TOKENS, &body))["secret"].as_str().map(str::len), Some(46));
    assert_eq!(count(), 2);
    world.later(Duration::hours(25));
    world.db().write_now(None, roster::web::api::sweep).expect("a sweep");
    assert!(texts(&world, "SELECT key FROM idempotency_keys").is_empty());
}

fn thirty_two_with_one_key_make_one(world: World) {
    let cast = Cast::assemble(&world);
    let robot = keyed(&cast.bears(Kind::Administrator), "race");
    let answers = at_once(32, |_| {
        let page = sends(&robot, TOKENS, &json!({ "name": "once" }));
        (page.status, of(&page)["id"].clone(), of(&page)["secret"].is_string())
    });
    assert!(answers.iter().all(|(status, id, _)| *status == StatusCode::CREATED && *id == answers[0].1));
    assert_eq!(answers.iter().filter(|(_, _, has_secret)| *has_secret).count(), 1);
}

fn a_list_goes_on_from_its_cursor_and_from_no_other(world: World) {
    let cast = Cast::assemble(&world);
    for _ in 0..7 {
        has_a_token(&world, ADMINISTRATOR, None);
    }
    let robot = cast.bears(Kind::Administrator);
    let (mut seen, mut path) = (Vec::new(), format!("{TOKENS}?limit=3"));
    let mut cursor;
    loop {
        let page = of(&robot.get(&path));
        let items = page["items"].as_array().expect("a list");
        assert!(items.len() <= 3);
        seen.extend(items.iter().map(|it| it["id"].as_str().expect("an id").to_owned()));
        cursor = match page["next"].as_str() {
            Some(next) => next.to_owned(),
            None => break,
        };
        path = format!("{TOKENS}?limit=3&cursor={cursor}");
    }
    assert_eq!(seen.len(), 8);
    assert!(seen.is_sorted_by(|one, next| one > next), "each once, the newest first: {seen:?}");
    let page = of(&robot.get(&format!("{TOKENS}?limit=3")));
    let cursor = page["next"].as_str().expect("more");
    for wrong in [format!("cursor=x{cursor}"), "cursor=nonsense".into(), format!("user=all&cursor={cursor}")]
    {
        assert_eq!(problem(&robot.get(&format!("{TOKENS}?{wrong}"))), "cursor", "{wrong}");
    }
    for wrong in ["limit=0", "limit=201", "limit=x", "sort=up"] {
        assert_eq!(problem(&robot.get(&format!("{TOKENS}?{wrong}"))), "invalid", "{wrong}");
    }
    world.later(Duration::hours(25));
    let late = robot.get(&format!("{TOKENS}?cursor={cursor}"));
    assert!(problem(&late) == "cursor" && late.body.contains("expired"), "{}", late.body);
}
