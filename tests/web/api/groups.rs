//! Groups and roles by the API: what their pages can do.

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{asks, json, problem, sends};
use crate::cast::{Cast, Kind};
use crate::snapshot::Snapshot;
use crate::support::on_both;
use crate::support::people::ADMINISTRATOR;
use crate::support::world::World;

on_both!(
    a_group_lives_by_the_api_from_its_creation_to_its_end,
    a_create_with_a_key_is_done_once,
    what_cannot_be_done_is_a_problem_that_names_the_member,
    lists_come_in_pages_and_a_cursor_of_another_list_is_refused,
    roles_and_their_holders_are_told,
);

fn a_group_lives_by_the_api_from_its_creation_to_its_end(world: World) {
    let cast = Cast::assemble(&world);
    let (ada, guest) = (cast.bears(Kind::Administrator), cast.a_guest());
    let made = sends(&ada, Method::POST, "/api/v1/groups", json!({"name": "Night shift"}));
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let group = json(&made);
    assert_eq!(
        (&group["standard"], &group["members"], &group["roles"]),
        (&json!(false), &json!(0), &json!([]))
    );
    let path = format!("/api/v1/groups/{}", group["id"].as_str().expect("an id"));
    let changed = sends(&ada, Method::PATCH, &path, json!({"description": "From ten to six"}));
    assert_eq!(json(&changed)["group"]["name"], "Night shift");
    assert_eq!(json(&changed)["group"]["description"], "From ten to six");
    let members = format!("{path}/members");
    let asked = json!({"users": [guest.user], "addresses": [ADMINISTRATOR, guest.email]});
    let added = json(&sends(&ada, Method::POST, &members, asked));
    assert_eq!(added["added"].as_array().map(Vec::len), Some(2), "{added}");
    let listed = json(&ada.get(&members));
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(2), "{listed}");
    assert!(listed["items"].as_array().expect("a list").iter().any(|it| it["status"] == "invited"));
    let removed =
        json(&sends(&ada, Method::POST, &format!("{members}/remove"), json!({"users": [guest.user]})));
    assert_eq!(removed["removed"][0]["email"], json!(guest.email));
    assert_eq!(json(&ada.get(&path))["group"]["members"], 1);
    let deleted = asks(&ada, Method::DELETE, &path);
    assert_eq!((deleted.status, &json(&deleted)["members"]), (StatusCode::OK, &json!(1)));
    assert_eq!(problem(&ada.get(&path)), "not-found");
}

fn a_create_with_a_key_is_done_once(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator).with("idempotency-key", "shift-1");
    let first = sends(&ada, Method::POST, "/api/v1/groups", json!({"name": "Night shift"}));
    let again = sends(&ada, Method::POST, "/api/v1/groups", json!({"name": "Night shift"}));
    assert_eq!((first.status, again.status), (StatusCode::CREATED, StatusCode::CREATED), "{}", again.body);
    assert_eq!(json(&first), json(&again));
    let other = sends(&ada, Method::POST, "/api/v1/groups", json!({"name": "Day shift"}));
    assert_eq!(problem(&other), "idempotency-key");
}

fn what_cannot_be_done_is_a_problem_that_names_the_member(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator);
    let (admin, me) = (cast.group("admin"), cast.user(ADMINISTRATOR));
    let path = format!("/api/v1/groups/{admin}");
    let before = Snapshot::of(&world);
    let cases = [
        (Method::POST, "/api/v1/groups".to_owned(), json!({"name": "ADMIN"}), "invalid", "/name"),
        (Method::POST, "/api/v1/groups".to_owned(), json!({"name": ""}), "invalid", "/name"),
        (
            Method::POST,
            "/api/v1/groups".to_owned(),
            json!({"name": "x", "description": "y".repeat(301)}),
            "invalid",
            "/description",
        ),
        (Method::PATCH, path.clone(), json!({"name": "owners"}), "invalid", "/name"),
        (Method::POST, format!("{path}/members"), json!({}), "invalid", "/users"),
        (Method::POST, format!("{path}/members"), json!({"users": ["x"]}), "invalid", "/users"),
        (
            Method::POST,
            format!("{path}/members"),
            json!({"addresses": ["nobody@example.com"]}),
            "invalid",
            "/addresses",
        ),
        (Method::POST, format!("{path}/members/remove"), json!({"users": [me]}), "conflict", ""),
        (Method::DELETE, path.clone(), json!({}), "conflict", ""),
        (Method::DELETE, "/api/v1/groups/nonsense".to_owned(), json!({}), "not-found", ""),
    ];
    for (method, path, body, kind, pointer) in cases {
        let page = sends(&ada, method, &path, body.clone());
        assert_eq!(problem(&page), kind, "{path} {body}: {}", page.body);
        if !pointer.is_empty() {
            assert_eq!(json(&page)["errors"][0]["pointer"], pointer, "{path} {body}: {}", page.body);
        }
    }
    assert_eq!(Snapshot::of(&world), before);
}

fn lists_come_in_pages_and_a_cursor_of_another_list_is_refused(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator);
    let (mut names, mut path) = (Vec::new(), "/api/v1/groups?limit=2".to_owned());
    loop {
        let page = json(&ada.get(&path));
        names.extend(page["items"].as_array().expect("items").iter().map(|it| it["name"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/v1/groups?limit=2&cursor={next}");
    }
    assert_eq!(names, ["admin", "billing_viewer", "metrics", "read", "write"]);
    assert_eq!(json(&ada.get("/api/v1/groups?q=bill"))["items"].as_array().map(Vec::len), Some(1));
    let next = json(&ada.get("/api/v1/groups?limit=1"))["next"].as_str().expect("a cursor").to_owned();
    assert_eq!(problem(&ada.get(&format!("/api/v1/roles?cursor={next}"))), "cursor");
    assert_eq!(problem(&ada.get(&format!("/api/v1/groups?q=a&cursor={next}"))), "cursor");
    assert_eq!(problem(&ada.get("/api/v1/groups?sort=up")), "invalid");
}

fn roles_and_their_holders_are_told(world: World) {
    let cast = Cast::assemble(&world);
    let reader = cast.bears(Kind::Reader);
    let all = json(&reader.get("/api/v1/roles?limit=200"));
    assert!(
        all["items"]
            .as_array()
            .expect("items")
            .iter()
            .any(|it| it["id"] == "cks_admin" && it["builtIn"] == true)
    );
    let told = json(&reader.get("/api/v1/roles/iam_admin"));
    assert_eq!(
        (&told["role"]["name"], &told["holders"]["groups"][0]["name"]),
        (&json!("IAM Admin"), &json!("admin"))
    );
    assert_eq!(problem(&reader.get("/api/v1/roles/nothing")), "not-found");
    let told = json(&reader.get("/api/v1/actions/iam.users.read/holders"));
    let groups: Vec<_> =
        told["groups"].as_array().expect("groups").iter().map(|it| it["name"].clone()).collect();
    assert_eq!(groups, ["admin", "read"]);
    assert_eq!(problem(&reader.get("/api/v1/actions/iam.users.eat/holders")), "not-found");
    assert_eq!(problem(&cast.bears(Kind::Member).get("/api/v1/roles")), "not-permitted");
}
