//! May they do that, and whose token is this.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{json as of, problem};
use crate::cast::{Cast, Kind, has_a_token};
use crate::support::on_both;
use crate::support::page::Page;
use crate::support::people::ADMINISTRATOR;
use crate::support::person::Person;
use crate::support::world::World;

on_both!(
    a_check_answers_yes_or_no_and_says_why_when_asked,
    many_checks_are_answered_in_their_order,
    only_who_may_asks_about_others_and_only_of_the_same_organization,
    what_cannot_be_asked_says_why,
    introspection_tells_what_rfc_7662_says_and_nothing_of_strangers,
);

pub fn sends(person: &Person, path: &str, body: &Value) -> Page {
    let url = person.base().join(path).expect("an address");
    person.send(person.bare_request(Method::POST, path).json(body), url)
}

fn asks(person: &Person, body: &Value) -> Value {
    let page = sends(person, "/api/v1/check", body);
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    of(&page)
}

fn a_check_answers_yes_or_no_and_says_why_when_asked(world: World) {
    let cast = Cast::assemble(&world);
    let reader = cast.bears(Kind::Reader);
    assert_eq!(asks(&reader, &json!({ "action": "cks.clusters.list" })), json!({ "allowed": true }));
    assert_eq!(asks(&reader, &json!({ "action": "cks.clusters.create" })), json!({ "allowed": false }));
    assert_eq!(asks(&reader, &json!({ "action": "no.such.action" })), json!({ "allowed": false }));
    let why = asks(&reader, &json!({ "action": "cks.clusters.list", "reason": true }));
    let because = &why["reason"]["because"][0];
    assert_eq!(
        (&because["role"], &because["policy"]["name"], &because["group"]["name"]),
        (&json!("cks_viewer"), &json!("read"), &json!("read"))
    );
    let why_not = asks(&reader, &json!({ "action": "cks.clusters.create", "reason": true }));
    assert_eq!(why_not["reason"]["rolesThatWouldAllow"], json!(["cks_admin"]));
    assert_eq!(asks(&cast.bears(Kind::Narrowed), &json!({ "action": "iam.users.read" }))["allowed"], false);
}

fn many_checks_are_answered_in_their_order(world: World) {
    let cast = Cast::assemble(&world);
    let (reader, rita) = (cast.bears(Kind::Reader), cast.user("rita@example.com"));
    let body = json!({ "checks": [
        { "action": "iam.users.invite" },
        { "action": "iam.users.read", "principal": rita },
        { "action": "iam.users.invite", "principal": cast.user(ADMINISTRATOR) },
        { "action": "iam.users.read", "principal": cast.user("dee@example.com") },
    ] });
    let answered = asks(&reader, &body);
    let allowed: Vec<_> =
        answered["results"].as_array().expect("a list").iter().map(|it| &it["allowed"]).collect();
    assert_eq!(allowed, [false, true, true, false], "a deactivated person may do nothing");
    assert!(answered.get("allowed").is_none());
}

fn only_who_may_asks_about_others_and_only_of_the_same_organization(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.user(ADMINISTRATOR);
    let body = json!({ "action": "iam.users.read", "principal": ada });
    let refused = sends(&cast.bears(Kind::Member), "/api/v1/check", &body);
    assert_eq!(problem(&refused), "not-permitted");
    for principal in [ada.as_str(), "nonsense", "01890000-0000-7000-8000-000000000000"] {
        let body = json!({ "action": "iam.users.read", "principal": principal });
        let page = sends(&cast.bears(Kind::Elsewhere), "/api/v1/check", &body);
        assert_eq!((page.status, problem(&page).as_str()), (StatusCode::NOT_FOUND, "not-found"));
    }
}

fn what_cannot_be_asked_says_why(world: World) {
    let cast = Cast::assemble(&world);
    let reader = cast.bears(Kind::Reader);
    let many: Vec<_> = (0..101).map(|_| json!({ "action": "a.b" })).collect();
    let wrong = [
        (json!({}), "/action"),
        (json!({ "checks": [] }), "/checks"),
        (json!({ "checks": many }), "/checks"),
        (json!({ "action": "a.b", "checks": [] }), "/checks"),
    ];
    for (body, pointer) in wrong {
        let page = sends(&reader, "/api/v1/check", &body);
        assert_eq!(problem(&page), "invalid", "{body}");
        assert_eq!(of(&page)["errors"][0]["pointer"], pointer, "{body}");
    }
    let page = sends(&reader, "/api/v1/check", &json!({ "action": "a.b", "user": "x" }));
    assert!(of(&page)["detail"].as_str().expect("words").contains("unknown field `user`"), "{}", page.body);
    let url = world.base_url();
    let request = || reader.bare_request(Method::POST, "/api/v1/check");
    let json = |body: &str| request().header("content-type", "application/json").body(body.to_owned());
    assert_eq!(problem(&reader.send(json("{"), url.clone())), "malformed");
    assert_eq!(problem(&reader.send(request().body("{}"), url.clone())), "not-json");
    assert_eq!(problem(&reader.send(json(&" ".repeat(300_000)), url.clone())), "too-large");
    assert_eq!(problem(&reader.send(json("{}").header("content-encoding", "gzip"), url)), "not-json");
}

fn introspection_tells_what_rfc_7662_says_and_nothing_of_strangers(world: World) {
    let cast = Cast::assemble(&world);
    let asks = |person: &Person, token: &str| {
        let request = person.bare_request(Method::POST, "/api/v1/introspect").form(&[("token", token)]);
        person.send(request, world.base_url())
    };
    let reader = cast.bears(Kind::Reader);
    let (id, secret) = has_a_token(&world, "moe@example.com", Some(&["cks_admin"]));
    let told = of(&asks(&reader, &secret));
    assert_eq!(
        (&told["active"], &told["jti"], &told["scope"]),
        (&json!(true), &json!(id), &json!("cks_admin"))
    );
    assert_eq!(told["sub"], cast.user("moe@example.com"));
    let (_, gone) = has_a_token(&world, "dee@example.com", None);
    let (_, elsewhere) = has_a_token(&world, "grace@elsewhere.example", None);
    for token in [gone.as_str(), &elsewhere, "nonsense", &secret[..45]] {
        assert_eq!(of(&asks(&reader, token)), json!({ "active": false }), "{token}");
    }
    assert_eq!(problem(&asks(&reader, "")), "invalid");
    assert_eq!(problem(&asks(&cast.bears(Kind::Member), &secret)), "not-permitted");
    let page = sends(&reader, "/api/v1/introspect", &json!({ "token": secret }));
    assert_eq!(problem(&page), "not-a-form");
}
