//! Two-factor authentication: switched on and off, asked for at sign-in, required, reset; and the fresh proof.

use chrono::Duration;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use reqwest::StatusCode;
use roster::db::schema::{organization_settings, totp_credentials, users};
use roster::db::{Fault, Tx};

use crate::cast::{another_organization, enters};
use crate::snapshot::texts;
use crate::support::authenticator::Authenticator;
use crate::support::page::Page;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::world::World;
use crate::support::{at_once, on_both, rounds};

on_both!(
    a_code_is_asked_for_at_sign_in_once_it_is_switched_on,
    nothing_is_stored_before_a_code_came_back,
    a_wrong_password_shows_no_key,
    switching_on_ends_the_other_sessions_and_keeps_this_one,
    a_code_works_once,
    a_code_works_once_however_many_try_it_at_the_same_moment,
    a_recovery_code_works_once_however_it_is_typed_and_its_owner_is_told,
    a_recovery_code_works_once_however_many_try_it_at_the_same_moment,
    five_codes_may_be_tried_in_a_step,
    half_signed_in_is_not_signed_in,
    the_second_step_does_not_stay_open_for_ever,
    switching_off_needs_password_and_code,
    new_recovery_codes_need_a_fresh_proof_and_end_the_older_ones,
    recovery_codes_can_be_downloaded,
    a_proof_needs_the_password_and_the_code,
    whoever_lacks_a_required_factor_sets_one_up_at_sign_in,
    whoever_joins_where_a_factor_is_required_sets_one_up_first,
    an_administrator_resets_a_second_factor_with_a_reason,
    the_reason_is_kept_over_a_fresh_proof,
    only_administrators_of_the_organization_reset_a_second_factor,
    every_act_writes_one_line,
    the_database_alone_opens_nothing,
);

/// Switches two-factor authentication on in the settings, without script; the app, and the recovery codes.
pub fn switches_on(world: &World, person: &Person) -> (Authenticator, Vec<String>) {
    let page = person.opens("/account/settings").form("Enable two-factor").press();
    let page = page.form("Continue").fill("Password", PASSWORD).press();
    let app = Authenticator::typed(&key_on(&page));
    let page = page.form("Verify").fill("Code", app.code(world.db().now())).press();
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert_eq!(page.heading(), "Two-factor authentication is on");
    (app, codes_on(&page))
}

pub fn key_on(page: &Page) -> String {
    page.whole().control("Key, for typing").attr("value").expect("a key").to_owned()
}

fn codes_on(page: &Page) -> Vec<String> {
    let list = page.part("recovery-codes");
    list.all("li").map(crate::support::page::text_of).collect()
}

/// Signs in with the password, and arrives at the second step.
fn half_in(world: &World) -> (Person, Page) {
    let person = world.visitor();
    let page = person.signs_in(ADMINISTRATOR, PASSWORD);
    assert_eq!(page.heading(), "Second step", "{}", page.text());
    (person, page)
}

pub fn next_step(world: &World) {
    world.later(Duration::seconds(30));
}

fn a_code_is_asked_for_at_sign_in_once_it_is_switched_on(world: World) {
    let ada = world.administrator();
    let (app, codes) = switches_on(&world, &ada);
    assert_eq!(codes.len(), 10);
    for code in &codes {
        let is_letter = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit();
        let bytes = code.as_bytes();
        assert!(bytes.len() == 11 && bytes[5] == b'-', "{code}");
        assert!(bytes.iter().enumerate().all(|(place, letter)| place == 5 || is_letter(*letter)), "{code}");
    }
    world
        .mailbox
        .wait_for(ADMINISTRATOR, |letter| letter.subject.contains("Two-factor authentication is on"));
    let section = ada.opens("/account/settings");
    assert_eq!(section.part("two-factor").all("[role=switch][aria-checked=true]").count(), 1);
    assert!(section.part("two-factor").says("10 of 10 left"));
    assert!(ada.users().row(ADMINISTRATOR).says("App"));

    next_step(&world);
    let person = world.visitor();
    let page = person.opens("/organization/users?q=ada").form("Sign in");
    let page = page.fill("Email", ADMINISTRATOR).fill("Password", PASSWORD).press();
    assert_eq!(page.heading(), "Second step");
    let code = page.whole().control("Code");
    assert_eq!((code.attr("autocomplete"), code.attr("inputmode")), (Some("one-time-code"), Some("numeric")));
    let page = page.form("Verify").fill("Code", "12 34").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.error_for("Code").expect("an error").contains("six digits"));
    let wrong = if app.code(world.db().now()) == "000000" { "111111" } else { "000000" };
    let page = page.form("Verify").fill("Code", wrong).press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.error_for("Code").expect("an error").contains("not right"));
    assert!(!page.body.contains(wrong), "codes are not echoed");
    let code = app.code(world.db().now());
    let page = page.form("Verify").fill("Code", format!(" {} - {} ", &code[..3], &code[3..])).press();
    assert_eq!(page.url.path(), "/organization/users");
    assert_eq!(page.url.query(), Some("q=ada"));
    assert!(person.is_signed_in());
}

fn nothing_is_stored_before_a_code_came_back(world: World) {
    let ada = world.administrator();
    let page = ada.opens("/account/two-factor/enable").form("Continue").fill("Password", PASSWORD).press();
    let key = key_on(&page);
    let page = page.form("Verify").fill("Code", "nonsense").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let old = Authenticator::typed(&key).code(world.db().now().minus(Duration::minutes(5)));
    let page = page.form("Verify").fill("Code", old).press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(key_on(&page), key, "the same key is shown again");
    assert_eq!(texts(&world, "SELECT user_id FROM totp_credentials"), [""; 0]);
    let bare = key.replace(' ', "");
    for state in texts(&world, "SELECT state FROM sessions") {
        assert!(!state.contains(&bare) && !state.contains(&key), "the key lies sealed");
    }
    assert!(world.visitor().signs_in(ADMINISTRATOR, PASSWORD).has_button("Sign out"));
    world.later(Duration::minutes(31));
    let late = page.form("Verify").fill("Code", Authenticator::typed(&key).code(world.db().now())).press();
    assert_eq!(late.url.path(), "/account/two-factor/enable", "a key is not open for ever");
}

fn a_wrong_password_shows_no_key(world: World) {
    let ada = world.administrator();
    assert_eq!(ada.opens("/account/two-factor/key").url.path(), "/account/two-factor/enable");
    for (typed, words) in [("", "Enter your password"), ("eight quiet rivers", "not your password")] {
        let page = ada.opens("/account/two-factor/enable").form("Continue").fill("Password", typed).press();
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.error_for("Password").expect("an error").contains(words), "{}", page.text());
    }
    assert_eq!(ada.opens("/account/two-factor/key").url.path(), "/account/two-factor/enable");
}

fn switching_on_ends_the_other_sessions_and_keeps_this_one(world: World) {
    let (ada, other) = (world.administrator(), world.visitor());
    other.signs_in(ADMINISTRATOR, PASSWORD);
    let before = ada.cookies();
    switches_on(&world, &ada);
    assert!(ada.is_signed_in());
    assert_ne!(ada.cookies(), before, "under a new id");
    assert!(!other.is_signed_in());
}

fn a_code_works_once(world: World) {
    let ada = world.administrator();
    let (app, _) = switches_on(&world, &ada);
    let (first, page) = half_in(&world);
    let page = page.form("Verify").fill("Code", app.code(world.db().now())).press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "it was used to switch on");
    next_step(&world);
    let code = app.code(world.db().now());
    page.form("Verify").fill("Code", &code).press();
    assert!(first.is_signed_in());
    let (second, page) = half_in(&world);
    page.form("Verify").fill("Code", &code).press();
    assert!(!second.is_signed_in());
    next_step(&world);
    page.form("Verify").fill("Code", &code).press();
    assert!(!second.is_signed_in(), "nor a step later");
    page.form("Verify").fill("Code", app.code(world.db().now())).press();
    assert!(second.is_signed_in());
}

const TRIES: usize = 32;

/// Many browsers that have passed the first step.
fn crowd(world: &World) -> Vec<Person> {
    (0..TRIES).map(|_| enters(world, ADMINISTRATOR)).collect()
}

/// Whom this code let in, when all of them try it at the same moment.
fn let_in(people: &[Person], code: &str) -> Vec<usize> {
    let answers = at_once(people.len(), |nth| {
        let answer = people[nth].post("/sign-in/second-factor", &[("code", code)]);
        assert!(!answer.status.is_server_error(), "{} {}", answer.status, answer.text());
        answer.leads_to().is_some_and(|goal| goal.path() == "/")
    });
    (0..people.len()).filter(|&nth| answers[nth]).collect()
}

fn a_code_works_once_however_many_try_it_at_the_same_moment(world: World) {
    let ada = world.administrator();
    let (app, _) = switches_on(&world, &ada);
    let mut people = crowd(&world);
    for round in 0..rounds() {
        world.later(Duration::seconds(61));
        if round % 5 == 4 {
            people = crowd(&world);
        }
        let winners = let_in(&people, &app.code(world.db().now()));
        assert_eq!(winners.len(), 1, "round {round}");
        assert!(people[winners[0]].is_signed_in());
        world.later(Duration::seconds(61));
        people[winners[0]] = enters(&world, ADMINISTRATOR);
    }
}

fn a_recovery_code_works_once_however_it_is_typed_and_its_owner_is_told(world: World) {
    let ada = world.administrator();
    let (_, codes) = switches_on(&world, &ada);
    let (person, page) = half_in(&world);
    let typed = codes[3].to_uppercase().replace('-', " ");
    page.form("Verify").fill("Code", typed).press();
    assert!(person.is_signed_in());
    let told =
        world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.subject.contains("recovery code was used"));
    assert!(told.text.contains("9 are left"), "{}", told.text);
    assert!(ada.opens("/account/settings").part("two-factor").says("9 of 10 left"));
    let (again, page) = half_in(&world);
    let page = page.form("Verify").fill("Code", &codes[3]).press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!again.is_signed_in());
    page.form("Verify").fill("Code", &codes[4]).press();
    assert!(again.is_signed_in());
}

fn a_recovery_code_works_once_however_many_try_it_at_the_same_moment(world: World) {
    let ada = world.administrator();
    let (app, mut codes) = switches_on(&world, &ada);
    let mut people = crowd(&world);
    for round in 0..rounds() {
        world.later(Duration::seconds(61));
        if round % 5 == 4 {
            people = crowd(&world);
            codes = renewed(&world, &ada, &app);
            world.later(Duration::seconds(61));
        }
        let code = codes.pop().expect("a code");
        let winners = let_in(&people, &code);
        assert_eq!(winners.len(), 1, "round {round}");
        world.later(Duration::seconds(61));
        people[winners[0]] = enters(&world, ADMINISTRATOR);
    }
}

/// Proves anew who it is, and makes new recovery codes.
fn renewed(world: &World, person: &Person, app: &Authenticator) -> Vec<String> {
    let code = app.code(world.db().now());
    let proved = person.post("/account/prove", &[("password", PASSWORD), ("code", &code)]);
    assert!(proved.status.is_redirection(), "{}", proved.text());
    let page = person.opens("/account/two-factor/recovery-codes").form("Make new codes").press();
    assert_eq!(page.heading(), "New recovery codes");
    codes_on(&page)
}

fn five_codes_may_be_tried_in_a_step(world: World) {
    let ada = world.administrator();
    let (app, codes) = switches_on(&world, &ada);
    next_step(&world);
    let right = app.code(world.db().now());
    let wrong = if right == "000000" { "111111" } else { "000000" };
    let (person, page) = half_in(&world);
    let (other, from_other) = half_in(&world);
    for _ in 0..3 {
        let page = page.form("Verify").fill("Code", wrong).press();
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    for _ in 0..2 {
        let page = from_other.form("Verify").fill("Code", wrong).press();
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    for (page, person) in [(&page, &person), (&from_other, &other)] {
        for typed in [&right, &codes[0]] {
            let answer = page.form("Verify").fill("Code", typed).press();
            assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "not even the right one is looked at");
            assert!(!person.is_signed_in());
        }
    }
    next_step(&world);
    page.form("Verify").fill("Code", app.code(world.db().now())).press();
    assert!(person.is_signed_in(), "nothing is locked");
}

fn half_signed_in_is_not_signed_in(world: World) {
    let ada = world.administrator();
    switches_on(&world, &ada);
    let (person, page) = half_in(&world);
    for path in ["/account/settings", "/organization/users", "/account/prove", "/account/two-factor/enable"] {
        assert_eq!(person.opens(path).heading(), "Sign in", "{path}");
    }
    assert_eq!(
        person.opens("/sign-in/second-factor/set-up").heading(),
        "Second step",
        "there is one already"
    );
    let page = page.form("Sign out").press();
    assert_eq!(page.heading(), "Sign in");
    assert_eq!(person.opens("/sign-in/second-factor").heading(), "Sign in");
    assert_eq!(ada.opens("/sign-in/second-factor").url.path(), "/organization/users", "nothing is due");
}

fn the_second_step_does_not_stay_open_for_ever(world: World) {
    let ada = world.administrator();
    let (app, _) = switches_on(&world, &ada);
    let (person, page) = half_in(&world);
    world.later(Duration::minutes(16));
    let page = page.form("Verify").fill("Code", app.code(world.db().now())).press();
    assert_eq!(page.heading(), "Sign in");
    assert!(!person.is_signed_in());

    let (person, page) = half_in(&world);
    ada.opens("/account/settings").form("Enable two-factor").press();
    world.later(Duration::seconds(30));
    let off = ada.opens("/account/two-factor/disable").form("Turn off two-factor").fill("Password", PASSWORD);
    off.fill("Code", app.code(world.db().now())).press();
    let page = page.form("Verify").fill("Code", "000000").press();
    assert_eq!(page.heading(), "Sign in", "the sessions have ended, this one too");
    assert!(!person.is_signed_in());
}

fn switching_off_needs_password_and_code(world: World) {
    let ada = world.administrator();
    let (app, codes) = switches_on(&world, &ada);
    let other = world.visitor();
    other.signs_in(ADMINISTRATOR, PASSWORD).form("Verify").fill("Code", &codes[0]).press();
    assert!(other.is_signed_in());
    next_step(&world);
    let page = ada.opens("/account/settings").form("Enable two-factor").press();
    assert_eq!(page.heading(), "Turn off two-factor");
    let page = page.form("Turn off two-factor").press();
    assert!(page.error_for("Password").is_some() && page.error_for("Code").is_some());
    let code = app.code(world.db().now());
    let page = page.form("Turn off two-factor").fill("Password", "no").fill("Code", &code).press();
    assert!(page.error_for("Password").is_some(), "{}", page.text());
    let page = page.form("Turn off two-factor").fill("Password", PASSWORD).fill("Code", &codes[0]).press();
    assert!(page.error_for("Code").is_some(), "a used code is none");
    let page = page.form("Turn off two-factor").fill("Password", PASSWORD).fill("Code", &code).press();
    assert!(page.toast().expect("a message").contains("Two-factor authentication is off"));
    assert_eq!(page.part("two-factor").all("[role=switch][aria-checked=false]").count(), 1);
    world
        .mailbox
        .wait_for(ADMINISTRATOR, |letter| letter.subject.contains("Two-factor authentication is off"));
    assert!(ada.is_signed_in() && !other.is_signed_in());
    assert!(world.visitor().signs_in(ADMINISTRATOR, PASSWORD).has_button("Sign out"));
    assert_eq!(texts(&world, "SELECT hash FROM recovery_codes"), [""; 0]);
    assert_eq!(texts(&world, "SELECT second_factor FROM users"), ["none"]);
}

fn new_recovery_codes_need_a_fresh_proof_and_end_the_older_ones(world: World) {
    let ada = world.administrator();
    let (app, older) = switches_on(&world, &ada);
    world.later(Duration::minutes(11));
    let page = ada.opens("/account/settings").follow("New recovery codes").form("Make new codes").press();
    assert_eq!(page.heading(), "Prove that it is you");
    let form = page.form("Go on").fill("Password", PASSWORD).fill("Code", app.code(world.db().now()));
    let page = form.press();
    assert_eq!(page.url.path(), "/account/two-factor/recovery-codes", "on where they were");
    let newer = codes_on(&page.form("Make new codes").press());
    assert_eq!(newer.len(), 10);
    assert!(older.iter().all(|code| !newer.contains(code)));
    world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.subject.contains("new recovery codes"));
    let (person, page) = half_in(&world);
    let page = page.form("Verify").fill("Code", &older[0]).press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.form("Verify").fill("Code", &newer[0]).press();
    assert!(person.is_signed_in());
}

fn recovery_codes_can_be_downloaded(world: World) {
    let ada = world.administrator();
    let page = ada.opens("/account/two-factor/enable").form("Continue").fill("Password", PASSWORD).press();
    let app = Authenticator::typed(&key_on(&page));
    let page = page.form("Verify").fill("Code", app.code(world.db().now())).press();
    let codes = codes_on(&page);
    let file = page.form("Download").press();
    assert_eq!(file.headers["content-type"], "text/plain; charset=utf-8");
    assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment;"));
    assert!(codes.iter().all(|code| file.body.contains(code)), "{}", file.body);
    let path = "/account/two-factor/recovery-codes.txt";
    assert_eq!(ada.post(path, &[("code", "<script>")]).status, StatusCode::NOT_FOUND);
    assert_eq!(ada.opens(path).url.path(), "/account/settings");
}

fn a_proof_needs_the_password_and_the_code(world: World) {
    let ada = world.administrator();
    let page = ada.opens("/account/prove?return_to=/account/settings");
    assert_eq!(page.heading(), "Prove that it is you");
    let page = page.form("Go on").fill("Password", "no").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = page.form("Go on").fill("Password", PASSWORD).press();
    assert_eq!(page.url.path(), "/account/settings");
    assert_eq!(
        ada.post("/account/prove", &[("password", PASSWORD), ("return_to", "//evil.example")])
            .leads_to()
            .unwrap()
            .path(),
        "/"
    );

    let (app, codes) = switches_on(&world, &ada);
    next_step(&world);
    let page = ada
        .opens("/account/prove?return_to=/account/settings")
        .form("Go on")
        .fill("Password", PASSWORD)
        .press();
    assert!(page.error_for("Code").is_some(), "{}", page.text());
    let page = page.form("Go on").fill("Password", PASSWORD).fill("Code", "000000").press();
    assert!(page.error_for("Code").is_some(), "{}", page.text());
    let (before, code) = (ada.cookies(), app.code(world.db().now()));
    let page = page.form("Go on").fill("Password", PASSWORD).fill("Code", code).press();
    assert_eq!(page.url.path(), "/account/settings");
    assert_ne!(ada.cookies(), before, "under a new id");
    let again = ada.opens("/account/prove").form("Go on").fill("Password", PASSWORD).fill("Code", &codes[0]);
    assert!(again.press().status.is_success());
}

pub fn require_a_factor(world: &World) {
    let require = |tx: &mut Tx<'_>| {
        let set = organization_settings::second_factor_required.eq(true);
        Ok::<_, Fault>(diesel::update(organization_settings::table).set(set).execute(tx.conn())?)
    };
    world.db().write_now(None, require).expect("a rule");
}

fn whoever_lacks_a_required_factor_sets_one_up_at_sign_in(world: World) {
    let ada = world.administrator();
    require_a_factor(&world);
    assert!(ada.is_signed_in(), "a session that is there goes on");
    let person = world.visitor();
    let page = person.opens("/account/settings").form("Sign in").fill("Email", ADMINISTRATOR);
    let page = page.fill("Password", PASSWORD).press();
    assert_eq!(page.heading(), "Set up a second factor");
    assert!(page.says("Analytical Engines requires one"));
    assert!(!person.is_signed_in());
    let page = page.form("Use an app").press();
    let app = Authenticator::typed(&key_on(&page));
    let page = page.form("Verify").fill("Code", "nonsense").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = page.form("Verify").fill("Code", app.code(world.db().now())).press();
    assert_eq!(page.heading(), "Two-factor authentication is on");
    assert_eq!(codes_on(&page).len(), 10);
    assert_eq!(page.follow("Go on").url.path(), "/account/settings");
    assert!(person.is_signed_in());
    next_step(&world);
    let (again, page) = half_in(&world);
    page.form("Verify").fill("Code", app.code(world.db().now())).press();
    assert!(again.is_signed_in());
}

fn whoever_joins_where_a_factor_is_required_sets_one_up_first(world: World) {
    let ada = world.administrator();
    ada.invites("bob@example.com", &["read"]);
    require_a_factor(&world);
    let bob = world.visitor();
    let form = bob.opens(&world.invitation_link("bob@example.com")).form("Accept invitation");
    let page = form.fill("Your name", "Bob Babbage").fill("Password", PASSWORD).press();
    assert_eq!(page.heading(), "Set up a second factor", "{}", page.text());
    assert!(!bob.is_signed_in());
    let page = bob.opens("/sign-in/second-factor").form("Use an app").press();
    let app = Authenticator::typed(&key_on(&page));
    page.form("Verify").fill("Code", app.code(world.db().now())).press();
    assert!(bob.is_signed_in());
}

/// Ada administers, with Grace; Bob has an app.
struct Office {
    ada: Person,
    bob: Person,
    bob_page: String,
}

fn office(world: &World) -> Office {
    let ada = world.administrator();
    world.member(&ada, "grace@example.com", "Grace Hopper", &["admin"]);
    let bob = world.member(&ada, "bob@example.com", "Bob Babbage", &["read"]);
    switches_on(world, &bob);
    let id = texts(world, "SELECT id FROM users WHERE email = 'bob@example.com'").remove(0);
    Office { ada, bob, bob_page: format!("/organization/users/{id}") }
}

fn an_administrator_resets_a_second_factor_with_a_reason(world: World) {
    let Office { ada, bob, bob_page } = office(&world);
    let page = ada.opens(&bob_page).follow("Reset second factor");
    assert_eq!(page.heading(), "Reset the second factor of Bob Babbage");
    assert!(page.says("The app and its recovery codes are removed"));
    let page = page.form("Reset second factor").press();
    assert!(page.error_for("Reason").is_some());
    let page = page.form("Reset second factor").fill("Reason", "x".repeat(501)).press();
    assert!(page.error_for("Reason").expect("an error").contains("500"));
    assert!(bob.is_signed_in());
    let page = page.form("Reset second factor").fill("Reason", "Lost the phone.").press();
    assert_eq!(page.url.path(), bob_page);
    assert!(page.toast().expect("a message").contains("Bob Babbage is reset"));
    assert!(!page.has_link("Reset second factor"));
    assert!(!bob.is_signed_in());
    let told = world
        .mailbox
        .wait_for("bob@example.com", |letter| letter.subject.contains("second factor was reset"));
    assert!(told.text.contains("Ada Lovelace") && told.text.contains("Lost the phone."), "{}", told.text);
    let told =
        world.mailbox.wait_for("grace@example.com", |letter| letter.subject.contains("second factor of Bob"));
    assert!(told.text.contains("Lost the phone."), "{}", told.text);
    assert!(
        !world
            .mailbox
            .letters()
            .iter()
            .any(|letter| letter.is_to(ADMINISTRATOR) && letter.subject.contains("reset"))
    );
    let lines = texts(&world, "SELECT details FROM audit_details WHERE details LIKE '%Lost the phone%'");
    assert_eq!(lines.len(), 1, "{lines:?}");
    let back = world.visitor();
    back.signs_in("bob@example.com", PASSWORD);
    assert!(back.is_signed_in(), "the password alone does again");
    let page = ada.opens(&format!("{bob_page}/second-factor"));
    assert!(page.says("nothing to reset"), "{}", page.text());
}

fn the_reason_is_kept_over_a_fresh_proof(world: World) {
    let Office { ada, bob, bob_page } = office(&world);
    world.later(Duration::minutes(11));
    let page = ada.opens(&format!("{bob_page}/second-factor"));
    let page = page.form("Reset second factor").fill("Reason", "Lost the phone.").press();
    assert_eq!(page.heading(), "Prove that it is you");
    assert!(bob.is_signed_in(), "nothing was done yet");
    let page = page.form("Go on").fill("Password", PASSWORD).press();
    assert_eq!(page.heading(), "Reset the second factor of Bob Babbage");
    assert_eq!(page.form("Reset second factor").value("Reason"), "Lost the phone.");
    page.form("Reset second factor").press();
    assert!(!bob.is_signed_in());
}

fn only_administrators_of_the_organization_reset_a_second_factor(world: World) {
    let Office { ada, bob, bob_page } = office(&world);
    let reader = world.member(&ada, "rita@example.com", "Rita Reader", &["read"]);
    let stranger = another_organization(&world, "Elsewhere", "eve@elsewhere.example", PASSWORD);
    let path = format!("{bob_page}/second-factor");
    assert!(!reader.opens(&bob_page).has_link("Reset second factor"));
    for (person, status) in [(&reader, StatusCode::FORBIDDEN), (&stranger, StatusCode::NOT_FOUND)] {
        assert_eq!(person.get(&path).status, status);
        assert_eq!(person.post(&path, &[("reason", "None.")]).status, status);
    }
    assert!(bob.is_signed_in());
    let apps = texts(&world, "SELECT user_id FROM totp_credentials");
    assert_eq!(apps.len(), 1);
}

fn every_act_writes_one_line(world: World) {
    let ada = world.administrator();
    let acts = || texts(&world, "SELECT action FROM audit_lines ORDER BY sequence");
    let before = acts().len();
    let (app, codes) = switches_on(&world, &ada);
    next_step(&world);
    let (_, page) = half_in(&world);
    page.form("Verify").fill("Code", "000-000-00").press();
    let wrong = if app.code(world.db().now()) == "000000" { "111111" } else { "000000" };
    page.form("Verify").fill("Code", wrong).press();
    page.form("Verify").fill("Code", &codes[0]).press();
    renewed(&world, &ada, &app);
    next_step(&world);
    let off = ada.opens("/account/two-factor/disable").form("Turn off two-factor").fill("Password", PASSWORD);
    off.fill("Code", app.code(world.db().now())).press();
    assert_eq!(
        acts()[before..],
        [
            "account.two_factor_on",
            "account.sign_in",
            "account.second_factor_failed",
            "account.recovery_code_used",
            "account.sign_in",
            "account.recovery_codes_renewed",
            "account.two_factor_off",
        ]
    );
}

fn the_database_alone_opens_nothing(world: World) {
    let ada = world.administrator();
    let page = ada.opens("/account/two-factor/enable").form("Continue").fill("Password", PASSWORD).press();
    let key = key_on(&page).replace(' ', "");
    let app = Authenticator::typed(&key);
    let page = page.form("Verify").fill("Code", app.code(world.db().now())).press();
    let mut stored = texts(&world, "SELECT secret FROM totp_credentials");
    stored.extend(texts(&world, "SELECT hash FROM recovery_codes"));
    stored.extend(texts(&world, "SELECT details FROM audit_details"));
    stored.extend(texts(&world, "SELECT parameters FROM jobs"));
    stored.extend(texts(&world, "SELECT state FROM sessions"));
    for code in codes_on(&page) {
        let bare = code.replace('-', "");
        assert!(stored.iter().all(|text| !text.contains(&code) && !text.contains(&bare)));
    }
    assert!(stored.iter().all(|text| !text.contains(&key)));
    // A secret belongs to one person: moved to another row it opens nothing.
    world.member(&ada, "bob@example.com", "Bob Babbage", &["read"]);
    let moved = |tx: &mut Tx<'_>| {
        let bob: String =
            users::table.filter(users::email.eq("bob@example.com")).select(users::id).first(tx.conn())?;
        diesel::update(totp_credentials::table).set(totp_credentials::user_id.eq(&bob)).execute(tx.conn())?;
        diesel::update(users::table.filter(users::id.eq(&bob)))
            .set(users::second_factor.eq("app"))
            .execute(tx.conn())?;
        Ok::<_, Fault>(())
    };
    world.db().write_now(None, moved).expect("a row that was moved");
    next_step(&world);
    let bob = world.visitor();
    let page = bob.signs_in("bob@example.com", PASSWORD);
    page.form("Verify").fill("Code", app.code(world.db().now())).press();
    assert!(!bob.is_signed_in());
}
