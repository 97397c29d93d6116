//! Passkeys without a browser: what is asked, what is refused, who may touch whose, and that an answer counts once.

use chrono::Duration;
use diesel::RunQueryDsl;
use reqwest::StatusCode;
use roster::base::ids::PasskeyId;
use roster::db::{Fault, Tx};
use serde_json::Value;

use crate::snapshot::{Snapshot, texts};
use crate::support::passkey::Passkey;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::world::World;
use crate::support::{at_once, on_both, rounds};

on_both!(
    the_question_at_sign_in_is_for_any_passkey_with_the_person_verified,
    an_answer_that_fits_no_question_gets_the_same_words_whatever_it_is,
    a_question_is_answered_once,
    adding_and_removing_need_a_fresh_proof_and_a_session,
    a_passkey_can_be_found_without_a_username,
    a_passkey_is_renamed_and_removed_by_its_owner_alone,
    the_last_way_to_sign_in_is_not_removed,
    an_administrator_with_a_passkey_can_sign_in,
    an_answer_signs_in_once_however_many_send_it_at_the_same_moment,
    an_answer_is_a_second_step_once_however_many_send_it_at_the_same_moment,
    a_required_second_factor_can_be_a_passkey,
    a_passkey_is_asked_for_where_there_is_one,
);

const BEGIN: &str = "/sign-in/passkey/begin";

fn change(world: &World, statement: &str) {
    let work = |tx: &mut Tx<'_>| Ok::<_, Fault>(diesel::sql_query(statement).execute(tx.conn())?);
    assert!(world.db().write_now(None, work).expect("a change") > 0, "{statement}");
}

/// A passkey that no authenticator has, for what needs none.
pub fn has_a_passkey(world: &World, email: &str) -> String {
    let id = PasskeyId::new().to_string();
    change(
        world,
        &format!(
            "INSERT INTO passkeys (id, organization_id, user_id, credential_id, credential, name, created_at)
             SELECT '{id}', organization_id, id, '{id}', '{{}}', 'Laptop', '2026-11-23 09:00:00' FROM users
             WHERE email = '{email}'"
        ),
    );
    id
}

pub fn question(page: &crate::support::page::Page) -> Value {
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.headers["content-type"].to_str().is_ok_and(|kind| kind.contains("json")));
    serde_json::from_str::<Value>(&page.body).expect("JSON")["publicKey"].clone()
}

/// An assertion as script writes it down, with this credential.
fn answer(credential: &str) -> String {
    serde_json::json!({
        "id": credential, "rawId": credential, "type": "public-key", "extensions": {},
        "response": {
            "clientDataJSON": "e30", "authenticatorData": "AAAA", "signature": "AAAA",
            "userHandle": "AAAAAAAAAAAAAAAAAAAAAA",
        },
    })
    .to_string()
}

fn the_question_at_sign_in_is_for_any_passkey_with_the_person_verified(world: World) {
    world.administrator();
    let visitor = world.visitor();
    let asked = question(&visitor.post(BEGIN, &[]));
    assert_eq!(
        (asked["rpId"].as_str(), asked["userVerification"].as_str()),
        (Some("localhost"), Some("required"))
    );
    assert_eq!(asked["allowCredentials"].as_array().map(Vec::len), Some(0), "it tells nothing of anybody");
    let again = question(&visitor.post(BEGIN, &[]));
    assert!(asked["challenge"].is_string() && asked["challenge"] != again["challenge"]);
}

fn an_answer_that_fits_no_question_gets_the_same_words_whatever_it_is(world: World) {
    world.administrator();
    let passkey = has_a_passkey(&world, "ada@example.com");
    change(&world, "DELETE FROM passkeys");
    let mut seen = Vec::new();
    let answers = [
        String::new(),
        "nonsense".to_owned(),
        "{}".to_owned(),
        answer("AAAA"),
        answer(&passkey),
        "x".repeat(99_999),
    ];
    for (answer, is_asked) in answers.iter().flat_map(|answer| [(answer, true), (answer, false)]) {
        let visitor = world.visitor();
        if is_asked {
            question(&visitor.post(BEGIN, &[]));
        }
        let page =
            visitor.post("/sign-in/passkey", &[("credential", answer), ("return_to", "/account/settings")]);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.says("That passkey did not sign you in"), "{}", page.text());
        assert!(!visitor.is_signed_in());
        seen.push(page.body);
    }
    assert!(seen.windows(2).all(|two| two[0] == two[1]), "the same page for all");
    let lines = texts(&world, "SELECT action FROM audit_lines WHERE action LIKE 'account.sign_in%'");
    assert!(lines.is_empty(), "{lines:?}");
}

fn a_question_is_answered_once(world: World) {
    world.administrator();
    let visitor = world.visitor();
    question(&visitor.post(BEGIN, &[]));
    let kept = "SELECT state FROM sessions WHERE state LIKE '%ForAny%'";
    assert_eq!(texts(&world, kept).len(), 1, "the question is kept on the server");
    visitor.post("/sign-in/passkey", &[("credential", &answer("AAAA"))]);
    assert!(texts(&world, kept).is_empty(), "and gone after the first answer, right or wrong");
}

fn adding_and_removing_need_a_fresh_proof_and_a_session(world: World) {
    let ada = world.administrator();
    let id = has_a_passkey(&world, ADMINISTRATOR);
    let remove = format!("/account/passkeys/{id}/remove");
    for path in ["/account/passkeys", "/account/passkeys/begin", "/account/passkeys/prove/begin", &remove] {
        let answer = world.visitor().post(path, &[("name", "Key")]);
        assert_eq!(answer.leads_to().map(|url| url.path().to_owned()).as_deref(), Some("/sign-in"), "{path}");
    }
    world.later(Duration::minutes(11));
    let before = Snapshot::of(&world);
    for path in ["/account/passkeys", "/account/passkeys/begin", &remove] {
        let answer = ada.post(path, &[("name", "My new key")]);
        assert_eq!(
            answer.leads_to().map(|url| url.path().to_owned()).as_deref(),
            Some("/account/prove"),
            "{path}"
        );
    }
    assert_eq!(Snapshot::of(&world), before);
}

fn a_passkey_can_be_found_without_a_username(world: World) {
    let ada = world.administrator();
    let asked = question(&ada.post("/account/passkeys/begin", &[]));
    let wanted = &asked["authenticatorSelection"];
    assert_eq!(
        (wanted["residentKey"].as_str(), wanted["userVerification"].as_str()),
        (Some("required"), Some("required"))
    );
    assert_eq!(
        (asked["rp"]["id"].as_str(), asked["user"]["name"].as_str()),
        (Some("localhost"), Some(ADMINISTRATOR))
    );
    for answer in ["", "nonsense", "{}"] {
        let page = ada.post("/account/passkeys", &[("name", "Key"), ("credential", answer)]);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.says("No passkey was added") && page.body.contains("value=\"Key\""), "{}", page.text());
    }
    assert!(ada.opens("/account/settings").says("Adding a passkey needs script"));
}

fn a_passkey_is_renamed_and_removed_by_its_owner_alone(world: World) {
    let ada = world.administrator();
    let bob = world.member(&ada, "bob@example.com", "Bob Babbage", &[]);
    let id = has_a_passkey(&world, "bob@example.com");
    let (edit, remove) = (format!("/account/passkeys/{id}"), format!("/account/passkeys/{id}/remove"));
    let before = Snapshot::of(&world);
    for path in [&edit, &remove] {
        assert_eq!(ada.get(path).status, StatusCode::NOT_FOUND);
        assert_eq!(ada.post(path, &[("name", "Mine")]).status, StatusCode::NOT_FOUND);
    }
    assert_eq!(bob.get("/account/passkeys/nonsense").status, StatusCode::NOT_FOUND);
    assert_eq!(Snapshot::of(&world), before);

    let page = bob.opens("/account/settings").follow("Rename Laptop");
    assert_eq!(page.form("Save name").fill("Name", " ").press().status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = page.form("Save name").fill("Name", "Phone\u{202e}").press();
    assert!(page.toast().is_some_and(|toast| toast.contains("“Phone”")), "{}", page.text());
    let letter = world.mailbox.wait_for("bob@example.com", |letter| letter.subject.contains("was renamed"));
    assert!(letter.text.contains("“Laptop” is called “Phone” now"), "{}", letter.text);
    let other = world.visitor();
    other.signs_in("bob@example.com", PASSWORD);
    let page = page.follow("Remove Phone").form("Remove Phone").press();
    assert!(page.toast().is_some_and(|toast| toast.contains("removed")), "{}", page.text());
    assert!(bob.is_signed_in() && !other.is_signed_in(), "the other sessions end");
    assert!(texts(&world, "SELECT id FROM passkeys").is_empty());
    let lines = texts(
        &world,
        "SELECT action FROM audit_lines WHERE action LIKE 'account.passkey%' ORDER BY sequence",
    );
    assert_eq!(lines, ["account.passkey_renamed", "account.passkey_removed"]);
    world.mailbox.wait_for("bob@example.com", |letter| letter.subject.contains("A passkey was removed"));
}

fn the_last_way_to_sign_in_is_not_removed(world: World) {
    let ada = world.administrator();
    let bob = world.member(&ada, "bob@example.com", "Bob Babbage", &[]);
    let id = has_a_passkey(&world, "bob@example.com");
    change(
        &world,
        "DELETE FROM password_credentials WHERE user_id IN (SELECT id FROM users WHERE email = 'bob@example.com')",
    );
    let remove = format!("/account/passkeys/{id}/remove");
    let page = bob.opens(&remove).form("Remove Laptop").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("your only way to sign in"), "{}", page.text());
    has_a_passkey(&world, "bob@example.com");
    let page = bob.opens(&remove).form("Remove Laptop").press();
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert_eq!(texts(&world, "SELECT second_factor FROM users WHERE email = 'bob@example.com'"), ["passkey"]);
}

fn an_administrator_with_a_passkey_can_sign_in(world: World) {
    let ada = world.administrator();
    let grace = world.member(&ada, "grace@example.com", "Grace Hopper", &["admin"]);
    change(
        &world,
        "DELETE FROM password_credentials WHERE user_id IN (SELECT id FROM users WHERE email = 'ada@example.com')",
    );
    let me = texts(&world, "SELECT id FROM users WHERE email = 'grace@example.com'").remove(0);
    let leave = format!("/organization/users/{me}/deactivate");
    assert_eq!(grace.post(&leave, &[]).status, StatusCode::UNPROCESSABLE_ENTITY, "nobody else could sign in");
    has_a_passkey(&world, "ada@example.com");
    assert!(grace.post(&leave, &[]).status.is_redirection());
}

/// Adds a passkey in the settings.
pub fn adds(person: &Person) -> Passkey {
    let asked = question(&person.post("/account/passkeys/begin", &[]));
    let (passkey, answer) = Passkey::made(person, &asked);
    let page = person.post("/account/passkeys", &[("name", "Laptop"), ("credential", &answer)]).followed();
    assert!(page.toast().is_some_and(|toast| toast.contains("can sign in from now on")), "{}", page.text());
    passkey
}

fn full_sessions(world: &World) -> usize {
    texts(world, "SELECT id FROM sessions WHERE stage = 'full'").len()
}

const TRIES: usize = 32;

/// Sends one answer many times from the same browser, as it was when it was asked. Ends in one session more.
fn answers_once(world: &World, person: &Person, answer: &str) {
    let before = full_sessions(world);
    let frozen = person.with("cookie", &person.cookies());
    let entered = at_once(TRIES, |_| {
        let page =
            frozen.post("/sign-in/passkey", &[("credential", answer), ("return_to", "/account/settings")]);
        assert!(!page.status.is_server_error(), "{} {}", page.status, page.text());
        page.leads_to().is_some_and(|goal| goal.path() == "/account/settings")
    });
    assert_eq!(entered.iter().filter(|entered| **entered).count(), 1, "{entered:?}");
    assert_eq!(full_sessions(world), before + 1);
}

fn an_answer_signs_in_once_however_many_send_it_at_the_same_moment(world: World) {
    let passkey = adds(&world.administrator());
    for _ in 0..rounds() {
        let visitor = world.visitor();
        let asked = question(&visitor.post(BEGIN, &[]));
        answers_once(&world, &visitor, &passkey.answers(&asked));
    }
}

fn an_answer_is_a_second_step_once_however_many_send_it_at_the_same_moment(world: World) {
    let passkey = adds(&world.administrator());
    change(&world, "UPDATE organization_settings SET second_factor_required = TRUE");
    for _ in 0..rounds() {
        let visitor = world.visitor();
        assert_eq!(visitor.signs_in(ADMINISTRATOR, PASSWORD).heading(), "Second step");
        let asked = question(&visitor.post(BEGIN, &[]));
        assert_eq!(asked["allowCredentials"].as_array().map(Vec::len), Some(1));
        answers_once(&world, &visitor, &passkey.answers(&asked));
    }
}

const ENROL: &str = "/sign-in/second-factor/set-up";

fn a_required_second_factor_can_be_a_passkey(world: World) {
    let ada = world.administrator();
    change(&world, "UPDATE organization_settings SET second_factor_required = TRUE");
    let person = world.visitor();
    let page = person.opens("/account/settings").form("Sign in").fill("Email", ADMINISTRATOR);
    let page = page.fill("Password", PASSWORD).press();
    assert_eq!(page.heading(), "Set up a second factor");
    let goal = ("return_to", "/account/settings");
    let page = person.post(&format!("{ENROL}/passkey"), &[("credential", "nonsense"), goal]).followed();
    assert_eq!((page.heading().as_str(), person.is_signed_in()), ("Set up a second factor", false));
    assert!(page.toast().is_some_and(|toast| toast.contains("No passkey was added")), "{}", page.text());

    let asked = question(&person.post(&format!("{ENROL}/passkey/begin"), &[]));
    let (passkey, answer) = Passkey::made(&person, &asked);
    // The answer is for this sign-in and this browser alone.
    let other = world.visitor();
    other.signs_in(ADMINISTRATOR, PASSWORD);
    other.post(&format!("{ENROL}/passkey"), &[("credential", &answer)]);
    assert!(!other.is_signed_in() && texts(&world, "SELECT id FROM passkeys").is_empty());

    let frozen = person.with("cookie", &person.cookies());
    let before = full_sessions(&world);
    let led = at_once(TRIES, |_| {
        let page = frozen.post(&format!("{ENROL}/passkey"), &[("credential", &answer), goal]);
        page.leads_to().is_some_and(|goal| goal.path() == "/account/settings")
    });
    assert_eq!(led.iter().filter(|led| **led).count(), 1, "{led:?}");
    assert_eq!((full_sessions(&world), texts(&world, "SELECT name FROM passkeys").len()), (before + 1, 1));
    assert!(ada.is_signed_in(), "other sessions go on");
    let lines =
        texts(&world, "SELECT actor_kind || ' ' || action FROM audit_lines ORDER BY sequence DESC LIMIT 2");
    assert_eq!(lines, ["person account.sign_in", "person account.passkey_added"]);
    world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.subject.contains("A passkey was added"));

    let again = world.visitor();
    assert_eq!(again.signs_in(ADMINISTRATOR, PASSWORD).heading(), "Second step");
    let asked = question(&again.post(BEGIN, &[]));
    again.post("/sign-in/passkey", &[("credential", &passkey.answers(&asked))]);
    assert!(again.is_signed_in());
    for path in [format!("{ENROL}/passkey"), format!("{ENROL}/passkey/begin")] {
        assert!(again.post(&path, &[]).status.is_redirection(), "whoever is in sets nothing up here");
    }
}

fn a_passkey_is_asked_for_where_there_is_one(world: World) {
    let ada = world.administrator();
    let page = ada.opens("/account/two-factor/enable").form("Continue").fill("Password", PASSWORD).press();
    let key = page.whole().control("Key, for typing").attr("value").expect("a key").to_owned();
    let app = crate::support::authenticator::Authenticator::typed(&key);
    page.form("Verify").fill("Code", app.code(world.db().now())).press();
    let offers = || {
        let second = world.visitor().signs_in(ADMINISTRATOR, PASSWORD);
        assert_eq!(second.heading(), "Second step");
        let anew = ada.opens("/account/prove");
        [second, anew].map(|page| page.whole().all("form[data-passkey]").count())
    };
    assert_eq!(offers(), [0, 0]);
    adds(&ada);
    assert_eq!(offers(), [1, 1]);
}
