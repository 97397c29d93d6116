//! Invitations by the API: sent, looked at, sent anew, taken back.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{asks, json as of, problem, sends};
use crate::cast::{Cast, Kind};
use crate::snapshot::{Snapshot, texts};
use crate::support::on_both;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::World;

on_both!(
    people_are_invited_by_a_program_and_accept_by_the_link_it_is_told,
    whoever_is_there_already_is_left_out_and_named,
    inviting_with_a_key_is_done_once,
    pending_invitations_come_in_pages,
    an_invitation_is_sent_anew_corrected_revoked_and_restored_as_it_was_seen,
    what_cannot_be_sent_names_the_member,
    whoever_may_not_does_nothing_and_nothing_of_elsewhere_is_there,
);

const INVITATIONS: &str = "/api/v1/invitations";

fn people_are_invited_by_a_program_and_accept_by_the_link_it_is_told(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator);
    let asked = json!({
        "addresses": ["Grace Hopper <grace@example.com>", "ken@example.com"],
        "groups": [cast.group("read")],
        "message": "Welcome.\nSee you.",
    });
    let preview = of(&sends(&ada, Method::POST, &format!("{INVITATIONS}/preview"), asked.clone()));
    let found: Vec<_> =
        preview["addresses"].as_array().expect("a list").iter().map(|it| &it["found"]).collect();
    assert_eq!(found, ["new", "new"]);
    let sent = sends(&ada, Method::POST, INVITATIONS, asked);
    assert_eq!(sent.status, StatusCode::CREATED, "{}", sent.body);
    let invited = of(&sent)["invited"].clone();
    assert_eq!(
        (invited[0]["email"].as_str(), invited.as_array().map(Vec::len)),
        (Some("grace@example.com"), Some(2))
    );
    let path = format!("{INVITATIONS}/{}", invited[0]["id"].as_str().expect("an id"));
    let shown = of(&ada.get(&path));
    assert_eq!(
        (&shown["name"], &shown["state"], &shown["groups"], &shown["message"], &shown["expired"]),
        (
            &json!("Grace Hopper"),
            &json!("pending"),
            &json!(["read"]),
            &json!("Welcome.\nSee you."),
            &json!(false)
        )
    );
    assert_eq!(shown["user"], invited[0]["user"]);
    let link = of(&ada.get(&format!("{path}/link")));
    world.accepts(link["url"].as_str().expect("a link"), "Grace Hopper", PASSWORD);
    assert_eq!(of(&ada.get(&path))["state"], "accepted");
    for act in ["resend", "revoke"] {
        assert_eq!(problem(&sends(&ada, Method::POST, &format!("{path}/{act}"), json!({}))), "conflict");
    }
    assert_eq!(problem(&ada.get(&format!("{path}/link"))), "conflict");
}

fn whoever_is_there_already_is_left_out_and_named(world: World) {
    let cast = Cast::assemble(&world);
    let (ada, guest) = (cast.bears(Kind::Administrator), cast.a_guest());
    let addresses =
        json!([guest.email, ADMINISTRATOR, "dee@example.com", "new@example.com", "NEW@example.com"]);
    let preview = of(&sends(
        &ada,
        Method::POST,
        &format!("{INVITATIONS}/preview"),
        json!({ "addresses": addresses, "message": "" }),
    ));
    let found: Vec<_> =
        preview["addresses"].as_array().expect("a list").iter().map(|it| &it["found"]).collect();
    assert_eq!(found, ["invited", "member", "deactivated", "new", "again"], "{preview}");
    let sent = of(&sends(&ada, Method::POST, INVITATIONS, json!({ "addresses": addresses, "resend": true })));
    let emails = |list: &Value| -> Vec<String> {
        let list = list.as_array().expect("a list").iter();
        list.map(|it| it["email"].as_str().expect("an address").to_owned()).collect()
    };
    assert_eq!(emails(&sent["invited"]), ["new@example.com"]);
    assert_eq!((emails(&sent["resent"]), &sent["resent"][0]["generation"]), (vec![guest.email], &json!(2)));
    assert_eq!(emails(&sent["left"]), [ADMINISTRATOR, "dee@example.com"]);
    let nobody = sends(&ada, Method::POST, INVITATIONS, json!({ "addresses": [ADMINISTRATOR] }));
    assert!(problem(&nobody) == "conflict" && nobody.body.contains("member already"), "{}", nobody.body);
}

fn inviting_with_a_key_is_done_once(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator).with("idempotency-key", "invite-1");
    let asked = json!({ "addresses": ["grace@example.com"] });
    let first = sends(&ada, Method::POST, INVITATIONS, asked.clone());
    let again = sends(&ada, Method::POST, INVITATIONS, asked);
    assert_eq!((first.status, again.status), (StatusCode::CREATED, StatusCode::CREATED), "{}", again.body);
    assert_eq!(of(&first), of(&again));
    assert_eq!(texts(&world, "SELECT id FROM invitations WHERE email = 'grace@example.com'").len(), 1);
    let other = sends(&ada, Method::POST, INVITATIONS, json!({ "addresses": ["ken@example.com"] }));
    assert_eq!(problem(&other), "idempotency-key");
}

fn pending_invitations_come_in_pages(world: World) {
    let cast = Cast::assemble(&world);
    let mut guests: Vec<_> = (0..5).map(|_| cast.a_guest().email).collect();
    let reader = cast.bears(Kind::Reader);
    let (mut found, mut path) = (Vec::new(), format!("{INVITATIONS}?limit=2"));
    loop {
        let page = of(&reader.get(&path));
        let items = page["items"].as_array().expect("a list");
        assert!(items.iter().all(|it| it["state"] == "pending" && it["inviter"] == "Ada Lovelace"), "{page}");
        found.extend(items.iter().map(|it| it["email"].as_str().expect("an address").to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("{INVITATIONS}?limit=2&cursor={next}");
    }
    guests.sort();
    assert_eq!(found, guests, "each once, by address");
    assert_eq!(problem(&reader.get(&format!("{INVITATIONS}?cursor=nonsense"))), "cursor");
}

fn an_invitation_is_sent_anew_corrected_revoked_and_restored_as_it_was_seen(world: World) {
    let cast = Cast::assemble(&world);
    let (ada, guest) = (cast.bears(Kind::Administrator), cast.a_guest());
    let path = format!("{INVITATIONS}/{}", guest.invitation);
    let act = |act: &str, body: Value| sends(&ada, Method::POST, &format!("{path}/{act}"), body);
    assert_eq!(of(&act("resend", json!({ "generation": 1 })))["email"], guest.email);
    for late in ["resend", "revoke"] {
        assert_eq!(problem(&act(late, json!({ "generation": 1 }))), "conflict", "{late}");
    }
    let asked = |email: &str, generation: i64| json!({ "email": email, "generation": generation });
    let corrected = sends(&ada, Method::PATCH, &path, asked("right@example.com", 2));
    assert_eq!(of(&corrected)["email"], "right@example.com", "{}", corrected.body);
    for (email, kind) in
        [("nonsense", "invalid"), (ADMINISTRATOR, "invalid"), ("right@example.com", "invalid")]
    {
        let page = sends(&ada, Method::PATCH, &path, asked(email, 3));
        assert_eq!((problem(&page).as_str(), &of(&page)["errors"][0]["pointer"]), (kind, &json!("/email")));
    }
    assert_eq!(problem(&sends(&ada, Method::PATCH, &path, asked("left@example.com", 2))), "conflict");
    let revoked = of(&act("revoke", json!({})));
    assert_eq!((&revoked["state"], &revoked["generation"]), (&json!("revoked"), &json!(3)));
    assert_eq!(of(&ada.get(&path))["user"], Value::Null);
    let restored = of(&act("restore", json!({ "generation": 3 })));
    assert_eq!((&restored["state"], &restored["generation"]), (&json!("pending"), &json!(4)));
    assert_eq!(problem(&act("restore", json!({ "generation": 3 }))), "conflict");
    assert_eq!(of(&ada.get(&path))["groups"], json!(["read"]));
}

fn what_cannot_be_sent_names_the_member(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator);
    let many: Vec<_> = (0..501).map(|n| format!("p{n}@example.com")).collect();
    let strange = "01890000-0000-7000-8000-000000000000";
    let cases = [
        (json!({ "addresses": [] }), "/addresses"),
        (json!({ "addresses": ["nobody"] }), "/addresses"),
        (json!({ "addresses": ["a@example.com", "nobody"] }), "/addresses"),
        (json!({ "addresses": many }), "/addresses"),
        (json!({ "addresses": ["a@example.com"], "groups": ["admin"] }), "/groups"),
        (json!({ "addresses": ["a@example.com"], "groups": [strange] }), "/groups"),
        (json!({ "addresses": ["a@example.com"], "message": "x".repeat(1_001) }), "/message"),
    ];
    let before = Snapshot::of(&world);
    for (asked, pointer) in cases {
        let page = sends(&ada, Method::POST, INVITATIONS, asked);
        assert_eq!(
            (problem(&page).as_str(), &of(&page)["errors"][0]["pointer"]),
            ("invalid", &json!(pointer))
        );
    }
    assert_eq!(Snapshot::of(&world), before);
}

fn whoever_may_not_does_nothing_and_nothing_of_elsewhere_is_there(world: World) {
    let cast = Cast::assemble(&world);
    let guest = cast.a_guest();
    let (reader, member, elsewhere) =
        (cast.bears(Kind::Reader), cast.bears(Kind::Member), cast.bears(Kind::Elsewhere));
    let path = format!("{INVITATIONS}/{}", guest.invitation);
    let before = Snapshot::of(&world);
    assert_eq!(problem(&reader.get(&format!("{path}/link"))), "not-permitted");
    assert_eq!(problem(&member.get(&path)), "not-permitted");
    for there in [path.clone(), format!("{path}/link"), format!("{INVITATIONS}/nonsense")] {
        assert_eq!(problem(&elsewhere.get(&there)), "not-found");
    }
    for act in ["resend", "revoke", "restore"] {
        let asked = || json!({ "generation": 1 });
        assert_eq!(
            problem(&sends(&reader, Method::POST, &format!("{path}/{act}"), asked())),
            "not-permitted"
        );
        assert_eq!(problem(&sends(&elsewhere, Method::POST, &format!("{path}/{act}"), asked())), "not-found");
    }
    let asked = json!({ "email": "other@example.com", "generation": 1 });
    assert_eq!(problem(&sends(&reader, Method::PATCH, &path, asked.clone())), "not-permitted");
    assert_eq!(problem(&sends(&elsewhere, Method::PATCH, &path, asked)), "not-found");
    assert_eq!(asks(&elsewhere, Method::GET, INVITATIONS).status, StatusCode::OK);
    assert_eq!(of(&elsewhere.get(INVITATIONS))["items"], json!([]));
    assert_eq!(Snapshot::of(&world), before);
}
