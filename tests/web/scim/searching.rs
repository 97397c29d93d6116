//! Searches whose question is in the body.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Provider, refused};
use crate::api::json as told;
use crate::snapshot::Snapshot;
use crate::support::on_both;
use crate::support::world::World;

on_both!(
    a_search_finds_what_a_query_finds,
    a_search_of_both_goes_through_people_and_then_groups,
    a_search_that_makes_no_sense_is_refused,
);

fn finds(provider: &Provider, path: &str, body: Value) -> Value {
    let page = provider.sends(Method::POST, path, body);
    assert_eq!(page.status.as_u16(), 200, "{}", page.body);
    told(&page)
}

fn names(list: &Value) -> Vec<&str> {
    let resources = list["Resources"].as_array().expect("a list").iter();
    resources.map(|it| it["userName"].as_str().or(it["displayName"].as_str()).expect("a name")).collect()
}

/// Bob, Carol, and the groups Crew, with Bob, and Night shift.
fn filled(world: &World) -> Provider {
    world.administrator();
    let provider = Provider::of(world);
    let bob = provider.brings("bob@example.com");
    provider.brings("carol@example.com");
    provider.pushes("Crew", &[&bob]);
    provider.pushes("Night shift", &[]);
    provider
}

fn a_search_finds_what_a_query_finds(world: World) {
    let provider = filled(&world);
    let before = Snapshot::of(&world);
    let search = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "filter": "userName eq \"bob@example.com\"",
        "attributes": ["userName"],
    });
    let found = finds(&provider, "/Users/.search", search);
    assert_eq!(found["schemas"], json!(["urn:ietf:params:scim:api:messages:2.0:ListResponse"]));
    assert_eq!((names(&found), &found["totalResults"]), (vec!["bob@example.com"], &json!(1)));
    assert!(found["Resources"][0].get("emails").is_none(), "{found}");
    let page =
        finds(&provider, "/Users/.search", json!({ "startIndex": 2, "count": 1, "sortBy": "userName" }));
    assert_eq!((names(&page), &page["totalResults"]), (vec!["carol@example.com"], &json!(2)));
    let groups = json!({ "filter": "displayName sw \"cr\"", "excludedAttributes": ["members"] });
    let groups = finds(&provider, "/Groups/.search", groups);
    assert_eq!(names(&groups), ["Crew"]);
    assert!(groups["Resources"][0].get("members").is_none(), "{groups}");
    assert_eq!(Snapshot::of(&world), before);
}

fn a_search_of_both_goes_through_people_and_then_groups(world: World) {
    let provider = filled(&world);
    let all = finds(&provider, "/.search", json!({}));
    let everything = ["bob@example.com", "carol@example.com", "Crew", "Night shift"];
    assert_eq!((names(&all), &all["totalResults"]), (everything.to_vec(), &json!(4)));
    for start in 1..=5 {
        let page = finds(&provider, "/.search", json!({ "startIndex": start, "count": 2 }));
        let shown: Vec<_> = everything.iter().skip(start - 1).take(2).copied().collect();
        assert_eq!((names(&page), &page["totalResults"]), (shown, &json!(4)), "{start}");
        assert_eq!(page["startIndex"], start);
    }
    let of = |filter: &str| {
        let found = finds(&provider, "/.search", json!({ "filter": filter }));
        (names(&found).join(" "), found["totalResults"].as_i64().expect("a number"))
    };
    assert_eq!(of("userName eq \"bob@example.com\""), ("bob@example.com".into(), 1), "groups have none");
    assert_eq!(of("meta.resourceType eq \"Group\""), ("Crew Night shift".into(), 2));
    assert_eq!(of("meta.resourceType eq \"user\" and active eq false"), (String::new(), 0));
    assert_eq!(of("displayName sw \"night\""), ("Night shift".into(), 1));
}

fn a_search_that_makes_no_sense_is_refused(world: World) {
    world.administrator();
    let provider = Provider::of(&world);
    for path in ["/.search", "/Users/.search", "/Groups/.search"] {
        let of = |body: Value| provider.sends(Method::POST, path, body);
        refused(&of(json!([])), 400, "invalidSyntax");
        refused(&of(json!({ "schemas": ["urn:x"] })), 400, "invalidSyntax");
        refused(&of(json!({ "filter": "title eq \"x\"" })), 400, "invalidFilter");
        refused(&of(json!({ "filter": "value eq \"x\"" })), 400, "invalidFilter");
        refused(&of(json!({ "count": "many" })), 400, "invalidValue");
        refused(&of(json!({ "attributes": { "a": 1 } })), 400, "invalidValue");
        refused(&provider.asks(Method::POST, path), 415, "");
        refused(&provider.asks(Method::DELETE, path), 405, "");
    }
}
