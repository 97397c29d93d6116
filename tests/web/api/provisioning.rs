//! The settings of provisioning by the API.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{asks, json as of, problem, sends};
use crate::cast::{Cast, Kind, another_organization, with_token};
use crate::snapshot::{Snapshot, texts};
use crate::support::on_both;
use crate::support::people::PASSWORD;
use crate::support::world::World;

on_both!(
    a_program_turns_it_on_makes_a_token_and_revokes_it,
    a_pushed_group_waits_until_a_program_links_it_as_it_is,
    what_was_synchronized_is_listed_in_pages,
    what_cannot_be_changes_nothing,
    nothing_of_another_organization_is_reached,
    whoever_may_not_changes_nothing,
);

const SCIM: &str = "/api/v1/scim";

fn at(rest: &str) -> String {
    format!("{SCIM}/{rest}")
}

fn a_program_turns_it_on_makes_a_token_and_revokes_it(world: World) {
    let cast = Cast::assemble(&world);
    let robot = cast.bears(Kind::Administrator);
    let shown = of(&robot.get(SCIM));
    assert_eq!((&shown["isOn"], &shown["tokens"]), (&json!(false), &json!([])));
    let on = asks(&robot, Method::POST, &at("turn-on"));
    assert_eq!((on.status, &of(&on)["isOn"]), (StatusCode::OK, &json!(true)), "{}", on.body);
    assert_eq!(of(&asks(&robot, Method::POST, &at("turn-on"))), of(&on), "asking again changes nothing");

    let keyed = robot.with("idempotency-key", "one");
    let made = sends(&keyed, Method::POST, &at("tokens"), json!({ "name": "Okta" }));
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let made = of(&made);
    let secret = made["secret"].as_str().expect("a secret");
    let again = of(&sends(&keyed, Method::POST, &at("tokens"), json!({ "name": "Okta" })));
    assert_eq!((&again["id"], &again["secret"]), (&made["id"], &Value::Null), "told once");
    let base = made["baseUrl"].as_str().expect("an address");
    let provider = with_token(&world.visitor(), secret);
    let users = format!("{base}/Users");
    assert_eq!(provider.get(&users).status, StatusCode::OK);
    let shown = robot.get(SCIM);
    assert_eq!(of(&shown)["tokens"][0]["name"], "Okta");
    assert!(!shown.body.contains(secret) && of(&shown)["baseUrl"] == base);

    let off = of(&asks(&robot, Method::POST, &at("turn-off")));
    assert_eq!(off["isOn"], false);
    assert_eq!(provider.get(&users).status, StatusCode::UNAUTHORIZED);
    asks(&robot, Method::POST, &at("turn-on"));
    assert_eq!(provider.get(&users).status, StatusCode::OK);
    let revoke = at(&format!("tokens/{}/revoke", made["id"].as_str().expect("an id")));
    assert_eq!(of(&asks(&robot, Method::POST, &revoke))["name"], "Okta");
    assert_eq!(provider.get(&users).status, StatusCode::UNAUTHORIZED);
    assert_eq!(problem(&asks(&robot, Method::POST, &revoke)), "not-found");
}

fn a_pushed_group_waits_until_a_program_links_it_as_it_is(world: World) {
    let cast = Cast::assemble(&world);
    let robot = cast.bears(Kind::Administrator);
    let provider = crate::scim::Provider::of(&world);
    let pushed = || provider.sends(Method::POST, "/Groups", json!({ "displayName": "metrics" }));
    assert_eq!(pushed().status, StatusCode::CONFLICT);
    let waiting = of(&robot.get(SCIM))["waitingGroups"][0].clone();
    assert_eq!((&waiting["name"], &waiting["roles"]), (&json!("metrics"), &json!(["observability_viewer"])));
    let path = at(&format!("groups/{}/link", waiting["id"].as_str().expect("an id")));
    let other = sends(&robot, Method::POST, &path, json!({ "roles": [] }));
    assert_eq!(problem(&other), "conflict", "it carries more than was seen");
    let seen = json!({ "roles": waiting["roles"] });
    assert_eq!(of(&sends(&robot, Method::POST, &path, seen.clone()))["name"], "metrics");
    assert_eq!(problem(&sends(&robot, Method::POST, &path, seen)), "conflict");
    assert_eq!(of(&robot.get(SCIM))["waitingGroups"], json!([]));
    assert_eq!(pushed().status, StatusCode::CREATED);
    assert_eq!(of(&robot.get(SCIM))["groups"], 1);
}

fn what_was_synchronized_is_listed_in_pages(world: World) {
    let cast = Cast::assemble(&world);
    let robot = cast.bears(Kind::Administrator);
    let provider = crate::scim::Provider::of(&world);
    for name in ["one", "two", "three"] {
        provider.brings(&format!("{name}@example.com"));
    }
    let first = of(&robot.get(&at("log?limit=2")));
    let subjects = |page: &Value| {
        let items = page["items"].as_array().expect("a list").iter();
        items.map(|it| it["subject"].as_str().expect("text").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(subjects(&first), ["three@example.com", "two@example.com"]);
    assert_eq!(
        (&first["items"][0]["status"], &first["items"][0]["token"]),
        (&json!(201), &json!("directory"))
    );
    let next = first["next"].as_str().expect("a cursor");
    let last = of(&robot.get(&at(&format!("log?limit=2&cursor={next}"))));
    assert_eq!((subjects(&last), &last["next"]), (vec!["one@example.com".into()], &Value::Null));
}

fn what_cannot_be_changes_nothing(world: World) {
    let cast = Cast::assemble(&world);
    let robot = cast.bears(Kind::Administrator);
    for _ in 0..20 {
        crate::cast::scim::has_a_provider(&world, crate::support::people::ADMINISTRATOR);
    }
    let before = Snapshot::of(&world);
    for name in ["", " ", "a\nb", &"x".repeat(101)] {
        let page = sends(&robot, Method::POST, &at("tokens"), json!({ "name": name }));
        assert_eq!((problem(&page), &of(&page)["errors"][0]["pointer"]), ("invalid".into(), &json!("/name")));
    }
    let page = sends(&robot, Method::POST, &at("tokens"), json!({ "name": "one more" }));
    assert_eq!(problem(&page), "conflict");
    assert_eq!(problem(&asks(&robot, Method::POST, &at("tokens/nothing/revoke"))), "not-found");
    let nowhere = at("groups/0190a5a0-0000-7000-8000-000000000000/link");
    assert_eq!(problem(&sends(&robot, Method::POST, &nowhere, json!({ "roles": [] }))), "not-found");
    assert_eq!(Snapshot::of(&world), before);
}

fn nothing_of_another_organization_is_reached(world: World) {
    let cast = Cast::assemble(&world);
    let robot = cast.bears(Kind::Administrator);
    let grace = "grace@second.example";
    another_organization(&world, "Second", grace, PASSWORD);
    let (token, _) = crate::cast::scim::has_a_provider(&world, grace);
    let group = texts(
        &world,
        "SELECT g.id FROM groups g JOIN users u ON u.organization_id = g.organization_id
         WHERE u.email = 'grace@second.example' AND g.name = 'metrics'",
    );
    let before = Snapshot::of(&world);
    assert_eq!(of(&robot.get(SCIM))["tokens"], json!([]));
    let revoke = at(&format!("tokens/{token}/revoke"));
    assert_eq!(problem(&asks(&robot, Method::POST, &revoke)), "not-found");
    let link = at(&format!("groups/{}/link", group[0]));
    let seen = json!({ "roles": ["observability_viewer"] });
    assert_eq!(problem(&sends(&robot, Method::POST, &link, seen)), "not-found");
    assert_eq!(Snapshot::of(&world), before);
}

fn whoever_may_not_changes_nothing(world: World) {
    let cast = Cast::assemble(&world);
    let (reader, member) = (cast.bears(Kind::Reader), cast.bears(Kind::Member));
    let before = Snapshot::of(&world);
    assert_eq!(reader.get(SCIM).status, StatusCode::OK, "IAM Viewer looks");
    for path in [SCIM.to_owned(), at("log")] {
        assert_eq!(problem(&member.get(&path)), "not-permitted");
    }
    for person in [reader, member] {
        for act in ["turn-on", "turn-off"] {
            assert_eq!(problem(&asks(&person, Method::POST, &at(act))), "not-permitted");
        }
        let token = sends(&person, Method::POST, &at("tokens"), json!({ "name": "x" }));
        assert_eq!(problem(&token), "not-permitted");
    }
    assert_eq!(Snapshot::of(&world), before);
}
