//! What a provider settles is not changed by hand, as long as it may settle it.

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::Provider;
use crate::api::{json as told, problem, sends};
use crate::cast::{has_a_token, with_token};
use crate::snapshot::texts;
use crate::support::on_both;
use crate::support::people::ADMINISTRATOR;
use crate::support::world::World;
use crate::users::{group_id, id_of, member};

on_both!(
    a_pushed_group_is_filled_and_named_by_its_provider_alone,
    name_and_address_of_somebody_provisioned_are_not_theirs_to_change,
);

fn a_pushed_group_is_filled_and_named_by_its_provider_alone(world: World) {
    let ada = world.administrator();
    member(&world, "carol@example.com", "Carol", &[]);
    let provider = Provider::of(&world);
    let bob = provider.brings("bob@example.com");
    provider.pushes("Crew", &[&bob]);
    let (crew, carol) = (group_id(&world, "Crew"), id_of(&world, "carol@example.com"));
    let page = ada.opens(&format!("/organization/groups/{crew}"));
    assert!(page.heading().contains("Provisioned") && !page.has_link("Delete"), "{}", page.text());
    assert!(!page.has_link("Add members") && !page.has_button("Remove bob@example.com"), "{}", page.text());
    let at = |act: &str| format!("/organization/groups/{crew}/{act}");
    let account = id_of(&world, "bob@example.com").to_string();
    for (path, fields) in [
        (at("edit"), vec![("name", "Mine")]),
        (at("delete"), vec![]),
        (at("members"), vec![("user", carol.as_str())]),
        (at("remove"), vec![("user", account.as_str())]),
    ] {
        let page = ada.post(&path, &fields);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {}", page.text());
        assert!(page.says("Your identity provider settles"), "{path}: {}", page.text());
    }
    let described = ada.post(&at("edit"), &[("name", "Crew"), ("description", "On deck")]);
    assert!(described.status.is_redirection(), "{}", described.text());

    let robot = with_token(&world.visitor(), &has_a_token(&world, ADMINISTRATOR, None).1);
    let members = format!("/api/v1/groups/{crew}/members");
    assert_eq!(problem(&sends(&robot, Method::POST, &members, json!({ "users": [carol] }))), "conflict");
    let version =
        texts(&world, "SELECT CAST(version AS TEXT) FROM users WHERE email = 'carol@example.com'").remove(0);
    let wanted = json!({ "groups": [crew], "version": version.parse::<i64>().expect("a number") });
    let joins = sends(&robot, Method::PUT, &format!("/api/v1/users/{carol}/groups"), wanted);
    assert_eq!(problem(&joins), "conflict");
    let page = ada.opens(&format!("/organization/users/{account}"));
    assert!(page.says("settled by your identity provider"), "{}", page.text());
    let saved = page.form("Save groups").check("read").press();
    assert!(saved.toast().is_some(), "others can be given: {}", saved.text());
    assert_eq!(texts(&world, "SELECT group_id FROM memberships m JOIN users u ON u.id = m.user_id WHERE u.email = 'bob@example.com'").len(), 2);

    ada.post("/organization/iam/scim/disable", &[]);
    assert!(ada.post(&at("members"), &[("user", carol.as_str())]).status.is_redirection(), "while it is off");
}

fn name_and_address_of_somebody_provisioned_are_not_theirs_to_change(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    let provider = Provider::of(&world);
    let made = provider.sends(
        Method::POST,
        "/Users",
        json!({ "userName": "bob@example.com", "displayName": "Robert" }),
    );
    assert_eq!(told(&made)["displayName"], "Robert");
    assert!(ada.users().row("Robert").says("Provisioned"));
    let page = ada.opens(&format!("/organization/users/{}", id_of(&world, "bob@example.com")));
    assert!(page.says("Provisioned") && page.says("Identity provider (SCIM)"), "{}", page.text());

    let page = bob.post("/account/profile", &[("name", "Bobby"), ("time_zone", "UTC")]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.error_for("Name").is_some_and(|words| words.contains("identity provider")),
        "{}",
        page.text()
    );
    let zone = bob.post("/account/profile", &[("name", "Robert"), ("time_zone", "Europe/Berlin")]);
    assert!(zone.status.is_redirection(), "{}", zone.text());
    let page = bob.post("/account/email", &[("email", "bobby@example.com")]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.text());
    assert!(page.says("identity provider settles your address"), "{}", page.text());
    assert_eq!(texts(&world, "SELECT name FROM users WHERE email = 'bob@example.com'"), ["Robert"]);
}
