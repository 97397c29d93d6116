//! Users by the API: what their pages can do.

use chrono::Duration;
use reqwest::{Method, StatusCode};
use roster::base::ids::AccessTokenId;
use roster::db::{Fault, Tx};
use roster::jobs::{NewJob, Queue, enqueue, items};
use serde_json::{Value, json};

use super::{asks, json as of, problem, sends};
use crate::cast::{Cast, Kind, has_a_token};
use crate::snapshot::{Snapshot, texts};
use crate::support::element::until;
use crate::support::on_both;
use crate::support::page::Page;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::world::World;

on_both!(
    users_are_found_filtered_sorted_and_come_in_pages,
    what_no_list_of_users_knows_is_refused,
    a_person_is_let_go_and_comes_back_with_the_tokens_that_were_chosen,
    what_deactivating_somebody_would_end_is_told_before,
    groups_are_changed_as_they_were_seen_and_by_nobody_beyond_their_own,
    sessions_end_and_a_new_password_is_required,
    a_second_factor_is_reset_with_a_reason,
    the_last_administrator_stays_whatever_a_program_asks,
    one_act_for_many_is_previewed_begun_once_and_followed,
    work_for_many_is_done_with_what_its_token_gives_at_that_moment,
    whoever_may_not_is_told_so_and_nothing_of_elsewhere_is_there,
);

const USERS: &str = "/api/v1/users";

fn emails(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().expect("items");
    items.iter().map(|it| it["email"].as_str().expect("an address").to_owned()).collect()
}

fn all(person: &Person, query: &str) -> Vec<String> {
    let (mut found, mut path) = (Vec::new(), format!("{USERS}?{query}"));
    loop {
        let page = of(&person.get(&path));
        found.extend(emails(&page));
        let Some(next) = page["next"].as_str() else { return found };
        path = format!("{USERS}?{query}&cursor={next}");
    }
}

fn users_are_found_filtered_sorted_and_come_in_pages(world: World) {
    let cast = Cast::assemble(&world);
    let guest = cast.a_guest();
    let reader = cast.bears(Kind::Reader);
    let by_name = all(&reader, "limit=2");
    assert_eq!(by_name.len(), 5, "{by_name:?}");
    let mut backward = all(&reader, "limit=2&sort=-person");
    backward.reverse();
    assert_eq!(by_name, backward);
    assert_eq!(all(&reader, "q=Moe"), ["moe@example.com"]);
    assert_eq!(all(&reader, "status=deactivated"), ["dee@example.com"]);
    assert_eq!(all(&reader, "status=invited"), [guest.email.as_str()]);
    assert_eq!(all(&reader, &format!("group={}", cast.group("admin"))), [ADMINISTRATOR, "dee@example.com"]);
    assert_eq!(all(&reader, "secondFactor=on"), Vec::<String>::new());
    assert_eq!(all(&reader, "inactive=30").len(), 0);
    let page = of(&reader.get(&format!("{USERS}?status=invited")));
    assert_eq!((&page["complete"], &page["items"][0]["invitation"]["generation"]), (&json!(true), &json!(1)));
    assert_eq!(page["items"][0]["groups"][0]["name"], "read");

    let one = of(&reader.get(&format!("{USERS}/{}", guest.user)));
    assert_eq!(
        (&one["user"]["email"], &one["user"]["status"], &one["inviter"]["email"]),
        (&json!(guest.email), &json!("invited"), &json!(ADMINISTRATOR))
    );
    let me = of(&reader.get(&format!("{USERS}/{}", cast.user(ADMINISTRATOR))));
    assert_eq!(me["lastAdministrator"], true, "{me}");
    assert!(me["sessions"].as_array().is_some_and(|sessions| !sessions.is_empty()), "{me}");
}

fn what_no_list_of_users_knows_is_refused(world: World) {
    let cast = Cast::assemble(&world);
    let reader = cast.bears(Kind::Reader);
    for wrong in ["status=gone", "group=admin", "secondFactor=maybe", "inactive=31", "sort=up", "colour=red"]
    {
        let page = reader.get(&format!("{USERS}?{wrong}"));
        assert_eq!(problem(&page), "invalid", "{wrong}");
        assert!(page.body.contains(wrong.split('=').next().expect("a name")), "{}", page.body);
    }
    let next = of(&reader.get(&format!("{USERS}?limit=1")))["next"].as_str().expect("a cursor").to_owned();
    for wrong in [format!("sort=-person&cursor={next}"), format!("cursor=x{next}"), "cursor=nonsense".into()]
    {
        assert_eq!(problem(&reader.get(&format!("{USERS}?{wrong}"))), "cursor", "{wrong}");
    }
    world.later(Duration::hours(25));
    let late = reader.get(&format!("{USERS}?limit=1&cursor={next}"));
    assert!(problem(&late) == "cursor" && late.body.contains("expired"), "{}", late.body);
}

fn acts(person: &Person, user: &str, act: &str) -> Page {
    asks(person, Method::POST, &format!("{USERS}/{user}/{act}"))
}

fn a_person_is_let_go_and_comes_back_with_the_tokens_that_were_chosen(world: World) {
    let cast = Cast::assemble(&world);
    let (ada, moe) = (cast.bears(Kind::Administrator), cast.user("moe@example.com"));
    for (choice, works) in [(json!({ "tokens": "keep" }), true), (json!({}), false)] {
        let robot = cast.bears(Kind::Member);
        let gone = acts(&ada, &moe, "deactivate");
        assert_eq!((gone.status, &of(&gone)["status"]), (StatusCode::OK, &json!("deactivated")));
        assert_eq!(problem(&robot.get("/api/v1/whoami")), "token-suspended");
        assert_eq!(problem(&acts(&ada, &moe, "deactivate")), "conflict");
        let back = sends(&ada, Method::POST, &format!("{USERS}/{moe}/reactivate"), choice);
        assert_eq!((back.status, &of(&back)["status"]), (StatusCode::OK, &json!("active")));
        assert_eq!(robot.get("/api/v1/whoami").status == StatusCode::OK, works);
    }
    let again = sends(&ada, Method::POST, &format!("{USERS}/{moe}/reactivate"), json!({}));
    assert_eq!(problem(&again), "conflict");
    let other = sends(&ada, Method::POST, &format!("{USERS}/{moe}/reactivate"), json!({"tokens": "burn"}));
    assert_eq!(problem(&other), "invalid");
}

fn what_deactivating_somebody_would_end_is_told_before(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator);
    cast.enters(Kind::Member);
    has_a_token(&world, "moe@example.com", None);
    let before = Snapshot::of(&world);
    let told = of(&ada.get(&format!("{USERS}/{}/deactivate", cast.user("moe@example.com"))));
    assert_eq!((&told["tokens"], &told["lastAdministrator"]), (&json!(1), &json!(false)), "{told}");
    assert!(told["sessions"].as_i64().is_some_and(|sessions| sessions > 0), "{told}");
    let told = of(&ada.get(&format!("{USERS}/{}/deactivate", cast.user(ADMINISTRATOR))));
    assert_eq!(told["lastAdministrator"], true);
    assert_eq!(Snapshot::of(&world), before);
}

fn groups_are_changed_as_they_were_seen_and_by_nobody_beyond_their_own(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator);
    let guest = cast.a_guest();
    let path = format!("{USERS}/{}/groups", guest.user);
    let version = of(&ada.get(&format!("{USERS}/{}", guest.user)))["version"].clone();
    let wanted = json!({ "groups": [cast.group("write")], "version": version });
    let changed = sends(&ada, Method::PUT, &path, wanted.clone());
    assert_eq!(of(&changed)["groups"], wanted["groups"], "{}", changed.body);
    assert_eq!(problem(&sends(&ada, Method::PUT, &path, wanted)), "conflict", "the version has risen");
    let now = of(&ada.get(&format!("{USERS}/{}", guest.user)));
    assert_eq!(now["user"]["groups"][0]["name"], "write");
    for nonsense in ["admin", "01890000-0000-7000-8000-000000000000"] {
        let wanted = json!({ "groups": [nonsense], "version": now["version"] });
        let page = sends(&ada, Method::PUT, &path, wanted);
        assert_eq!(
            (problem(&page).as_str(), &of(&page)["errors"][0]["pointer"]),
            ("invalid", &json!("/groups"))
        );
    }
    let me = cast.user(ADMINISTRATOR);
    let version = of(&ada.get(&format!("{USERS}/{me}")))["version"].clone();
    let wanted = json!({ "groups": [], "version": version });
    assert_eq!(problem(&sends(&ada, Method::PUT, &format!("{USERS}/{me}/groups"), wanted)), "conflict");
}

fn sessions_end_and_a_new_password_is_required(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator);
    let (browser, moe) = (cast.enters(Kind::Member), cast.user("moe@example.com"));
    let ended = of(&acts(&ada, &moe, "end-sessions"));
    assert!(ended["sessions"].as_i64().is_some_and(|count| count > 0), "{ended}");
    assert!(!browser.is_signed_in());
    assert_eq!(problem(&acts(&ada, &moe, "end-sessions")), "conflict");
    let required = of(&acts(&ada, &moe, "require-password"));
    assert_eq!(required["email"], "moe@example.com");
    let page = world.visitor().signs_in("moe@example.com", PASSWORD);
    assert_eq!(page.url.path(), "/sign-in", "the password works no more");
    assert_eq!(problem(&acts(&ada, &cast.user(ADMINISTRATOR), "require-password")), "conflict");
    assert_eq!(problem(&acts(&ada, &cast.a_guest().user, "require-password")), "conflict");
}

fn a_second_factor_is_reset_with_a_reason(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator);
    let path = format!("{USERS}/{}/reset-second-factor", cast.user("moe@example.com"));
    for reason in [String::new(), " ".into(), "x".repeat(501)] {
        let page = sends(&ada, Method::POST, &path, json!({ "reason": reason }));
        assert_eq!(of(&page)["errors"][0]["pointer"], "/reason", "{}", page.body);
    }
    let none = sends(&ada, Method::POST, &path, json!({ "reason": "The phone is lost." }));
    assert_eq!(problem(&none), "conflict");
    crate::passkeys::has_a_passkey(&world, "moe@example.com");
    let reset = of(&sends(&ada, Method::POST, &path, json!({ "reason": "The phone is lost." })));
    assert_eq!(reset["secondFactor"], "passkey", "{reset}");
}

fn the_last_administrator_stays_whatever_a_program_asks(world: World) {
    let cast = Cast::assemble(&world);
    let (ada, me) = (cast.bears(Kind::Administrator), cast.user(ADMINISTRATOR));
    let before = Snapshot::of(&world);
    let refused = acts(&ada, &me, "deactivate");
    assert!(
        problem(&refused) == "conflict" && refused.body.contains("last administrator"),
        "{}",
        refused.body
    );
    assert_eq!(Snapshot::of(&world), before);
}

fn job_done(person: &Person, job: &str) -> Value {
    let is_done = || {
        let told = of(&person.get(&format!("{USERS}/jobs/{job}")));
        if told["state"] == "done" { Ok(told) } else { Err(told.to_string()) }
    };
    until(is_done, |why| format!("a job: {why}"))
}

fn one_act_for_many_is_previewed_begun_once_and_followed(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator).with("idempotency-key", "many-1");
    let guests: Vec<_> = (0..3).map(|_| cast.a_guest()).collect();
    let moe = cast.user("moe@example.com");
    let users: Vec<_> = guests.iter().map(|guest| guest.user.clone()).chain([moe]).collect();
    let asked = json!({ "act": "revoke", "users": users });
    let preview = of(&sends(&ada, Method::POST, &format!("{USERS}/bulk/preview"), asked.clone()));
    assert_eq!((&preview["included"], &preview["active"]), (&json!(3), &json!(1)), "{preview}");
    let begun = sends(&ada, Method::POST, &format!("{USERS}/bulk"), asked.clone());
    assert_eq!(begun.status, StatusCode::CREATED, "{}", begun.body);
    let again = sends(&ada, Method::POST, &format!("{USERS}/bulk"), asked);
    assert_eq!(of(&begun), of(&again));
    let job = of(&begun)["id"].as_str().expect("an id").to_owned();
    let done = job_done(&ada, &job);
    assert_eq!((&done["done"], &done["refused"]), (&json!(3), &json!(0)), "{done}");
    let first = of(&ada.get(&format!("{USERS}/jobs/{job}?limit=2")));
    assert_eq!(first["users"]["items"].as_array().map(Vec::len), Some(2));
    let next = first["users"]["next"].as_str().expect("more");
    let rest = of(&ada.get(&format!("{USERS}/jobs/{job}?limit=2&cursor={next}")));
    assert_eq!(rest["users"]["items"].as_array().map(Vec::len), Some(1), "{rest}");

    let ada = cast.bears(Kind::Administrator);
    let matching = json!({ "status": "active" });
    let cases = [
        (json!({ "act": "burn", "users": [] }), "invalid", "/act"),
        (json!({ "act": "revoke" }), "invalid", "/users"),
        (json!({ "act": "revoke", "users": ["x"] }), "invalid", "/users"),
        (json!({ "act": "deactivate", "matching": matching }), "invalid", "/expected"),
        (json!({ "act": "deactivate", "matching": matching, "expected": 1 }), "conflict", ""),
        (json!({ "act": "revoke", "users": [] }), "conflict", ""),
    ];
    for (asked, kind, pointer) in cases {
        let page = sends(&ada, Method::POST, &format!("{USERS}/bulk"), asked.clone());
        assert_eq!(problem(&page), kind, "{asked}");
        if !pointer.is_empty() {
            assert_eq!(of(&page)["errors"][0]["pointer"], pointer, "{asked}");
        }
    }
    let asked = json!({ "act": "deactivate", "matching": matching, "expected": 2 });
    let begun = of(&sends(&ada, Method::POST, &format!("{USERS}/bulk"), asked));
    job_done(&ada, begun["id"].as_str().expect("an id"));
    assert_eq!(all(&ada, "status=active"), [ADMINISTRATOR], "whoever asks is left out");
    let elsewhere = cast.bears(Kind::Elsewhere);
    assert_eq!(problem(&elsewhere.get(&format!("{USERS}/jobs/{job}"))), "not-found");
}

/// Work that a program of this person began with this token, as if a moment before, to revoke an invitation.
fn begun_with(cast: &Cast<'_>, email: &str, token: AccessTokenId) -> (String, String) {
    let (guest, asker) = (cast.a_guest(), cast.user(email).parse().expect("an id"));
    let of = texts(cast.world, "SELECT organization_id FROM groups ORDER BY id").remove(0);
    let of = of.parse().expect("an id");
    let begin = |tx: &mut Tx<'_>| {
        let parameters =
            json!({ "act": "revoke", "token": token, "request_id": "r", "address": "127.0.0.1" });
        let job = NewJob::new(Queue::Work, "revoke_invitations", parameters, tx.now());
        let job = enqueue(tx, &NewJob { organization: Some(of), created_by: Some(asker), ..job })?;
        items::add(tx, of, job, &[items::NewItem { target: guest.user.clone(), label: "Gus".into() }])?;
        Ok::<_, Fault>(job.to_string())
    };
    (cast.world.db().write_now(of, begin).expect("a job"), guest.email)
}

fn work_for_many_is_done_with_what_its_token_gives_at_that_moment(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.bears(Kind::Administrator);
    let token = |roles| has_a_token(&world, ADMINISTRATOR, roles).0;
    let revoked = token(None);
    let page = asks(&ada, Method::POST, &format!("/api/v1/tokens/{revoked}/revoke"));
    assert_eq!(page.status, StatusCode::OK);
    let cases = [
        (ADMINISTRATOR, token(None), 1),
        (ADMINISTRATOR, token(Some(&["iam_admin"])), 1),
        (ADMINISTRATOR, token(Some(&["cks_admin"])), 0),
        (ADMINISTRATOR, revoked, 0),
        ("moe@example.com", token(None), 0),
        (ADMINISTRATOR, AccessTokenId::new(), 0),
    ];
    for (asker, token, expected) in cases {
        let (job, guest) = begun_with(&cast, asker, token);
        let done = job_done(&ada, &job);
        assert_eq!((&done["done"], &done["refused"]), (&json!(expected), &json!(1 - expected)), "{done}");
        let left = all(&ada, &format!("q={guest}"));
        assert_eq!(left.is_empty(), expected == 1, "{left:?}");
    }
}

fn whoever_may_not_is_told_so_and_nothing_of_elsewhere_is_there(world: World) {
    let cast = Cast::assemble(&world);
    let moe = cast.user("moe@example.com");
    let (reader, member, elsewhere) =
        (cast.bears(Kind::Reader), cast.bears(Kind::Member), cast.bears(Kind::Elsewhere));
    let before = Snapshot::of(&world);
    assert_eq!(problem(&member.get(USERS)), "not-permitted");
    for act in ["deactivate", "end-sessions", "require-password"] {
        assert_eq!(problem(&acts(&reader, &moe, act)), "not-permitted", "{act}");
        assert_eq!(problem(&acts(&elsewhere, &moe, act)), "not-found", "{act}");
        assert_eq!(problem(&acts(&elsewhere, "nonsense", act)), "not-found", "{act}");
    }
    assert_eq!(problem(&elsewhere.get(&format!("{USERS}/{moe}"))), "not-found");
    let asked = json!({ "act": "deactivate", "users": [moe] });
    assert_eq!(
        problem(&sends(&reader, Method::POST, &format!("{USERS}/bulk"), asked.clone())),
        "not-permitted"
    );
    assert_eq!(problem(&sends(&elsewhere, Method::POST, &format!("{USERS}/bulk"), asked)), "conflict");
    assert_eq!(Snapshot::of(&world), before);
}
