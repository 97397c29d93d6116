//! Access policies by the API: what the editor can do.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{asks, json as of, problem, sends};
use crate::cast::{Cast, Kind, has_a_token, with_token};
use crate::snapshot::{Snapshot, texts};
use crate::support::on_both;
use crate::support::people::ADMINISTRATOR;
use crate::support::world::World;

on_both!(
    a_policy_lives_by_the_api_from_its_creation_to_its_end,
    a_create_with_a_key_is_done_once,
    policies_come_in_pages_by_name,
    a_preview_tells_who_gains_what_and_changes_nothing,
    a_change_decided_on_an_older_version_is_told_so,
    who_would_lose_all_access_has_to_be_agreed_to,
    of_a_standard_policy_only_whom_it_names_is_changed,
    the_last_administrator_stays,
    what_is_wrong_is_told_at_its_rule,
    whoever_may_not_changes_nothing_and_nothing_of_elsewhere_is_there,
);

const POLICIES: &str = "/api/v1/policies";

fn path_of(policy: &Value) -> String {
    format!("{POLICIES}/{}", policy["id"].as_str().expect("an id"))
}

fn rule(users: &[String], groups: &[String], roles: &[&str]) -> Value {
    json!({ "users": users, "groups": groups, "roles": roles })
}

fn a_policy_lives_by_the_api_from_its_creation_to_its_end(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator);
    let (moe, read) = (cast.user("moe@example.com"), cast.group("read"));
    let wanted = json!({ "name": "Clusters", "rules": [rule(&[moe], &[read], &["cks_admin"])] });
    let made = sends(&ada, Method::POST, POLICIES, wanted);
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let made = of(&made);
    assert_eq!((&made["standard"], &made["version"]), (&json!(false), &json!(1)));
    assert_eq!(made["rules"][0]["users"][0]["email"], "moe@example.com");
    assert_eq!(cast.bears(Kind::Member).get("/api/v1/whoami").status, StatusCode::OK);
    let path = path_of(&made);
    assert_eq!(of(&ada.get(&path)), made);
    let change = json!({ "description": "Of Berlin", "version": 1 });
    let changed = of(&sends(&ada, Method::PATCH, &path, change.clone()));
    assert_eq!(
        (&changed["name"], &changed["description"], &changed["rules"], &changed["version"]),
        (&json!("Clusters"), &json!("Of Berlin"), &made["rules"], &json!(2))
    );
    let settled = Snapshot::of(&world);
    let again = of(&sends(&ada, Method::PATCH, &path, json!({ "description": "Of Berlin", "version": 2 })));
    assert_eq!((&again, Snapshot::of(&world)), (&changed, settled), "asking again changes nothing");
    let told = of(&ada.get(&format!("{path}/delete?version=2")));
    assert_eq!(told["users"][0]["loses"], json!(["CKS Admin"]), "{told}");
    let agreement = told["agreement"].as_str().expect("somebody loses all access");
    let deleted = asks(&ada, Method::DELETE, &format!("{path}?version=2&agreement={agreement}"));
    assert_eq!(deleted.status, StatusCode::NO_CONTENT, "{}", deleted.body);
    assert_eq!(problem(&ada.get(&path)), "not-found");
    assert_eq!(problem(&asks(&ada, Method::DELETE, &format!("{path}?version=2"))), "not-found");
}

fn a_create_with_a_key_is_done_once(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator).with("idempotency-key", "policy-1");
    let wanted =
        |name: &str| json!({ "name": name, "rules": [rule(&[], &[cast.group("read")], &["cks_viewer"])] });
    let first = sends(&ada, Method::POST, POLICIES, wanted("Clusters"));
    let again = sends(&ada, Method::POST, POLICIES, wanted("Clusters"));
    assert_eq!((first.status, again.status), (StatusCode::CREATED, StatusCode::CREATED), "{}", again.body);
    assert_eq!(of(&first), of(&again));
    assert_eq!(problem(&sends(&ada, Method::POST, POLICIES, wanted("Others"))), "idempotency-key");
}

fn policies_come_in_pages_by_name(world: World) {
    let cast = Cast::assemble(&world);
    let reader = cast.bears(Kind::Reader);
    let (mut names, mut path) = (Vec::new(), format!("{POLICIES}?limit=2"));
    loop {
        let page = of(&reader.get(&path));
        names.extend(page["items"].as_array().expect("items").iter().map(|it| it["name"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("{POLICIES}?limit=2&cursor={next}");
    }
    assert_eq!(names.len(), 5, "{names:?}");
    assert!(names.is_sorted_by_key(|name| name.as_str().map(str::to_lowercase)), "{names:?}");
    let one = of(&reader.get(&format!("{POLICIES}?q=bill")));
    assert_eq!(
        (one["items"].as_array().map(Vec::len), &one["items"][0]["standard"]),
        (Some(1), &json!(true))
    );
    let next = of(&reader.get(&format!("{POLICIES}?limit=1")))["next"].as_str().expect("more").to_owned();
    assert_eq!(problem(&reader.get(&format!("{POLICIES}?q=a&cursor={next}"))), "cursor");
}

fn a_preview_tells_who_gains_what_and_changes_nothing(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator);
    let moe = cast.user("moe@example.com");
    let before = Snapshot::of(&world);
    let wanted =
        json!({ "name": "Clusters", "rules": [rule(&[moe], &[cast.group("read")], &["cks_admin"])] });
    let told = of(&sends(&ada, Method::POST, &format!("{POLICIES}/preview"), wanted));
    assert_eq!(
        (&told["users"][0]["gains"], &told["groups"][0]["gains"], &told["agreement"]),
        (&json!(["CKS Admin"]), &json!(["CKS Admin"]), &json!(null)),
        "{told}"
    );
    assert_eq!(Snapshot::of(&world), before);
}

fn a_change_decided_on_an_older_version_is_told_so(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator);
    let wanted = json!({ "name": "Clusters", "rules": [rule(&[], &[cast.group("read")], &["cks_admin"])] });
    let path = path_of(&of(&sends(&ada, Method::POST, POLICIES, wanted)));
    let change = |name: &str| json!({ "name": name, "version": 1 });
    assert_eq!(sends(&ada, Method::PATCH, &path, change("First")).status, StatusCode::OK);
    assert_eq!(problem(&sends(&ada, Method::PATCH, &path, change("Second"))), "conflict");
    assert_eq!(problem(&sends(&ada, Method::POST, &format!("{path}/preview"), change("Second"))), "conflict");
    assert_eq!(problem(&asks(&ada, Method::DELETE, &format!("{path}?version=1"))), "conflict");
    assert_eq!(problem(&ada.get(&format!("{path}/delete?version=1"))), "conflict");
    assert_eq!(of(&ada.get(&path))["name"], "First");
    assert_eq!(problem(&sends(&ada, Method::PATCH, &path, json!({ "name": "Third" }))), "invalid");
    assert_eq!(problem(&asks(&ada, Method::DELETE, &path)), "invalid");
}

fn who_would_lose_all_access_has_to_be_agreed_to(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator);
    let moe = cast.user("moe@example.com");
    let wanted = json!({ "name": "Clusters", "rules": [rule(&[moe], &[], &["cks_admin"])] });
    let path = path_of(&of(&sends(&ada, Method::POST, POLICIES, wanted)));
    let mut change = json!({ "version": 1, "rules": [rule(&[], &[cast.group("read")], &["cks_admin"])] });
    let before = Snapshot::of(&world);
    let refused = sends(&ada, Method::PATCH, &path, change.clone());
    assert!(problem(&refused) == "conflict" && refused.body.contains("preview"), "{}", refused.body);
    let told = of(&sends(&ada, Method::POST, &format!("{path}/preview"), change.clone()));
    assert_eq!(told["lockedOut"]["names"], json!(["Moe Member"]), "{told}");
    change["agreement"] = json!("another");
    assert_eq!(problem(&sends(&ada, Method::PATCH, &path, change.clone())), "conflict");
    assert_eq!(Snapshot::of(&world), before);
    change["agreement"] = told["agreement"].clone();
    assert_eq!(sends(&ada, Method::PATCH, &path, change).status, StatusCode::OK);
}

fn standard(world: &World, name: &str) -> String {
    format!(
        "{POLICIES}/{}",
        texts(world, &format!("SELECT id FROM policies WHERE name = '{name}'")).remove(0)
    )
}

fn of_a_standard_policy_only_whom_it_names_is_changed(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator);
    let path = standard(&world, "metrics");
    let stored = of(&ada.get(&path));
    let (version, id) = (&stored["version"], &stored["rules"][0]["id"]);
    for wrong in [
        json!({ "name": "Mine", "version": version }),
        json!({ "rules": [], "version": version }),
        json!({ "rules": [{ "id": id, "roles": ["iam_admin"] }], "version": version }),
    ] {
        assert_eq!(problem(&sends(&ada, Method::PATCH, &path, wrong.clone())), "conflict", "{wrong}");
    }
    assert_eq!(problem(&asks(&ada, Method::DELETE, &format!("{path}?version={version}"))), "conflict");
    let more = json!({
        "rules": [{ "id": id, "users": [cast.user("moe@example.com")], "groups": [cast.group("metrics")] }],
        "version": version,
    });
    let changed = of(&sends(&ada, Method::PATCH, &path, more));
    assert_eq!(changed["rules"][0]["roles"], stored["rules"][0]["roles"], "{changed}");
    assert_eq!(changed["rules"][0]["users"][0]["email"], "moe@example.com");
}

fn the_last_administrator_stays(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator);
    let path = standard(&world, "admin");
    let stored = of(&ada.get(&path));
    let change = json!({ "rules": [{ "id": stored["rules"][0]["id"] }], "version": stored["version"] });
    let before = Snapshot::of(&world);
    let told = of(&sends(&ada, Method::POST, &format!("{path}/preview"), change.clone()));
    assert_eq!(
        (&told["leavesNobody"], &told["loseAdmin"]["includesMe"]),
        (&json!(true), &json!(true)),
        "{told}"
    );
    let mut change = change;
    change["agreement"] = told["agreement"].clone();
    assert_eq!(problem(&sends(&ada, Method::PATCH, &path, change)), "conflict");
    assert_eq!(Snapshot::of(&world), before);
}

fn what_is_wrong_is_told_at_its_rule(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator);
    let read = cast.group("read");
    let good = || rule(&[], std::slice::from_ref(&read), &["cks_admin"]);
    let elsewhere = cast.user("grace@elsewhere.example");
    let policy = |rules: Vec<Value>| json!({ "name": "Clusters", "rules": rules });
    let cases = [
        (json!({ "name": " ", "rules": [good()] }), "/name"),
        (json!({ "name": "ADMIN", "rules": [good()] }), "/name"),
        (json!({ "name": "x", "description": "y".repeat(501), "rules": [good()] }), "/description"),
        (policy(vec![]), "/rules"),
        (policy(vec![good(); 200]), "/rules"),
        (policy(vec![good(), rule(&[], &[], &["cks_admin"])]), "/rules/1/users"),
        (policy(vec![good(), rule(&["x".into()], &[], &["cks_admin"])]), "/rules/1/users"),
        (policy(vec![good(), rule(&[elsewhere], &[], &["cks_viewer"])]), "/rules/1/users"),
        (policy(vec![good(), good()]), "/rules/1/users"),
        (policy(vec![rule(&[], std::slice::from_ref(&read), &[])]), "/rules/0/roles"),
        (policy(vec![rule(&[], std::slice::from_ref(&read), &["nonsense"])]), "/rules/0/roles"),
    ];
    let before = Snapshot::of(&world);
    for (wanted, pointer) in cases {
        let page = sends(&ada, Method::POST, POLICIES, wanted.clone());
        assert_eq!(problem(&page), "invalid", "{pointer}: {}", page.body);
        assert_eq!(of(&page)["errors"][0]["pointer"], pointer, "{}", page.body);
    }
    assert_eq!(Snapshot::of(&world), before);
    let stored = of(&sends(&ada, Method::POST, POLICIES, policy(vec![good()])));
    let id = stored["rules"][0]["id"].clone();
    let twice = json!({
        "rules": [
            { "id": id, "groups": [read], "roles": ["cks_admin"] },
            { "id": id, "groups": [read], "roles": ["cks_viewer"] },
        ],
        "version": 1,
    });
    let changed = of(&sends(&ada, Method::PATCH, &path_of(&stored), twice));
    assert_eq!(changed["rules"][0]["id"], id, "{changed}");
    assert_ne!(changed["rules"][1]["id"], id, "one rule keeps it");
}

fn whoever_may_not_changes_nothing_and_nothing_of_elsewhere_is_there(world: World) {
    let cast = Cast::assemble(&world);
    let (reader, member, elsewhere) =
        (cast.bears(Kind::Reader), cast.bears(Kind::Member), cast.bears(Kind::Elsewhere));
    let (_, secret) = has_a_token(&world, ADMINISTRATOR, Some(&["iam_viewer"]));
    let narrow = with_token(&world.visitor(), &secret);
    let path = standard(&world, "metrics");
    let before = Snapshot::of(&world);
    assert_eq!(problem(&member.get(POLICIES)), "not-permitted");
    let wanted = || json!({ "name": "Mine", "rules": [rule(&[], &[cast.group("read")], &["cks_admin"])] });
    let change = || json!({ "description": "Mine", "version": 1 });
    for person in [&reader, &member, &narrow] {
        assert_eq!(problem(&sends(person, Method::POST, POLICIES, wanted())), "not-permitted");
        assert_eq!(
            problem(&sends(person, Method::POST, &format!("{POLICIES}/preview"), wanted())),
            "not-permitted"
        );
        assert_eq!(problem(&sends(person, Method::PATCH, &path, change())), "not-permitted");
        assert_eq!(problem(&asks(person, Method::DELETE, &format!("{path}?version=1"))), "not-permitted");
        assert_eq!(problem(&person.get(&format!("{path}/delete?version=1"))), "not-permitted");
    }
    for path in [path, format!("{POLICIES}/nonsense")] {
        assert_eq!(problem(&elsewhere.get(&path)), "not-found");
        assert_eq!(problem(&sends(&elsewhere, Method::PATCH, &path, change())), "not-found");
        assert_eq!(problem(&asks(&elsewhere, Method::DELETE, &format!("{path}?version=1"))), "not-found");
        assert_eq!(problem(&elsewhere.get(&format!("{path}/delete?version=1"))), "not-found");
    }
    assert_eq!(Snapshot::of(&world), before);
}
