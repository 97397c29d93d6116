//! The page on which provisioning is set up.

use chrono::Duration;
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{Provider, refused};
use crate::cast::scim::address;
use crate::cast::with_token;
use crate::snapshot::texts;
use crate::support::on_both;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::world::World;
use crate::users::{group_id, member};

on_both!(
    it_is_turned_on_given_a_token_used_and_turned_off,
    a_token_is_revoked_and_refused_on_the_next_request,
    turning_it_on_and_making_a_token_need_a_fresh_proof,
    what_was_refused_stands_in_the_log,
    who_may_only_read_changes_nothing,
    a_group_that_carries_more_by_now_is_shown_again_before_it_is_linked,
    twenty_tokens_are_enough,
);

const PAGE: &str = "/organization/iam/scim";

fn makes_a_token(ada: &Person, name: &str) -> String {
    let page = ada.opens(PAGE).follow("Create token").form("Create token").fill("Token name", name).press();
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    page.whole().control("Secret").attr("value").expect("a secret").to_owned()
}

fn provider_with(world: &World, secret: &str) -> Provider {
    Provider { program: with_token(&world.visitor(), secret), base: address(world, ADMINISTRATOR) }
}

fn it_is_turned_on_given_a_token_used_and_turned_off(world: World) {
    let ada = world.administrator();
    let page = ada.opens("/organization/users").follow("SCIM");
    assert_eq!(page.heading(), "SCIM Off");
    let base = page.whole().control("Base URL").attr("value").expect("an address").to_owned();
    assert!(base.ends_with(&address(&world, ADMINISTRATOR)), "{base}");
    let page = page.form("Enable SCIM API").press();
    assert_eq!((page.heading().as_str(), page.toast().is_some()), ("SCIM On", true), "{}", page.text());
    let secret = makes_a_token(&ada, "Directory");
    assert!(secret.starts_with("rst_scim_"), "{secret}");
    assert!(!ada.opens(PAGE).body.contains(&secret), "the secret is shown once");
    assert!(!texts(&world, "SELECT secret_hash || name FROM scim_tokens").concat().contains(&secret));

    let provider = provider_with(&world, &secret);
    provider.brings("bob@example.com");
    let page = ada.opens(PAGE);
    assert!(page.says("1 person and 0 groups") && page.says("Created."), "{}", page.text());
    assert!(!page.row("Directory").says("never"), "{}", page.text());

    let page = page.follow("Disable").form("Disable SCIM API").press();
    assert_eq!(page.heading(), "SCIM Off");
    refused(&provider.asks(Method::GET, "/Users"), 401, "");
    assert_eq!(ada.opens(PAGE).form("Enable SCIM API").press().heading(), "SCIM On");
    assert_eq!(provider.asks(Method::GET, "/Users").status, StatusCode::OK);
}

fn a_token_is_revoked_and_refused_on_the_next_request(world: World) {
    let ada = world.administrator();
    ada.opens(PAGE).form("Enable SCIM API").press();
    let provider = provider_with(&world, &makes_a_token(&ada, "Directory"));
    assert_eq!(provider.asks(Method::GET, "/Users").status, StatusCode::OK);
    let page = ada.opens(PAGE).follow("Revoke Directory").form("Revoke token").press();
    assert!(page.says("None yet"), "{}", page.text());
    refused(&provider.asks(Method::GET, "/Users"), 401, "");
    refused(&provider.sends(Method::POST, "/Users", json!({ "userName": "x@example.com" })), 401, "");
    let id = texts(&world, "SELECT id FROM scim_tokens").remove(0);
    for method in [Method::GET, Method::POST] {
        let path = format!("{PAGE}/tokens/{id}/revoke");
        let page = if method == Method::GET { ada.get(&path) } else { ada.post(&path, &[]) };
        assert_eq!(page.status, StatusCode::NOT_FOUND, "revoked already");
    }
}

fn turning_it_on_and_making_a_token_need_a_fresh_proof(world: World) {
    let ada = world.administrator();
    world.later(Duration::minutes(11));
    let page = ada.opens(PAGE).form("Enable SCIM API").press();
    assert_eq!(page.url.path(), "/account/prove", "{}", page.text());
    page.form("Go on").fill("Password", PASSWORD).press();
    assert_eq!(ada.opens(PAGE).form("Enable SCIM API").press().heading(), "SCIM On");
    world.later(Duration::minutes(11));
    let form = ada.opens(PAGE).follow("Create token").form("Create token").fill("Token name", "Directory");
    let page = form.press();
    assert_eq!(page.url.path(), "/account/prove", "{}", page.text());
    let page = page.form("Go on").fill("Password", PASSWORD).press();
    assert!(texts(&world, "SELECT name FROM scim_tokens").is_empty());
    page.form("Create token").press();
    assert_eq!(texts(&world, "SELECT name FROM scim_tokens"), ["Directory"]);
}

fn what_was_refused_stands_in_the_log(world: World) {
    let ada = world.administrator();
    let provider = Provider::of(&world);
    refused(&provider.sends(Method::POST, "/Users", json!({ "userName": ADMINISTRATOR })), 409, "uniqueness");
    refused(&provider.sends(Method::POST, "/Users", json!({ "userName": "<b>x</b>" })), 400, "invalidValue");
    let page = ada.opens(PAGE);
    assert!(page.says("Refused 409") && page.says("administers the organization"), "{}", page.text());
    assert!(page.says("POST Users <b>x</b>"), "{}", page.text());
    for number in 0..60 {
        refused(
            &provider.sends(Method::POST, "/Users", json!({ "userName": number.to_string() })),
            400,
            "invalidValue",
        );
    }
    let page = ada.opens(PAGE);
    assert!(!page.says("Refused 409"));
    assert!(page.follow("Next").says("Refused 409"));
    world.later(Duration::days(91));
    world.db().write_now(None, roster::scim::sweep).expect("a sweep");
    assert!(texts(&world, "SELECT id FROM scim_log").is_empty());
}

fn who_may_only_read_changes_nothing(world: World) {
    let ada = world.administrator();
    ada.opens(PAGE).form("Enable SCIM API").press();
    makes_a_token(&ada, "Directory");
    let rita = member(&world, "rita@example.com", "Rita", &["read"]);
    let page = rita.opens(PAGE);
    assert!(
        page.says("Directory") && !page.has_link("Create token") && !page.has_link("Disable"),
        "{}",
        page.text()
    );
    let write = group_id(&world, "write");
    for path in ["enable", "disable", "tokens/new", &format!("groups/{write}/link")] {
        assert_eq!(
            rita.post(&format!("{PAGE}/{path}"), &[("name", "x")]).status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    let moe = member(&world, "moe@example.com", "Moe", &[]);
    assert_eq!(moe.get(PAGE).status, StatusCode::FORBIDDEN);
    assert!(!moe.opens("/account/settings").has_link("SCIM"));
}

fn a_group_that_carries_more_by_now_is_shown_again_before_it_is_linked(world: World) {
    let ada = world.administrator();
    Provider::of(&world);
    let path = format!("{PAGE}/groups/{}/link", group_id(&world, "write"));
    let page = ada.post(&path, &[("roles", "cks_viewer")]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("has changed meanwhile") && page.says("Access Token Admin"), "{}", page.text());
    assert!(texts(&world, "SELECT id FROM scim_groups").is_empty());
    assert!(page.form("Link group").press().toast().is_some());
    assert_eq!(texts(&world, "SELECT id FROM scim_groups").len(), 1);
    assert!(ada.post(&path, &[("roles", "")]).status.is_redirection(), "linked already");
    let nothing = format!("{PAGE}/groups/0193f000-0000-7000-8000-000000000000/link");
    assert_eq!(ada.get(&nothing).status, StatusCode::NOT_FOUND);
}

fn twenty_tokens_are_enough(world: World) {
    let ada = world.administrator();
    for number in 0..20 {
        assert_eq!(
            ada.post(&format!("{PAGE}/tokens/new"), &[("name", &number.to_string())]).status,
            StatusCode::OK
        );
    }
    let page = ada.post(&format!("{PAGE}/tokens/new"), &[("name", "one more")]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.error_for("Token name").is_some_and(|words| words.contains("20 tokens")), "{}", page.text());
    for wrong in ["", &"x".repeat(101)] {
        let page = ada.post(&format!("{PAGE}/tokens/new"), &[("name", wrong)]);
        assert!(page.error_for("Token name").is_some(), "{}", page.text());
    }
}
