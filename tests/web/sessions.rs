//! Sessions: how they begin, whom they belong to, and everything that ends them.

use std::collections::HashMap;

use actix_session::storage::{SessionKey, SessionStore};
use actix_web::cookie::time::Duration as CookieDuration;
use chrono::Duration;
use diesel::{ExpressionMethods, QueryDsl, RunQueryDsl};
use reqwest::{Method, StatusCode};
use roster::base::token;
use roster::db::schema::{organization_settings, sessions};
use roster::db::{Fault, Tx};
use roster::web::session::Keeper;

use crate::cast::{enters, setup_link};
use crate::snapshot::{Snapshot, texts};
use crate::support::page::Page;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::{Person, wait};
use crate::support::world::{Database, World};
use crate::support::{at_once, on_both};

on_both!(
    signing_in_begins_a_new_session_and_ends_the_one_before,
    a_session_that_was_planted_is_not_the_one_that_is_signed_in,
    two_browsers_have_sessions_of_their_own,
    the_organization_says_how_long_sessions_live,
    whoever_is_deactivated_is_out_on_the_very_next_request,
    a_session_that_is_written_late_stays_dead_after_reactivation,
    of_sign_ins_during_a_deactivation_none_outlives_it,
    a_session_that_ended_meanwhile_is_not_brought_back,
    whoever_loses_a_right_cannot_use_it_on_the_very_next_request,
    the_database_holds_no_key_of_a_session,
    people_who_only_look_leave_no_session_behind,
    looking_at_a_page_does_not_write_the_session,
);

/// The console as somebody meets it who has stolen these cookies.
fn as_thief(world: &World, cookies: &str) -> Page {
    let thief = world.visitor();
    let request = thief.request(Method::GET, "/account/settings").header("cookie", cookies);
    thief.send(request, world.base_url())
}

fn opens_nothing(world: &World, cookies: &str) -> bool {
    assert!(!cookies.is_empty(), "there was a cookie");
    as_thief(world, cookies).leads_to().is_some_and(|url| url.path() == "/sign-in")
}

fn write(world: &World, work: impl Fn(&mut Tx<'_>) -> diesel::QueryResult<usize>) {
    let changed = world.db().write_now(None, |tx| Ok::<_, Fault>(work(tx)?)).expect("a change");
    assert!(changed > 0, "nothing was changed");
}

fn user(world: &World, email: &str) -> String {
    texts(world, &format!("SELECT id FROM users WHERE email = '{email}'")).remove(0)
}

fn act(by: &Person, world: &World, on: &str, act: &str) {
    let page = by.post(&format!("/organization/users/{}/{act}", user(world, on)), &[]);
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{act} {on}: {}", page.text());
}

fn signing_in_begins_a_new_session_and_ends_the_one_before(world: World) {
    let ada = world.administrator();
    let (at_setup, bob) = (ada.cookies(), world.member(&ada, "bob@example.com", "Bob Builder", &[]));
    let at_acceptance = bob.cookies();
    let again = ada.post("/sign-in", &[("email", ADMINISTRATOR), ("password", PASSWORD)]);
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert_ne!(ada.cookies(), at_setup);
    assert!(opens_nothing(&world, &at_setup));
    assert!(!opens_nothing(&world, &ada.cookies()));

    bob.post("/sign-in", &[("email", ADMINISTRATOR), ("password", PASSWORD)]);
    assert!(opens_nothing(&world, &at_acceptance), "as somebody else too");
}

/// An attacker has a session without a person, and makes somebody's browser carry it before they prove who they are.
fn a_session_that_was_planted_is_not_the_one_that_is_signed_in(world: World) {
    let ada = world.administrator();
    ada.invites("bob@example.com", &[]);
    let invitation = world.invitation_link("bob@example.com");
    let proofs: [(&str, Vec<(&str, &str)>); 3] = [
        ("/sign-in", vec![("email", ADMINISTRATOR), ("password", PASSWORD)]),
        (&invitation, vec![("name", "Bob"), ("password", PASSWORD)]),
        (
            &setup_link(&world),
            vec![
                ("organization", "Second"),
                ("name", "Eve"),
                ("email", "eve@example.com"),
                ("password", PASSWORD),
            ],
        ),
    ];
    for (path, fields) in proofs {
        let victim = world.visitor();
        victim.post("/organization/users/invite", &[("email", "kept@example.com")]);
        let planted = victim.cookies();
        assert!(opens_nothing(&world, &planted), "it is nobody's");
        let page = victim.post(path, &fields);
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{path}: {}", page.text());
        assert_ne!(victim.cookies(), planted, "{path}");
        assert!(victim.is_signed_in(), "{path}");
        assert!(opens_nothing(&world, &planted), "{path}");
    }
    assert_eq!(texts(&world, "SELECT id FROM sessions WHERE stage = 'anonymous'").len(), 0, "they are gone");
}

fn two_browsers_have_sessions_of_their_own(world: World) {
    let (desk, phone) = (world.administrator(), enters(&world, ADMINISTRATOR));
    assert_ne!(desk.cookies(), phone.cookies());
    let cookies = desk.cookies();
    desk.signs_out();
    assert!(opens_nothing(&world, &cookies) && !desk.cookies().contains("roster="));
    assert!(phone.is_signed_in());
    world.later(Duration::hours(11));
    assert!(phone.is_signed_in());
    let desk = enters(&world, ADMINISTRATOR);
    world.later(Duration::hours(11));
    assert!(phone.is_signed_in(), "it was used 11 hours ago");
    world.later(Duration::hours(2));
    assert!(!desk.is_signed_in(), "this one was not, for 13");
    assert!(phone.is_signed_in());
}

fn the_organization_says_how_long_sessions_live(world: World) {
    let ada = world.administrator();
    let limits = |idle: i32, overall: i32| {
        write(&world, |tx| {
            diesel::update(organization_settings::table)
                .set((
                    organization_settings::session_idle_minutes.eq(idle),
                    organization_settings::session_overall_minutes.eq(overall),
                ))
                .execute(tx.conn())
        })
    };
    limits(30, 60);
    for _ in 0..2 {
        world.later(Duration::minutes(30));
        assert!(ada.is_signed_in());
    }
    world.later(Duration::minutes(1));
    assert!(!ada.is_signed_in(), "61 minutes overall");
    let ada = enters(&world, ADMINISTRATOR);
    world.later(Duration::minutes(31));
    let page = ada.post("/organization/users/invite", &[("email", "bob@example.com")]);
    assert_eq!(
        page.leads_to().map(|url| url.path().to_owned()).as_deref(),
        Some("/sign-in"),
        "31 minutes idle"
    );
    assert!(texts(&world, "SELECT id FROM users WHERE email = 'bob@example.com'").is_empty());
    limits(10_000, 20_000);
    assert!(!ada.is_signed_in(), "an ended session does not come back when the limits are raised");
}

fn whoever_is_deactivated_is_out_on_the_very_next_request(world: World) {
    let ada = world.administrator();
    let bob = world.member(&ada, "bob@example.com", "Bob Builder", &["admin"]);
    let phone = enters(&world, "bob@example.com");
    let page = bob.opens("/organization/users/invite");
    let form = page.form("Send invitation").fill("Email", "eve@example.com");
    act(&ada, &world, "bob@example.com", "deactivate");

    let before = Snapshot::of(&world);
    let sent = form.press_once();
    assert_eq!(sent.leads_to().map(|url| url.path().to_owned()).as_deref(), Some("/sign-in"));
    assert_eq!(Snapshot::of(&world), before, "nothing is done any more");
    let part = phone.by_htmx("tbody#people").get("/organization/users");
    assert!(part.headers.contains_key("hx-redirect") && part.body.is_empty(), "{}", part.body);
    assert!(!bob.is_signed_in() && !phone.is_signed_in());
    assert!(
        texts(
            &world,
            &format!("SELECT id FROM sessions WHERE user_id = '{}'", user(&world, "bob@example.com"))
        )
        .is_empty()
    );

    let page = world.visitor().signs_in("bob@example.com", PASSWORD);
    assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", page.text());
    act(&ada, &world, "bob@example.com", "reactivate");
    assert!(!bob.is_signed_in() && !phone.is_signed_in(), "the old sessions stay dead");
    assert!(enters(&world, "bob@example.com").is_signed_in());
}

/// The password was right just before the deactivation, and the session's row is written just after it.
fn a_session_that_is_written_late_stays_dead_after_reactivation(world: World) {
    let ada = world.administrator();
    let bob = world.member(&ada, "bob@example.com", "Bob Builder", &[]);
    type Row = (String, String, Option<String>, Option<String>, i64, String, String);
    let of_bob = sessions::table.filter(sessions::user_id.eq(user(&world, "bob@example.com")));
    let columns = (
        sessions::id,
        sessions::key_hash,
        sessions::organization_id,
        sessions::user_id,
        sessions::session_epoch,
        sessions::stage,
        sessions::state,
    );
    let row: Row =
        world.db().read_now(|conn| Ok::<_, Fault>(of_bob.select(columns).first(conn)?)).expect("a session");
    act(&ada, &world, "bob@example.com", "deactivate");
    write(&world, |tx| {
        let (now, later) = (tx.now(), tx.now().plus(Duration::days(30)));
        diesel::insert_into(sessions::table)
            .values((
                sessions::id.eq(&row.0),
                sessions::key_hash.eq(&row.1),
                sessions::organization_id.eq(&row.2),
                sessions::user_id.eq(&row.3),
                sessions::session_epoch.eq(row.4),
                sessions::stage.eq(&row.5),
                sessions::state.eq(&row.6),
                sessions::created_at.eq(now),
                sessions::last_seen_at.eq(now),
                sessions::expires_at.eq(later),
            ))
            .execute(tx.conn())
    });
    let cookies = bob.cookies();
    assert!(opens_nothing(&world, &cookies), "deactivated");
    act(&ada, &world, "bob@example.com", "reactivate");
    assert!(opens_nothing(&world, &cookies), "and active again");
    assert!(enters(&world, "bob@example.com").is_signed_in());
}

fn of_sign_ins_during_a_deactivation_none_outlives_it(world: World) {
    let ada = world.administrator();
    world.member(&ada, "bob@example.com", "Bob Builder", &[]);
    for round in 0..3 {
        let browsers: Vec<_> = (0..5).map(|nth| world.visitor_from(nth + 1)).collect();
        let answers = at_once(6, |nth| match browsers.get(nth) {
            Some(browser) => {
                browser.post("/sign-in", &[("email", "bob@example.com"), ("password", PASSWORD)]).status
            }
            None => {
                act(&ada, &world, "bob@example.com", "deactivate");
                StatusCode::OK
            }
        });
        let is_told = |status: &StatusCode| {
            [StatusCode::OK, StatusCode::SEE_OTHER, StatusCode::FORBIDDEN].contains(status)
        };
        assert!(answers.iter().all(is_told), "{answers:?}");
        let is_out = || browsers.iter().all(|browser| !browser.is_signed_in());
        assert!(is_out(), "in round {round}: {answers:?}");
        act(&ada, &world, "bob@example.com", "reactivate");
        assert!(is_out(), "after reactivation in round {round}: {answers:?}");
    }
}

/// A request that was under way when the session ended writes what it has to keep afterwards.
fn a_session_that_ended_meanwhile_is_not_brought_back(world: World) {
    let keeper = Keeper::new(world.db().clone());
    let life = CookieDuration::days(1);
    let state = HashMap::from([("flash".to_owned(), "\"kept\"".to_owned())]);
    let key = wait(keeper.save(state.clone(), &life)).expect("a session");
    let same = || SessionKey::try_from(key.as_ref().to_owned()).expect("a key");
    assert!(wait(keeper.load(&key)).expect("an answer").is_some());
    wait(keeper.delete(&key)).expect("an end");
    wait(keeper.update(same(), state, &life)).expect("nothing to write to");
    assert!(wait(keeper.load(&key)).expect("an answer").is_none());
}

fn whoever_loses_a_right_cannot_use_it_on_the_very_next_request(world: World) {
    let ada = world.administrator();
    let bob = world.member(&ada, "bob@example.com", "Bob Builder", &["admin"]);
    let form =
        bob.opens("/organization/users/invite").form("Send invitation").fill("Email", "eve@example.com");
    let of = user(&world, "bob@example.com");
    let version =
        texts(&world, &format!("SELECT CAST(version AS TEXT) FROM users WHERE id = '{of}'")).remove(0);
    let page = ada.post(&format!("/organization/users/{of}/groups"), &[("version", &version)]);
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());

    let before = Snapshot::of(&world);
    assert_eq!(form.press_once().status, StatusCode::FORBIDDEN);
    assert_eq!(bob.get("/organization/users").status, StatusCode::FORBIDDEN);
    assert_eq!(Snapshot::of(&world), before);
    assert!(bob.is_signed_in(), "still a member");
}

fn the_database_holds_no_key_of_a_session(world: World) {
    let keeper = Keeper::new(world.db().clone());
    let state = HashMap::from([("flash".to_owned(), "\"kept\"".to_owned())]);
    let key = wait(keeper.save(state, &CookieDuration::days(1))).expect("a session");
    let ada = world.administrator();
    let (_, cookie) =
        ada.cookies().split_once('=').map(|(a, b)| (a.to_owned(), b.to_owned())).expect("a cookie");
    let rows = texts(&world, "SELECT id || ' ' || key_hash || ' ' || state || ' ' || proofs FROM sessions");
    assert_eq!(rows.len(), 2);
    for secret in [key.as_ref(), &cookie] {
        assert!(secret.len() > 40 && rows.iter().all(|row| !row.contains(secret)), "{secret} in {rows:?}");
    }
    let hash = token::hash(key.as_ref());
    assert!(rows.iter().any(|row| row.contains(&hash)), "its hash is there");
    let stolen = SessionKey::try_from(hash).expect("a key");
    assert!(wait(keeper.load(&stolen)).expect("an answer").is_none(), "the hash does not open the session");
}

fn people_who_only_look_leave_no_session_behind(world: World) {
    let visitor = world.visitor();
    for path in ["/", "/sign-in", "/invitations/send-again", "/organization/users", "/nothing", "/healthz"] {
        let page = visitor.get(path);
        assert!(!page.headers.contains_key("set-cookie"), "{path}");
    }
    visitor.post("/sign-in", &[("email", "nobody@example.com"), ("password", "wrong")]);
    assert!(texts(&world, "SELECT id FROM sessions").is_empty());
    assert!(visitor.cookies().is_empty());
}

/// The cookies that an answer sets, by name.
fn cookies_set(page: &Page) -> HashMap<String, Vec<String>> {
    let cookies = page.headers.get_all("set-cookie").iter().map(|cookie| cookie.to_str().expect("text"));
    let parts = |cookie: &str| -> Vec<String> { cookie.split("; ").map(str::to_owned).collect() };
    let named =
        |cookie: Vec<String>| (cookie[0].split('=').next().expect("a name").to_owned(), cookie[1..].to_vec());
    cookies.map(|cookie| named(parts(cookie))).collect()
}

#[test]
fn cookies_are_kept_from_scripts_other_sites_and_open_connections() {
    for (public_url, prefix, is_secure) in
        [("http://localhost", "", false), ("https://roster.example", "__Host-", true)]
    {
        let world = World::with(Database::Sqlite, &[("public_url", public_url)]);
        let page = world.visitor();
        let fields =
            [("organization", "A"), ("name", "Ada"), ("email", ADMINISTRATOR), ("password", PASSWORD)];
        let link = url::Url::parse(&world.setup_link()).expect("an address");
        let answer = page.post(&link[url::Position::BeforePath..], &fields);
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        let set = cookies_set(&answer);
        let flags = &set[&format!("{prefix}roster")];
        for flag in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(flags.iter().any(|known| known == flag), "{flag}: {flags:?}");
        }
        assert_eq!(flags.iter().any(|flag| flag == "Secure"), is_secure, "{flags:?}");
        assert!(!flags.iter().any(|flag| flag.starts_with("Domain")), "{flags:?}");

        let theme = world.visitor().post("/account/theme", &[("theme", "dark")]);
        let flags = &cookies_set(&theme)["roster_theme"];
        assert!(
            flags.iter().any(|flag| flag == "HttpOnly") && flags.iter().any(|flag| flag == "SameSite=Lax")
        );
        assert_eq!(flags.iter().any(|flag| flag == "Secure"), is_secure, "{flags:?}");
    }
}

fn looking_at_a_page_does_not_write_the_session(world: World) {
    let ada = world.administrator();
    ada.get("/organization/users");
    // A space at the end is still the same state, and a session that is written loses it.
    write(&world, |tx| {
        let marked = diesel::sql_query("UPDATE sessions SET state = state || ' ' WHERE stage = 'full'");
        marked.execute(tx.conn())
    });
    for page in ["/organization/users", "/organization/users?sort=-active", "/account/settings"] {
        assert_eq!(ada.get(page).status, StatusCode::OK);
    }
    assert!(texts(&world, "SELECT state FROM sessions WHERE stage = 'full'")[0].ends_with(' '));
}
