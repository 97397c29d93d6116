//! Whom a token stands for, what it may, and when it stops.

use chrono::Duration;
use reqwest::StatusCode;
use serde_json::json;

use super::{json, problem};
use crate::cast::{Cast, Kind, has_a_token, with_token};
use crate::snapshot::texts;
use crate::support::on_both;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::wait;
use crate::support::world::World;

on_both!(
    whoami_tells_whom_a_token_stands_for_and_what_it_may,
    a_narrowed_token_carries_no_more_than_its_roles_and_no_more_than_its_person_holds,
    a_token_that_is_none_says_why,
    a_deactivated_persons_token_fails_on_the_next_request_and_a_changed_role_counts_at_once,
    the_last_use_is_written_at_most_once_a_minute,
    a_token_opens_no_page_and_a_session_opens_no_api,
);

const WHOAMI: &str = "/api/v1/whoami";

fn whoami_tells_whom_a_token_stands_for_and_what_it_may(world: World) {
    let cast = Cast::assemble(&world);
    let page = cast.bears(Kind::Reader).get(WHOAMI);
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    let told = json(&page);
    let code = texts(&world, "SELECT code FROM organizations WHERE name = 'Analytical Engines'").remove(0);
    assert_eq!(told["principal"]["uid"], cast.user("rita@example.com"));
    assert_eq!(told["principal"]["orgUid"], code);
    assert_eq!(told["principal"]["groups"], json!(["read"]));
    assert_eq!(told["principal"]["roles"], json!(["iam_viewer", "access_token_viewer", "cks_viewer"]));
    let actions = told["principal"]["consoleActions"].as_array().expect("a list").clone();
    assert!(actions.contains(&json!("iam.users.read")) && actions.contains(&json!("cks.clusters.list")));
    assert!(!actions.contains(&json!("iam.users.invite")));
    assert_eq!(told["token"]["expiresAt"], json!(null));
    assert_eq!(page.headers["cache-control"], "no-store");
    assert!(page.headers.get("set-cookie").is_none());

    let nothing = json(&cast.bears(Kind::Member).get(WHOAMI));
    assert_eq!(nothing["principal"]["consoleActions"], json!([]));
}

fn a_narrowed_token_carries_no_more_than_its_roles_and_no_more_than_its_person_holds(world: World) {
    let cast = Cast::assemble(&world);
    let told = json(&cast.bears(Kind::Narrowed).get(WHOAMI));
    assert_eq!(told["principal"]["roles"], json!(["cks_admin"]));
    assert_eq!(told["token"]["narrowedTo"], json!(["cks_admin"]));
    let (_, secret) = has_a_token(&world, ADMINISTRATOR, Some(&["cks_admin", "billing_viewer"]));
    let told = json(&with_token(&world.visitor(), &secret).get(WHOAMI));
    assert_eq!(told["principal"]["roles"], json!(["cks_admin"]));
    assert_eq!(
        told["principal"]["consoleActions"].as_array().expect("a list").len(),
        10,
        "{}",
        told["principal"]
    );
}

fn a_token_that_is_none_says_why(world: World) {
    let cast = Cast::assemble(&world);
    let (_, secret) = has_a_token(&world, ADMINISTRATOR, None);
    let visitor = world.visitor();
    let challenged = |value: &str| {
        let page = visitor.with("authorization", value).get(WHOAMI);
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{value}");
        (problem(&page), page.headers["www-authenticate"].to_str().expect("text").to_owned())
    };
    let bare = visitor.get(WHOAMI);
    assert_eq!((bare.status, problem(&bare).as_str()), (StatusCode::UNAUTHORIZED, "token-missing"));
    assert_eq!(bare.headers["www-authenticate"], "Bearer realm=\"Roster\"");
    for value in ["Basic YTpi", "Bearer", "rst_abc", ""] {
        assert_eq!(challenged(value).0, "token-missing", "{value}");
    }
    let other = if secret.ends_with('A') { "B" } else { "A" };
    for value in ["nonsense", &secret[..20], &format!("{}{other}", &secret[..45]), "rst_scim_abc"] {
        let (kind, challenge) = challenged(&format!("Bearer {value}"));
        assert_eq!(kind, "token-unknown", "{value}");
        assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
    }
    let kinds = [Kind::Expired, Kind::Revoked, Kind::Deactivated];
    for (kind, word) in kinds.into_iter().zip(["token-expired", "token-revoked", "token-suspended"]) {
        let page = cast.bears(kind).get(WHOAMI);
        assert_eq!((page.status, problem(&page).as_str()), (StatusCode::UNAUTHORIZED, word));
    }
    let page = cast.bears(Kind::Expired).get(WHOAMI);
    let challenge = page.headers["www-authenticate"].to_str().expect("text").to_owned();
    assert!(challenge.contains("expired"), "{challenge}");
    assert_eq!(visitor.with("authorization", &format!("bearer {secret}")).get(WHOAMI).status, StatusCode::OK);
}

fn a_deactivated_persons_token_fails_on_the_next_request_and_a_changed_role_counts_at_once(world: World) {
    let ada = world.administrator();
    world.member(&ada, "bob@example.com", "Bob Builder", &["read"]);
    let (_, secret) = has_a_token(&world, "bob@example.com", None);
    let robot = with_token(&world.visitor(), &secret);
    assert_eq!(robot.get(WHOAMI).status, StatusCode::OK);

    let user = texts(&world, "SELECT id FROM users WHERE email = 'bob@example.com'").remove(0);
    let version = texts(&world, "SELECT CAST(version AS TEXT) FROM users WHERE email = 'bob@example.com'");
    let changed = ada.post(&format!("/organization/users/{user}/groups"), &[("version", &version[0])]);
    assert!(changed.status.is_redirection(), "{}", changed.text());
    assert_eq!(json(&robot.get(WHOAMI))["principal"]["consoleActions"], json!([]));

    let gone = ada.post(&format!("/organization/users/{user}/deactivate"), &[]);
    assert!(gone.status.is_redirection(), "{}", gone.text());
    assert_eq!(problem(&robot.get(WHOAMI)), "token-suspended");
}

fn the_last_use_is_written_at_most_once_a_minute(world: World) {
    world.administrator();
    let (_, secret) = has_a_token(&world, ADMINISTRATOR, None);
    let robot = with_token(&world.visitor(), &secret);
    let last_use = || {
        let site = world.site();
        wait(site.touches.flush(&site.db)).expect("the last use");
        texts(&world, "SELECT COALESCE(CAST(last_used_at AS TEXT), 'never') FROM access_tokens").remove(0)
    };
    assert_eq!(last_use(), "never");
    robot.get(WHOAMI);
    let first = last_use();
    assert!(first.contains("09:00:00"), "{first}");
    world.later(Duration::seconds(59));
    robot.get(WHOAMI);
    assert_eq!(last_use(), first);
    world.later(Duration::seconds(1));
    robot.get(WHOAMI);
    assert!(last_use().contains("09:01:00"), "{}", last_use());
}

fn a_token_opens_no_page_and_a_session_opens_no_api(world: World) {
    let ada = world.administrator();
    let (_, secret) = has_a_token(&world, ADMINISTRATOR, None);
    let page = with_token(&world.visitor(), &secret).get("/organization/users");
    assert_eq!(page.leads_to().expect("a way").path(), "/sign-in");
    assert_eq!(problem(&ada.get(WHOAMI)), "token-missing");
    let sessions = || texts(&world, "SELECT id FROM sessions").len();
    let before = sessions();
    with_token(&world.visitor(), &secret).get(WHOAMI);
    assert_eq!(sessions(), before);
    assert!(world.visitor().signs_in(ADMINISTRATOR, PASSWORD).status.is_success());
}
