//! The settings of single sign-on by the API.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{asks, json as of, problem, sends};
use crate::cast::{Cast, Kind, another_organization};
use crate::snapshot::Snapshot;
use crate::sso::with_a_provider;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::providers::{Lie, Providers};
use crate::support::world::World;
use crate::users::{group_id, lines};

with_a_provider!(
    a_program_deploys_a_provider_and_its_secret_is_told_nobody,
    it_is_turned_off_and_on_and_removed,
    requiring_it_is_previewed_and_holds,
    what_is_wrong_names_its_member_and_changes_nothing,
    a_change_decided_on_an_older_version_changes_nothing,
    a_domain_of_another_organization_stays_there,
    whoever_may_not_changes_nothing,
);

const SSO: &str = "/api/v1/sso";

fn at(rest: &str) -> String {
    format!("{SSO}/{rest}")
}

fn wanted(providers: &Providers) -> Value {
    let [issuer, id, secret] = providers.client();
    json!({ "discoveryUrl": issuer, "clientId": id, "clientSecret": secret, "domains": ["example.com"] })
}

fn deploys(robot: &Person, wanted: Value) -> Value {
    let page = sends(robot, Method::PUT, SSO, wanted);
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(!page.body.contains("the secret"), "{}", page.body);
    of(&page)["provider"].clone()
}

fn a_program_deploys_a_provider_and_its_secret_is_told_nobody(world: World, providers: Providers) {
    let cast = Cast::assemble(&world);
    let robot = cast.bears(Kind::Administrator);
    let none = of(&robot.get(SSO));
    assert_eq!(none["provider"], Value::Null);
    assert!(none["redirectUrl"].as_str().is_some_and(|url| url.ends_with("/callback")), "{none}");
    let mut wanted = wanted(&providers);
    wanted["mapping"] = json!([{ "value": "engineers", "group": group_id(&world, "read") }]);
    let made = deploys(&robot, wanted.clone());
    assert_eq!(
        (&made["kind"], &made["isOn"], &made["requiredOf"], &made["groupsClaim"]),
        (&json!("oidc"), &json!(true), &json!("nobody"), &json!("groups"))
    );
    assert_eq!((&made["mapping"], &made["domains"]), (&wanted["mapping"], &wanted["domains"]));
    assert_eq!(of(&robot.get(SSO))["provider"], made);
    assert_eq!(lines(&world, "iam.sso.write"), 1);

    providers.knows("2002", "bob@example.com", "Bob");
    let bob = world.visitor();
    crate::sso::comes(&bob, "bob@example.com");
    assert!(bob.is_signed_in());
    wanted.as_object_mut().expect("an object").remove("clientSecret");
    wanted["trustsSecondFactor"] = json!(true);
    let changed = deploys(&robot, wanted);
    assert_eq!((&changed["trustsSecondFactor"], &changed["people"]), (&json!(true), &json!(1)));
    let again = world.visitor();
    crate::sso::comes(&again, "bob@example.com");
    assert!(again.is_signed_in(), "the secret that is kept stays");
}

fn it_is_turned_off_and_on_and_removed(world: World, providers: Providers) {
    let cast = Cast::assemble(&world);
    let robot = cast.bears(Kind::Administrator);
    for act in ["turn-on", "turn-off"] {
        assert_eq!(problem(&asks(&robot, Method::POST, &at(act))), "not-found", "there is none");
    }
    assert_eq!(problem(&asks(&robot, Method::DELETE, SSO)), "not-found");
    deploys(&robot, wanted(&providers));
    assert_eq!(problem(&asks(&robot, Method::POST, &at("turn-on"))), "conflict");
    assert_eq!(problem(&asks(&robot, Method::DELETE, SSO)), "conflict", "it is on");
    assert_eq!(of(&asks(&robot, Method::POST, &at("turn-off")))["provider"]["isOn"], false);
    assert_eq!(of(&asks(&robot, Method::POST, &at("turn-on")))["provider"]["isOn"], true);
    asks(&robot, Method::POST, &at("turn-off"));
    assert_eq!(of(&asks(&robot, Method::DELETE, SSO))["provider"], Value::Null);
    assert_eq!(lines(&world, "iam.sso.write"), 5);
}

fn requiring_it_is_previewed_and_holds(world: World, providers: Providers) {
    let cast = Cast::assemble(&world);
    let robot = cast.bears(Kind::Administrator);
    let of_all = json!({ "requiredOf": "everybody" });
    let preview = at("require/preview");
    assert_eq!(problem(&sends(&robot, Method::POST, &preview, of_all.clone())), "not-found");
    let made = deploys(&robot, wanted(&providers));
    let before = Snapshot::of(&world);
    let shown = of(&sends(&robot, Method::POST, &preview, of_all));
    assert!(shown["notYet"]["count"].as_i64().is_some_and(|count| count > 0), "{shown}");
    let require = |required: &str, version: &Value| {
        let wanted = json!({ "requiredOf": required, "version": version });
        sends(&robot, Method::POST, &at("require"), wanted)
    };
    let refused = require("everybody", &made["version"]);
    assert_eq!(problem(&refused), "conflict", "no administrator has a second factor");
    assert_eq!(problem(&require("nobody", &made["version"])), "conflict", "it is so");
    assert_eq!(problem(&require("domains", &json!(77))), "conflict");
    assert_eq!(Snapshot::of(&world), before);
}

fn what_is_wrong_names_its_member_and_changes_nothing(world: World, providers: Providers) {
    let cast = Cast::assemble(&world);
    let robot = cast.bears(Kind::Administrator);
    let before = Snapshot::of(&world);
    let nowhere = "0190a5a0-0000-7000-8000-000000000000";
    let cases = [
        ("discoveryUrl", json!("login"), "/discoveryUrl"),
        ("discoveryUrl", json!("http://127.0.0.1:9/away"), "/discoveryUrl"),
        ("clientId", json!(" "), "/clientId"),
        ("clientSecret", json!(""), "/clientSecret"),
        ("domains", json!([]), "/domains"),
        ("domains", json!(["a_b.com"]), "/domains"),
        ("groupsClaim", json!(""), "/groupsClaim"),
        ("mapping", json!([{ "value": "", "group": nowhere }]), "/mapping/0/value"),
        ("mapping", json!([{ "value": "x", "group": "read" }]), "/mapping/0/group"),
        ("mapping", json!([{ "value": "x", "group": nowhere }]), "/mapping"),
    ];
    for (member, value, pointer) in cases {
        let mut wanted = wanted(&providers);
        wanted[member] = value;
        let page = sends(&robot, Method::PUT, SSO, wanted.clone());
        assert_eq!(problem(&page), "invalid", "{wanted}");
        assert_eq!(of(&page)["errors"][0]["pointer"], pointer, "{wanted}");
        assert!(!page.body.contains("the secret"), "{}", page.body);
    }
    providers.lies(Lie::Rubbish);
    let page = sends(&robot, Method::PUT, SSO, wanted(&providers));
    assert_eq!(of(&page)["errors"][0]["pointer"], "/discoveryUrl", "{}", page.body);
    assert_eq!(Snapshot::of(&world), before);
}

fn a_change_decided_on_an_older_version_changes_nothing(world: World, providers: Providers) {
    let cast = Cast::assemble(&world);
    let robot = cast.bears(Kind::Administrator);
    let mut wanted = wanted(&providers);
    wanted["version"] = json!(1);
    assert_eq!(problem(&sends(&robot, Method::PUT, SSO, wanted.clone())), "conflict", "there is none yet");
    wanted["version"] = Value::Null;
    let made = deploys(&robot, wanted.clone());
    wanted["version"] = made["version"].clone();
    wanted["domains"] = json!(["example.com", "other.example"]);
    deploys(&robot, wanted.clone());
    wanted["domains"] = json!(["third.example"]);
    assert_eq!(problem(&sends(&robot, Method::PUT, SSO, wanted)), "conflict");
    assert_eq!(of(&robot.get(SSO))["provider"]["domains"], json!(["example.com", "other.example"]));
}

fn a_domain_of_another_organization_stays_there(world: World, providers: Providers) {
    let cast = Cast::assemble(&world);
    deploys(&cast.bears(Kind::Administrator), wanted(&providers));
    another_organization(&world, "Second", "grace@second.example", PASSWORD);
    let (_, secret) = crate::cast::has_a_token(&world, "grace@second.example", None);
    let other = crate::cast::with_token(&world.visitor(), &secret);
    assert_eq!(of(&other.get(SSO))["provider"], Value::Null);
    let page = sends(&other, Method::PUT, SSO, wanted(&providers));
    assert_eq!((problem(&page), &of(&page)["errors"][0]["pointer"]), ("invalid".into(), &json!("/domains")));
    assert_eq!(problem(&asks(&other, Method::POST, &at("turn-off"))), "not-found");
}

fn whoever_may_not_changes_nothing(world: World, providers: Providers) {
    let cast = Cast::assemble(&world);
    deploys(&cast.bears(Kind::Administrator), wanted(&providers));
    let (reader, member) = (cast.bears(Kind::Reader), cast.bears(Kind::Member));
    let before = Snapshot::of(&world);
    assert_eq!(of(&reader.get(SSO))["provider"]["isOn"], true, "IAM Viewer looks");
    assert_eq!(problem(&member.get(SSO)), "not-permitted");
    for person in [reader, member] {
        let of_all = json!({ "requiredOf": "everybody", "version": 1 });
        assert_eq!(problem(&sends(&person, Method::PUT, SSO, wanted(&providers))), "not-permitted");
        assert_eq!(problem(&sends(&person, Method::POST, &at("require"), of_all)), "not-permitted");
        assert_eq!(problem(&asks(&person, Method::POST, &at("turn-off"))), "not-permitted");
        assert_eq!(problem(&asks(&person, Method::DELETE, SSO)), "not-permitted");
    }
    assert_eq!(Snapshot::of(&world), before);
    assert_eq!(crate::users::status_of(&world, ADMINISTRATOR), "active");
}
