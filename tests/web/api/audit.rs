//! The audit by the API: the same lines, filters and rights as on its page.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{json, problem};
use crate::cast::{Cast, Kind};
use crate::support::on_both;
use crate::support::page::Page;
use crate::support::person::Person;
use crate::support::world::World;

on_both!(
    lines_come_in_pages_newest_first_and_each_once,
    lines_are_filtered_as_on_the_page,
    what_cannot_be_read_is_told,
    all_lines_come_as_json_lines_and_that_is_written_down,
    a_stream_is_set_up_turned_and_removed,
);

const AUDIT: &str = "/api/v1/audit";

fn items(page: &Page) -> Vec<Value> {
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    json(page)["items"].as_array().expect("items").clone()
}

fn lines_come_in_pages_newest_first_and_each_once(world: World) {
    let cast = Cast::assemble(&world);
    let reader = cast.bears(Kind::Reader);
    let (mut numbers, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = reader.get(&format!("{AUDIT}?limit=3&cursor={cursor}"));
        numbers.extend(items(&page).iter().map(|line| line["sequence"].as_i64().expect("a number")));
        match json(&page)["next"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    let newest = numbers[0];
    assert!(newest > 6);
    assert_eq!(numbers, (1..=newest).rev().collect::<Vec<_>>());
    let other = reader.get(&format!("{AUDIT}?limit=3&action=account.sign_in&cursor={cursor}"));
    assert_eq!(
        (other.status.as_u16() / 100, problem(&other)),
        (4, "cursor".to_owned()),
        "a cursor of other filters"
    );
}

fn lines_are_filtered_as_on_the_page(world: World) {
    let cast = Cast::assemble(&world);
    let reader = cast.bears(Kind::Reader);
    let rita = cast.user("rita@example.com");
    let found = items(&reader.get(&format!("{AUDIT}?action=iam.users.invite&target={rita}")));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["told"], "Ada Lovelace invited Rita Reader");
    assert_eq!(found[0]["actor"]["email"], "ada@example.com");
    assert_eq!(
        found[0]["target"],
        json!({ "kind": "user", "id": rita, "name": "Rita Reader", "email": "rita@example.com" })
    );
    assert_eq!(items(&reader.get(&format!("{AUDIT}?q=rita%20reader&action=invitation.accept"))).len(), 1);
    let at = found[0]["at"].as_str().expect("a time");
    assert!(!items(&reader.get(&format!("{AUDIT}?from={at}&address=127.0.0.1"))).is_empty());
    assert!(items(&reader.get(&format!("{AUDIT}?before=2026-11-01T00:00:00Z"))).is_empty());
    assert!(items(&reader.get(&format!("{AUDIT}?actor=nobody%20at%20all"))).is_empty());
}

fn what_cannot_be_read_is_told(world: World) {
    let cast = Cast::assemble(&world);
    let reader = cast.bears(Kind::Reader);
    for query in
        ["from=yesterday", "before=1", "address=home", "of=shoe:1", "action=DROP", "sort=up", "limit=0"]
    {
        let page = reader.get(&format!("{AUDIT}?{query}"));
        assert_eq!(
            (page.status, problem(&page)),
            (StatusCode::UNPROCESSABLE_ENTITY, "invalid".to_owned()),
            "{query}"
        );
    }
    assert_eq!(cast.bears(Kind::Member).get(AUDIT).status, StatusCode::FORBIDDEN);
}

fn all_lines_come_as_json_lines_and_that_is_written_down(world: World) {
    let cast = Cast::assemble(&world);
    let page = cast.bears(Kind::Reader).get(&format!("{AUDIT}.jsonl"));
    assert_eq!(page.headers["content-type"], "application/jsonl; charset=utf-8");
    let lines: Vec<Value> = page.body.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines[0]["action"], "iam.audit.read");
    assert_eq!(lines[0]["actor"]["kind"], "token");
    assert_eq!(lines.len() as i64, lines[0]["sequence"].as_i64().expect("a number"));
    assert_eq!(cast.bears(Kind::Member).get(&format!("{AUDIT}.jsonl")).status, StatusCode::FORBIDDEN);
}

fn send(person: &Person, method: Method, path: &str, body: Option<Value>) -> Page {
    let request = person.bare_request(method, path);
    let request = match &body {
        Some(body) => request.json(body),
        None => request,
    };
    person.send(request, person.get(path).url)
}

fn a_stream_is_set_up_turned_and_removed(world: World) {
    let cast = Cast::assemble(&world);
    let (ada, reader) = (cast.bears(Kind::Administrator), cast.bears(Kind::Reader));
    let stream = format!("{AUDIT}/stream");
    assert_eq!(ada.get(&stream).status, StatusCode::NOT_FOUND);
    let wrong = send(&ada, Method::PUT, &stream, Some(json!({ "url": "https://10.0.0.1/" })));
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(json(&wrong)["errors"][0]["pointer"], "/url");
    let address = json!({ "url": "https://hooks.invalid/roster" });
    let set_up = send(&ada, Method::PUT, &stream, Some(address.clone()));
    assert!(json(&set_up)["secret"].as_str().expect("a secret").starts_with("whsec_"));
    let again = send(&ada, Method::PUT, &stream, Some(address));
    assert_eq!((again.status, json(&again).get("secret")), (StatusCode::OK, None));
    assert_eq!(send(&reader, Method::DELETE, &stream, None).status, StatusCode::FORBIDDEN);
    let off = send(&ada, Method::POST, &format!("{stream}/turn-off"), None);
    assert_eq!(json(&off)["on"], false);
    let twice = send(&ada, Method::POST, &format!("{stream}/turn-off"), None);
    assert_eq!(twice.status, StatusCode::CONFLICT);
    assert_eq!(send(&ada, Method::DELETE, &stream, None).status, StatusCode::NO_CONTENT);
    assert_eq!(send(&ada, Method::DELETE, &stream, None).status, StatusCode::NOT_FOUND);
}
