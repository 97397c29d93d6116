//! The organization's settings by the API.

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{asks, json as of, problem, sends};
use crate::cast::{Cast, Kind};
use crate::snapshot::Snapshot;
use crate::support::on_both;
use crate::support::people::ADMINISTRATOR;
use crate::support::world::World;

on_both!(
    settings_are_changed_together_and_previewed_before,
    a_change_decided_on_an_older_version_changes_nothing,
    what_cannot_hold_names_the_member_and_changes_nothing,
    a_test_letter_goes_to_whose_token_it_is,
    whoever_may_not_changes_nothing,
);

const ORGANIZATION: &str = "/api/v1/organization";

fn settings_are_changed_together_and_previewed_before(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator);
    let guest = cast.a_guest();
    cast.enters(Kind::Member);
    let shown = of(&ada.get(ORGANIZATION));
    assert_eq!((&shown["name"], &shown["invitationDomains"]), (&json!("Analytical Engines"), &json!([])));
    let wanted = json!({
        "name": "Difference Engines",
        "secondFactor": { "required": true, "graceDays": 30 },
        "sessions": { "idleMinutes": 15, "overallMinutes": 60 },
        "invitationDomains": ["bücher.example", "elsewhere.example"],
        "invitationDays": 9,
    });
    world.later(chrono::Duration::minutes(30));
    let before = Snapshot::of(&world);
    let preview = of(&sends(&ada, Method::POST, &format!("{ORGANIZATION}/preview"), wanted.clone()));
    assert!(preview["secondFactor"]["count"].as_i64().is_some_and(|count| count >= 3), "{preview}");
    assert_eq!(preview["secondFactor"]["includesMe"], true);
    assert!(preview["sessions"]["count"].as_i64().is_some_and(|count| count > 0), "{preview}");
    assert_eq!(preview["invitationDomains"]["names"], json!([guest.email]));
    assert_eq!(Snapshot::of(&world), before);

    let changed = sends(&ada, Method::PATCH, ORGANIZATION, wanted.clone());
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.body);
    let changed = of(&changed);
    assert_eq!(
        (
            &changed["name"],
            &changed["secondFactorRequired"],
            &changed["sessions"],
            &changed["invitationDays"]
        ),
        (&json!("Difference Engines"), &json!(true), &wanted["sessions"], &json!(9))
    );
    assert_eq!(changed["invitationDomains"], wanted["invitationDomains"]);
    assert!(changed["secondFactorFrom"].is_string());
    assert_ne!(changed["version"], shown["version"]);
    let settled = Snapshot::of(&world);
    assert_eq!(
        of(&sends(&ada, Method::PATCH, ORGANIZATION, wanted)),
        changed,
        "asking again changes nothing"
    );
    assert_eq!(of(&sends(&ada, Method::PATCH, ORGANIZATION, json!({}))), changed);
    assert_eq!(Snapshot::of(&world), settled);
    let off = of(&sends(&ada, Method::PATCH, ORGANIZATION, json!({ "secondFactor": { "required": false } })));
    assert_eq!((&off["secondFactorRequired"], &off["secondFactorFrom"]), (&json!(false), &json!(null)));
}

fn a_change_decided_on_an_older_version_changes_nothing(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator);
    let version = of(&ada.get(ORGANIZATION))["version"].clone();
    let wanted = |days: i64| json!({ "invitationDays": days, "version": version });
    assert_eq!(sends(&ada, Method::PATCH, ORGANIZATION, wanted(9)).status, StatusCode::OK);
    assert_eq!(problem(&sends(&ada, Method::PATCH, ORGANIZATION, wanted(10))), "conflict");
    assert_eq!(of(&ada.get(ORGANIZATION))["invitationDays"], 9);
}

fn what_cannot_hold_names_the_member_and_changes_nothing(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator);
    let before = Snapshot::of(&world);
    let cases = [
        (json!({ "name": " " }), "/name"),
        (json!({ "name": "x".repeat(101) }), "/name"),
        (json!({ "secondFactor": { "required": true, "graceDays": 91 } }), "/secondFactor/graceDays"),
        (json!({ "sessions": { "idleMinutes": 1, "overallMinutes": 60 } }), "/sessions/idleMinutes"),
        (json!({ "sessions": { "idleMinutes": 15, "overallMinutes": 1 } }), "/sessions/overallMinutes"),
        (json!({ "sessions": { "idleMinutes": 120, "overallMinutes": 60 } }), "/sessions/idleMinutes"),
        (json!({ "invitationDomains": ["a_b.com"] }), "/invitationDomains"),
        (json!({ "invitationDays": 0, "name": "Good" }), "/invitationDays"),
    ];
    for (wanted, pointer) in cases {
        for (method, path) in
            [(Method::PATCH, ORGANIZATION.to_owned()), (Method::POST, format!("{ORGANIZATION}/preview"))]
        {
            let page = sends(&ada, method, &path, wanted.clone());
            assert_eq!(problem(&page), "invalid", "{wanted}");
            assert_eq!(of(&page)["errors"][0]["pointer"], pointer, "{wanted}");
        }
    }
    let two = of(&sends(&ada, Method::PATCH, ORGANIZATION, json!({ "name": "", "invitationDays": 31 })));
    assert_eq!(two["errors"].as_array().map(Vec::len), Some(2), "{two}");
    assert_eq!(Snapshot::of(&world), before);
}

fn a_test_letter_goes_to_whose_token_it_is(world: World) {
    let cast = Cast::assemble(&world);
    let sent = asks(&cast.bears(Kind::Administrator), Method::POST, &format!("{ORGANIZATION}/test-letter"));
    assert_eq!((sent.status, &of(&sent)["to"]), (StatusCode::OK, &json!(ADMINISTRATOR)));
    world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.subject.contains("Test"));
}

fn whoever_may_not_changes_nothing(world: World) {
    let cast = Cast::assemble(&world);
    let (reader, member) = (cast.bears(Kind::Reader), cast.bears(Kind::Member));
    let before = Snapshot::of(&world);
    assert_eq!(problem(&member.get(ORGANIZATION)), "not-permitted");
    for person in [reader, member] {
        let wanted = || json!({ "name": "Mine" });
        assert_eq!(problem(&sends(&person, Method::PATCH, ORGANIZATION, wanted())), "not-permitted");
        let path = format!("{ORGANIZATION}/preview");
        assert_eq!(problem(&sends(&person, Method::POST, &path, wanted())), "not-permitted");
        let path = format!("{ORGANIZATION}/test-letter");
        assert_eq!(problem(&asks(&person, Method::POST, &path)), "not-permitted");
    }
    assert_eq!(Snapshot::of(&world), before);
}
