//! Access requests over the API.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{act, asked, comes_to, gives, request_of, settled, state_of};
use crate::cast::has_a_token;
use crate::support::on_both;
use crate::support::page::Page;
use crate::support::people::ADMINISTRATOR;
use crate::support::person::Person;
use crate::support::world::World;
use crate::users::{id_of, lines, member, other_administrator};

on_both!(
    a_program_asks_and_another_approves,
    what_cannot_be_done_is_a_problem_that_says_why,
    nobody_approves_their_own_request_by_a_token_either,
    a_narrowed_token_decides_with_what_it_carries,
    lists_go_on_by_cursor,
);

const PATH: &str = "/api/v1/access-requests";

/// A program with a token of this person.
fn bears(world: &World, email: &str, roles: Option<&[&str]>) -> Person {
    let (_, secret) = has_a_token(world, email, roles);
    let bearer = format!("Bearer {secret}");
    world.visitor().with("authorization", &bearer)
}

fn sends(person: &Person, path: &str, body: &Value) -> (StatusCode, Value) {
    let url = person.base().join(path).expect("an address");
    answer(person.send(person.bare_request(Method::POST, path).json(body), url))
}

fn reads(person: &Person, path: &str) -> (StatusCode, Value) {
    let url = person.base().join(path).expect("an address");
    answer(person.send(person.bare_request(Method::GET, path), url))
}

fn answer(page: Page) -> (StatusCode, Value) {
    (page.status, serde_json::from_str(&page.body).unwrap_or(Value::Null))
}

fn a_program_asks_and_another_approves(world: World) {
    world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    let (program, approver) = (bears(&world, "bob@example.com", None), bears(&world, ADMINISTRATOR, None));
    let asked = json!({ "role": "iam_viewer", "minutes": 45, "reason": "A look at the groups." });
    let (status, made) = sends(&program, PATH, &asked);
    assert_eq!(
        (status, &made["state"], &made["minutes"]),
        (StatusCode::CREATED, &json!("pending"), &json!(45))
    );
    let one = format!("{PATH}/{}", made["id"].as_str().expect("an id"));
    assert_eq!(reads(&approver, &format!("{PATH}?show=waiting")).1["items"][0]["id"], made["id"]);
    let (status, decided) = sends(&approver, &format!("{one}/approve"), &json!({ "note": "go" }));
    assert_eq!(
        (status, &decided["state"], &decided["note"]),
        (StatusCode::OK, &json!("approved"), &json!("go"))
    );
    assert_eq!(decided["decidedBy"], json!(id_of(&world, ADMINISTRATOR).to_string()));
    assert_eq!(bob.get("/organization/users").status, StatusCode::OK);
    let whoami = reads(&program, "/api/v1/whoami").1;
    assert!(
        whoami["principal"]["roles"].as_array().expect("roles").contains(&json!("iam_viewer")),
        "{whoami}"
    );
    let (status, given) = sends(&program, &format!("{one}/give-back"), &json!({}));
    assert_eq!((status, &given["state"]), (StatusCode::OK, &json!("ended")));
    assert_eq!(reads(&program, &one).1["endedBy"], json!(id_of(&world, "bob@example.com").to_string()));
    comes_to(&world, request_of(&world, "bob@example.com"), "ended");
}

fn what_cannot_be_done_is_a_problem_that_says_why(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &["write"]);
    let program = bears(&world, "bob@example.com", None);
    for (body, pointer) in [
        (json!({ "role": "emperor", "minutes": 60, "reason": "why" }), "/role"),
        (json!({ "role": "cks_admin", "minutes": 60, "reason": "why" }), "/role"),
        (json!({ "role": "billing_viewer", "minutes": 14, "reason": "why" }), "/minutes"),
        (json!({ "role": "billing_viewer", "minutes": i64::MAX, "reason": "why" }), "/minutes"),
        (json!({ "role": "billing_viewer", "minutes": 60, "reason": " " }), "/reason"),
    ] {
        let (status, problem) = sends(&program, PATH, &body);
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!(problem["errors"][0]["pointer"], json!(pointer), "{problem}");
    }
    let strange = json!({ "role": "billing_viewer", "minutes": 60, "reason": "why", "user": "somebody" });
    assert_eq!(sends(&program, PATH, &strange).0, StatusCode::UNPROCESSABLE_ENTITY);
    let id = asked(&world, &bob, "bob@example.com", "billing_viewer");
    assert_eq!(sends(&program, &format!("{PATH}/{id}/approve"), &json!({})).0, StatusCode::FORBIDDEN);
    assert_eq!(reads(&program, &format!("{PATH}?show=history")).0, StatusCode::FORBIDDEN);
    act(&ada, id, "deny");
    assert_eq!(sends(&program, &format!("{PATH}/{id}/withdraw"), &json!({})).0, StatusCode::CONFLICT);
    other_administrator(&world);
    let eve = bears(&world, "eve@other.example", None);
    assert_eq!(reads(&eve, &format!("{PATH}/{id}")).0, StatusCode::NOT_FOUND);
    for name in ["approve", "deny", "withdraw", "give-back", "end"] {
        assert_eq!(
            sends(&eve, &format!("{PATH}/{id}/{name}"), &json!({})).0,
            StatusCode::NOT_FOUND,
            "{name}"
        );
    }
    assert_eq!(lines(&world, "requests.decide"), 1);
}

fn nobody_approves_their_own_request_by_a_token_either(world: World) {
    let ada = world.administrator();
    let id = asked(&world, &ada, ADMINISTRATOR, "billing_viewer");
    let program = bears(&world, ADMINISTRATOR, None);
    for name in ["approve", "deny"] {
        let (status, problem) = sends(&program, &format!("{PATH}/{id}/{name}"), &json!({}));
        assert_eq!(status, StatusCode::FORBIDDEN);
        assert!(problem["detail"].as_str().unwrap_or_default().contains("your own request"), "{problem}");
    }
    assert_eq!(state_of(&world, id), "pending");
}

fn a_narrowed_token_decides_with_what_it_carries(world: World) {
    world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    gives(&world, "bob@example.com", "cks_viewer");
    let id = asked(&world, &bob, "bob@example.com", "iam_admin");
    let viewer = bears(&world, ADMINISTRATOR, Some(&["cks_admin"]));
    assert_eq!(sends(&viewer, &format!("{PATH}/{id}/approve"), &json!({})).0, StatusCode::FORBIDDEN);
    let approver = bears(&world, ADMINISTRATOR, Some(&["access_request_approver"]));
    let (status, problem) = sends(&approver, &format!("{PATH}/{id}/approve"), &json!({}));
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(problem["detail"].as_str().unwrap_or_default().contains("IAM Admin"), "{problem}");
    // Whoever asks by a narrowed token holds all that they hold.
    let narrow = bears(&world, "bob@example.com", Some(&["billing_viewer"]));
    let (status, problem) =
        sends(&narrow, PATH, &json!({ "role": "cks_viewer", "minutes": 60, "reason": "why" }));
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    assert_eq!(state_of(&world, id), "pending");
}

fn lists_go_on_by_cursor(world: World) {
    world.administrator();
    member(&world, "bob@example.com", "Bob", &[]);
    let bob = id_of(&world, "bob@example.com");
    let mut all: Vec<_> =
        (0..7).map(|_| json!(settled(&world, bob, "cks_admin", "denied", 9).to_string())).collect();
    all.reverse();
    let program = bears(&world, ADMINISTRATOR, None);
    let (mut found, mut next) = (Vec::new(), String::new());
    loop {
        let (status, page) = reads(&program, &format!("{PATH}?show=history&limit=3{next}"));
        assert_eq!(status, StatusCode::OK, "{page}");
        found.extend(page["items"].as_array().expect("items").iter().map(|item| item["id"].clone()));
        match page["next"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(found, all);
    let (status, _) = reads(&program, &format!("{PATH}?show=waiting{next}"));
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "a cursor of another list");
    assert_eq!(reads(&program, &format!("{PATH}?show=everything")).0, StatusCode::UNPROCESSABLE_ENTITY);
}
