//! People.

use reqwest::Method;
use serde_json::json;

use super::{Provider, refused};
use crate::api::json as told;
use crate::snapshot::texts;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::World;
use crate::support::{at_once, on_both};
use crate::users::{group_id, id_of, member, status_of};

on_both!(
    a_person_is_brought_read_changed_and_let_go_of,
    of_many_who_bring_one_person_at_once_one_does,
    somebody_who_is_here_comes_into_its_care_and_is_told,
    whom_an_administrator_settled_something_about_is_not_taken_over,
    deactivating_acts_at_once_and_is_undone_by_who_did_it,
    an_administrators_address_and_the_last_administrator_stay,
    another_address_is_told_to_the_old_one_and_taken_ones_are_refused,
    people_are_found_by_what_an_index_serves,
    a_version_that_is_not_the_newest_changes_nothing,
    nothing_of_another_organization_is_found_or_changed,
);

const BOB: &str = "bob@example.com";

fn a_person_is_brought_read_changed_and_let_go_of(world: World) {
    let ada = world.administrator();
    let provider = Provider::of(&world);
    let sent = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "Bob@Example.com",
        "externalId": "00u1",
        "name": { "givenName": "Bob", "familyName": "Babbage" },
        "emails": [{ "primary": true, "type": "work", "value": "bob@example.com" }],
        "active": true,
        "title": "not kept",
    });
    let made = provider.sends(Method::POST, "/Users", sent);
    assert_eq!(made.status.as_u16(), 201, "{}", made.body);
    assert_eq!(made.headers["content-type"], "application/scim+json");
    let person = told(&made);
    let id = person["id"].as_str().expect("an id");
    assert_eq!(made.headers["location"], person["meta"]["location"].as_str().expect("an address"));
    assert_eq!(made.headers["etag"], person["meta"]["version"].as_str().expect("a version"));
    assert_eq!((&person["userName"], &person["active"]), (&json!("Bob@Example.com"), &json!(true)));
    assert_eq!(person["name"], json!({ "givenName": "Bob", "familyName": "Babbage" }));
    assert!(person.get("title").is_none());
    assert!(ada.users().has_row("Bob Babbage"));
    assert_eq!(status_of(&world, BOB), "active");

    let path = format!("/Users/{id}");
    assert_eq!(told(&provider.asks(Method::GET, &path)), person);
    let only = told(&provider.asks(Method::GET, &format!("{path}?attributes=userName")));
    assert!(only.get("emails").is_none() && only.get("userName").is_some());
    let replaced = provider.sends(Method::PUT, &path, json!({ "userName": BOB, "displayName": "Robert" }));
    assert_eq!(told(&replaced)["displayName"], "Robert", "{}", replaced.body);
    assert!(told(&replaced).get("externalId").is_none(), "what is left out is taken away");
    assert!(ada.users().has_row("Robert"));

    let gone = provider.asks(Method::DELETE, &path);
    assert_eq!((gone.status.as_u16(), gone.body.as_str()), (204, ""));
    for method in [Method::GET, Method::DELETE] {
        refused(&provider.asks(method, &path), 404, "");
    }
    assert_eq!(provider.finds("/Users", "userName eq \"bob@example.com\"")["totalResults"], 0);
    assert_eq!(status_of(&world, BOB), "deactivated");
    assert!(ada.users().has_row("Robert"), "the console keeps the person");

    let again = told(&provider.sends(Method::POST, "/Users", json!({ "userName": BOB })));
    assert!(again["id"].is_string() && again["id"] != id, "an id is not given twice: {again}");
    assert_eq!((&again["active"], status_of(&world, BOB).as_str()), (&json!(true), "active"));
}

fn of_many_who_bring_one_person_at_once_one_does(world: World) {
    world.administrator();
    let provider = Provider::of(&world);
    let statuses =
        at_once(32, |_| provider.sends(Method::POST, "/Users", json!({ "userName": BOB })).status.as_u16());
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 31, "{statuses:?}");
    assert_eq!(texts(&world, "SELECT email FROM users WHERE email_key = 'bob@example.com'").len(), 1);
}

fn somebody_who_is_here_comes_into_its_care_and_is_told(world: World) {
    world.administrator();
    member(&world, BOB, "Bob", &[]);
    let before = id_of(&world, BOB);
    let provider = Provider::of(&world);
    let made = provider.sends(
        Method::POST,
        "/Users",
        json!({ "userName": "BOB@example.com", "displayName": "Robert" }),
    );
    assert_eq!(made.status.as_u16(), 201, "{}", made.body);
    assert_eq!(texts(&world, "SELECT name FROM users WHERE email_key = 'bob@example.com'"), ["Robert"]);
    assert_eq!(texts(&world, "SELECT user_id FROM scim_users"), [before.to_string()]);
    let letters = texts(&world, "SELECT parameters FROM jobs WHERE queue = 'mail'");
    assert!(
        letters
            .iter()
            .any(|letter| letter.contains("provider_took_over") || letter.contains("ProviderTookOver")),
        "{letters:?}"
    );
    refused(&provider.sends(Method::POST, "/Users", json!({ "userName": BOB })), 409, "uniqueness");
}

fn whom_an_administrator_settled_something_about_is_not_taken_over(world: World) {
    let ada = world.administrator();
    member(&world, "gone@example.com", "Gone", &[]);
    let gone = id_of(&world, "gone@example.com");
    assert!(ada.post(&format!("/organization/users/{gone}/deactivate"), &[]).status.is_redirection());
    assert!(ada.post("/organization/users/invite", &[("email", "new@example.com")]).status.is_redirection());
    let provider = Provider::of(&world);
    for email in [ADMINISTRATOR, "gone@example.com", "new@example.com"] {
        refused(&provider.sends(Method::POST, "/Users", json!({ "userName": email })), 409, "uniqueness");
    }
    assert!(texts(&world, "SELECT user_id FROM scim_users").is_empty());
    assert_eq!(texts(&world, "SELECT words FROM scim_log").len(), 3, "each stands in the log");
}

fn deactivating_acts_at_once_and_is_undone_by_who_did_it(world: World) {
    let ada = world.administrator();
    let bob = member(&world, BOB, "Bob", &[]);
    let provider = Provider::of(&world);
    let path = format!("/Users/{}", provider.brings(BOB));
    assert!(bob.is_signed_in());
    let off = provider.patches(&path, json!({ "op": "Replace", "path": "active", "value": "False" }));
    assert_eq!((off.status.as_u16(), &told(&off)["active"]), (200, &json!(false)), "{}", off.body);
    assert!(!bob.is_signed_in(), "on the next request");
    let on = provider.patches(&path, json!({ "op": "replace", "value": { "active": true } }));
    assert_eq!(told(&on)["active"], true, "{}", on.body);
    assert_eq!(status_of(&world, BOB), "active");

    let by_hand = format!("/organization/users/{}/deactivate", id_of(&world, BOB));
    assert!(ada.post(&by_hand, &[]).status.is_redirection());
    assert_eq!(told(&provider.asks(Method::GET, &path))["active"], false);
    refused(&provider.patches(&path, json!({ "op": "replace", "value": { "active": true } })), 403, "");
    assert_eq!(status_of(&world, BOB), "deactivated", "what an administrator did stays");
    let renamed = provider.patches(&path, json!({ "op": "replace", "path": "displayName", "value": "Rob" }));
    assert_eq!(told(&renamed)["displayName"], "Rob");
}

fn an_administrators_address_and_the_last_administrator_stay(world: World) {
    let ada = world.administrator();
    member(&world, BOB, "Bob", &[]);
    let provider = Provider::of(&world);
    let bob = format!("/Users/{}", provider.brings(BOB));
    let admin = group_id(&world, "admin");
    let added = ada.post(
        &format!("/organization/groups/{admin}/members"),
        &[("address", BOB), ("addresses", BOB), ("user", id_of(&world, BOB).as_str())],
    );
    assert!(added.status.is_redirection(), "{}", added.text());
    let browser = world.visitor();
    browser.signs_in(BOB, PASSWORD);
    let gone = browser.post(&format!("/organization/users/{}/deactivate", id_of(&world, ADMINISTRATOR)), &[]);
    assert!(gone.status.is_redirection(), "{}", gone.text());
    let elsewhere =
        json!({ "op": "replace", "path": "emails[type eq \"work\"].value", "value": "eve@example.com" });
    for page in [
        // Or a new password for the administrator could be mailed there.
        provider.patches(&bob, elsewhere),
        provider.patches(&bob, json!({ "op": "replace", "path": "active", "value": false })),
        provider.asks(Method::DELETE, &bob),
    ] {
        refused(&page, 403, "");
    }
    assert_eq!(status_of(&world, BOB), "active");
    assert!(texts(&world, "SELECT words FROM scim_log").iter().any(|it| it.contains("administers")));
}

fn another_address_is_told_to_the_old_one_and_taken_ones_are_refused(world: World) {
    world.administrator();
    let provider = Provider::of(&world);
    let path = format!("/Users/{}", provider.brings(BOB));
    provider.brings("carol@example.com");
    let value =
        |email: &str| json!({ "op": "replace", "path": "emails[type eq \"work\"].value", "value": email });
    refused(&provider.patches(&path, value("carol@example.com")), 409, "uniqueness");
    refused(&provider.patches(&path, value(ADMINISTRATOR)), 409, "uniqueness");
    refused(
        &provider
            .patches(&path, json!({ "op": "replace", "path": "userName", "value": "CAROL@example.com" })),
        409,
        "uniqueness",
    );
    let moved = provider.patches(&path, value("robert@example.com"));
    assert_eq!(told(&moved)["emails"][0]["value"], "robert@example.com", "{}", moved.body);
    assert_eq!(told(&moved)["userName"], BOB);
    let letters = texts(&world, "SELECT parameters FROM jobs WHERE queue = 'mail'");
    assert!(
        letters.iter().any(|letter| letter.contains(BOB) && letter.contains("robert@example.com")),
        "{letters:?}"
    );
}

fn people_are_found_by_what_an_index_serves(world: World) {
    world.administrator();
    let provider = Provider::of(&world);
    for (number, name) in ["bob", "carol", "dora"].iter().enumerate() {
        let body = json!({
            "userName": format!("{name}@example.com"), "externalId": format!("x{number}"),
            "displayName": format!("{name} Example"), "active": *name != "dora",
        });
        assert_eq!(provider.sends(Method::POST, "/Users", body).status.as_u16(), 201);
    }
    let found = |filter: &str| {
        let list = provider.finds("/Users", filter);
        let names = list["Resources"].as_array().expect("a list").iter();
        names.map(|it| it["userName"].as_str().expect("a name").to_owned()).collect::<Vec<_>>()
    };
    for filter in [
        "userName eq \"BOB@example.com\"",
        "externalId eq \"x0\"",
        "emails.value eq \"bob@example.com\"",
        "displayName eq \"Bob Example\"",
        "displayName sw \"bo\"",
        "userName eq \"bob@example.com\" and active eq true",
    ] {
        assert_eq!(found(filter), ["bob@example.com"], "{filter}");
    }
    assert_eq!(found("active eq false"), ["dora@example.com"]);
    assert!(found("userName eq \"nobody\"").is_empty() && found("id eq \"x\"").is_empty());
    let page = told(&provider.asks(Method::GET, "/Users?startIndex=2&count=1"));
    assert_eq!(
        (&page["totalResults"], &page["startIndex"], &page["itemsPerPage"]),
        (&json!(3), &json!(2), &json!(1))
    );
    assert_eq!(page["Resources"][0]["userName"], "carol@example.com");
    assert_eq!(told(&provider.asks(Method::GET, "/Users?count=0"))["Resources"], json!([]));
    for filter in ["title%20eq%20%22x%22", "displayName%20co%20%22b%22", "members%20eq%20%22x%22", "nonsense"]
    {
        refused(&provider.asks(Method::GET, &format!("/Users?filter={filter}")), 400, "invalidFilter");
    }
}

fn a_version_that_is_not_the_newest_changes_nothing(world: World) {
    world.administrator();
    let provider = Provider::of(&world);
    let path = format!("/Users/{}", provider.brings(BOB));
    let first = provider.asks(Method::GET, &path).headers["etag"].to_str().expect("text").to_owned();
    let named =
        |tag: &str| Provider { program: provider.program.with("if-match", tag), base: provider.base.clone() };
    let change = |name: &str| json!({ "op": "replace", "path": "displayName", "value": name });
    assert_eq!(named(&first).patches(&path, change("One")).status.as_u16(), 200);
    refused(&named(&first).patches(&path, change("Two")), 412, "");
    refused(&named(&first).asks(Method::DELETE, &path), 412, "");
    let now = provider.asks(Method::GET, &path);
    assert_eq!(told(&now)["displayName"], "One");
    let tag = now.headers["etag"].to_str().expect("text");
    let known =
        Provider { program: provider.program.with("if-none-match", tag), base: provider.base.clone() };
    assert_eq!(known.asks(Method::GET, &path).status.as_u16(), 304);
}

fn nothing_of_another_organization_is_found_or_changed(world: World) {
    world.administrator();
    crate::cast::another_organization(&world, "Elsewhere", "grace@elsewhere.example", PASSWORD);
    let (provider, other) = (Provider::of(&world), Provider::by(&world, "grace@elsewhere.example"));
    let bob = provider.brings(BOB);
    let group = provider.pushes("Night shift", &[&bob]);
    for path in [format!("/Users/{bob}"), format!("/Groups/{group}")] {
        refused(&other.asks(Method::GET, &path), 404, "");
        refused(&other.asks(Method::DELETE, &path), 404, "");
        let op = json!({ "op": "replace", "path": "displayName", "value": "x" });
        refused(&other.patches(&path, op), 404, "");
    }
    let stranger = json!({ "displayName": "Theirs", "members": [{ "value": bob }] });
    refused(&other.sends(Method::POST, "/Groups", stranger), 400, "invalidValue");
    assert_eq!(other.finds("/Users", "userName eq \"bob@example.com\"")["totalResults"], 0);
    let astray = Provider { program: other.program.clone(), base: provider.base.clone() };
    refused(&astray.asks(Method::GET, "/Users"), 401, "");
}
