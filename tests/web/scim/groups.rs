//! Groups.

use reqwest::Method;
use serde_json::json;

use super::{Provider, refused};
use crate::api::json as told;
use crate::snapshot::texts;
use crate::support::on_both;
use crate::support::people::ADMINISTRATOR;
use crate::support::world::World;
use crate::users::{group_id, id_of, member};

on_both!(
    a_group_is_pushed_filled_renamed_and_deleted,
    members_come_and_go_in_the_ways_of_the_common_providers,
    a_group_that_is_here_already_waits_for_an_administrator,
    letting_go_of_a_linked_group_takes_its_people_out_and_keeps_it,
    the_last_administrator_is_not_taken_out_of_a_linked_group,
    groups_are_found_by_name_id_and_member,
);

fn members(world: &World, group: &str) -> Vec<String> {
    texts(
        world,
        &format!(
            "SELECT u.email FROM memberships m JOIN users u ON u.id = m.user_id JOIN groups g ON g.id = m.group_id \
             WHERE g.name = '{group}' ORDER BY u.email"
        ),
    )
}

fn a_group_is_pushed_filled_renamed_and_deleted(world: World) {
    world.administrator();
    let provider = Provider::of(&world);
    let (bob, carol) = (provider.brings("bob@example.com"), provider.brings("carol@example.com"));
    let group = provider.pushes("Night shift", &[&bob]);
    assert_eq!(members(&world, "Night shift"), ["bob@example.com"]);
    let path = format!("/Groups/{group}");
    let seen = told(&provider.asks(Method::GET, &path));
    assert_eq!(seen["members"][0]["value"], bob.as_str());
    assert_eq!(
        told(&provider.asks(Method::GET, &format!("/Users/{bob}")))["groups"][0]["value"],
        group.as_str()
    );
    let without = told(&provider.asks(Method::GET, &format!("{path}?excludedAttributes=members")));
    assert!(without.get("members").is_none());

    let all = json!({ "displayName": "Day shift", "members": [{ "value": carol }], "externalId": "g1" });
    let put = provider.sends(Method::PUT, &path, all);
    assert_eq!((put.status.as_u16(), &told(&put)["externalId"]), (200, &json!("g1")), "{}", put.body);
    assert_eq!(members(&world, "Day shift"), ["carol@example.com"]);
    refused(
        &provider.sends(Method::POST, "/Groups", json!({ "displayName": "day SHIFT" })),
        409,
        "uniqueness",
    );
    refused(
        &provider.sends(Method::POST, "/Groups", json!({ "displayName": "x".repeat(61) })),
        400,
        "invalidValue",
    );
    assert_eq!(provider.asks(Method::DELETE, &path).status.as_u16(), 204);
    refused(&provider.asks(Method::GET, &path), 404, "");
    assert!(texts(&world, "SELECT name FROM groups WHERE name = 'Day shift'").is_empty());
}

fn members_come_and_go_in_the_ways_of_the_common_providers(world: World) {
    world.administrator();
    let provider = Provider::of(&world);
    let (bob, carol) = (provider.brings("bob@example.com"), provider.brings("carol@example.com"));
    let path = format!("/Groups/{}", provider.pushes("Crew", &[]));
    let does = |operation: serde_json::Value| {
        let page = provider.patches(&path, operation);
        assert_eq!(page.status.as_u16(), 200, "{}", page.body);
        members(&world, "Crew")
    };
    let (b, c) = ("bob@example.com", "carol@example.com");
    assert_eq!(
        does(json!({ "op": "Add", "path": "members", "value": [{ "value": bob }, { "value": carol }] })),
        [b, c]
    );
    assert_eq!(does(json!({ "op": "Remove", "path": format!("members[value eq \"{bob}\"]") })), [c]);
    assert_eq!(does(json!({ "op": "Remove", "path": "members", "value": [{ "value": carol }] })), [""; 0]);
    assert_eq!(does(json!({ "op": "replace", "path": "members", "value": [{ "value": bob }] })), [b]);
    assert_eq!(
        does(json!({ "op": "replace", "value": { "displayName": "Crew", "members": [{ "value": carol }] } })),
        [c]
    );
    assert_eq!(does(json!({ "op": "remove", "path": "members" })), [""; 0]);
    let nobody = json!({ "op": "add", "path": "members", "value": [{ "value": "0193f000-0000-7000-8000-000000000000" }] });
    refused(&provider.patches(&path, nobody), 400, "invalidValue");
    let id_of_account = id_of(&world, ADMINISTRATOR).to_string();
    let by_account = json!({ "op": "add", "path": "members", "value": [{ "value": id_of_account }] });
    refused(&provider.patches(&path, by_account), 400, "invalidValue");
}

fn a_group_that_is_here_already_waits_for_an_administrator(world: World) {
    let ada = world.administrator();
    let provider = Provider::of(&world);
    let bob = provider.brings("bob@example.com");
    let push = || {
        provider.sends(
            Method::POST,
            "/Groups",
            json!({ "displayName": "Write", "members": [{ "value": bob }] }),
        )
    };
    refused(&push(), 409, "uniqueness");
    refused(&push(), 409, "uniqueness");
    assert!(members(&world, "write").is_empty());

    let page = ada.opens("/organization/iam/scim");
    assert!(page.says("Groups that wait for you") && page.says("Access Token Admin"), "{}", page.text());
    let asked = page.follow("Link write");
    assert!(asked.says("It carries") && asked.says("Object Storage Admin"), "{}", asked.text());
    let after = asked.form("Link group").press();
    assert!(!after.says("Groups that wait for you"), "{}", after.text());

    let pushed = push();
    assert_eq!(pushed.status.as_u16(), 201, "{}", pushed.body);
    assert_eq!(members(&world, "write"), ["bob@example.com"]);
    refused(&push(), 409, "uniqueness");
    let path = format!("/Groups/{}", told(&pushed)["id"].as_str().expect("an id"));
    let rename = json!({ "op": "replace", "path": "displayName", "value": "Writers" });
    refused(&provider.patches(&path, rename), 403, "");
}

fn letting_go_of_a_linked_group_takes_its_people_out_and_keeps_it(world: World) {
    let ada = world.administrator();
    member(&world, "local@example.com", "Local", &["write"]);
    let provider = Provider::of(&world);
    let bob = provider.brings("bob@example.com");
    let write = group_id(&world, "write");
    assert!(
        ada.opens(&format!("/organization/iam/scim/groups/{write}/link"))
            .form("Link group")
            .press()
            .status
            .is_success()
    );
    let found = provider.finds("/Groups", "displayName eq \"write\"");
    let path = format!("/Groups/{}", found["Resources"][0]["id"].as_str().expect("an id"));
    let all = json!({ "displayName": "write", "members": [{ "value": bob }] });
    assert_eq!(provider.sends(Method::PUT, &path, all).status.as_u16(), 200);
    assert_eq!(
        members(&world, "write"),
        ["bob@example.com", "local@example.com"],
        "whom it does not know stays"
    );
    assert_eq!(provider.asks(Method::DELETE, &path).status.as_u16(), 204);
    assert_eq!(members(&world, "write"), ["local@example.com"]);
    refused(&provider.asks(Method::GET, &path), 404, "");
}

fn the_last_administrator_is_not_taken_out_of_a_linked_group(world: World) {
    let ada = world.administrator();
    member(&world, "bob@example.com", "Bob", &[]);
    let provider = Provider::of(&world);
    let bob = provider.brings("bob@example.com");
    let admin = group_id(&world, "admin");
    assert!(
        ada.opens(&format!("/organization/iam/scim/groups/{admin}/link"))
            .form("Link group")
            .press()
            .status
            .is_success()
    );
    let found = provider.finds("/Groups", "displayName eq \"admin\"");
    let path = format!("/Groups/{}", found["Resources"][0]["id"].as_str().expect("an id"));
    let joins = json!({ "op": "add", "path": "members", "value": [{ "value": bob }] });
    assert_eq!(provider.patches(&path, joins).status.as_u16(), 200);
    let me = id_of(&world, ADMINISTRATOR);
    assert!(ada.post(&format!("/organization/users/{me}/deactivate"), &[]).status.is_redirection());
    for page in [
        provider.patches(&path, json!({ "op": "remove", "path": "members" })),
        provider.sends(Method::PUT, &path, json!({ "displayName": "admin" })),
        provider.asks(Method::DELETE, &path),
        provider.asks(Method::DELETE, &format!("/Users/{bob}")),
    ] {
        refused(&page, 403, "");
    }
    assert_eq!(members(&world, "admin"), [ADMINISTRATOR, "bob@example.com"]);
}

fn groups_are_found_by_name_id_and_member(world: World) {
    world.administrator();
    let provider = Provider::of(&world);
    let bob = provider.brings("bob@example.com");
    let crew = provider.pushes("Crew", &[&bob]);
    provider.pushes("Night crew", &[]);
    let found = |filter: &str| {
        let list = provider.finds("/Groups", filter);
        list["Resources"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|it| it["displayName"].to_string())
            .collect::<Vec<_>>()
    };
    for filter in [
        "displayName eq \"CREW\"".to_owned(),
        "displayName sw \"cr\"".to_owned(),
        format!("id eq \"{crew}\""),
        format!("members eq \"{bob}\""),
        format!("id eq \"{crew}\" and members.value eq \"{bob}\""),
    ] {
        assert_eq!(found(&filter), ["\"Crew\""], "{filter}");
    }
    assert_eq!(found("displayName co \"crew\"").len(), 2);
    assert!(found("displayName eq \"admin\"").is_empty(), "only those that it looks after");
    let page = told(&provider.asks(Method::GET, "/Groups?count=1&startIndex=2&excludedAttributes=members"));
    assert_eq!(
        (&page["totalResults"], &page["Resources"][0]["displayName"]),
        (&json!(2), &json!("Night crew"))
    );
}
