//! Signing in and out.

use chrono::Duration;
use reqwest::{Method, StatusCode};

use crate::support::on_both;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::World;

on_both!(
    the_address_may_be_spelt_otherwise,
    a_wrong_password_and_an_unknown_address_get_the_same_answer,
    signing_in_makes_somebody_active_at_once,
    signing_out_ends_the_session_on_the_server,
    a_session_survives_a_restart,
    a_session_ends_when_it_was_idle_for_long,
    a_session_ends_in_the_end_however_busy,
    whoever_is_not_signed_in_comes_back_to_where_they_were_going,
    after_signing_in_nobody_is_sent_to_another_site,
    a_form_of_another_site_is_refused,
);

fn the_address_may_be_spelt_otherwise(world: World) {
    world.administrator();
    let ada = world.visitor();
    ada.signs_in("  Ada@EXAMPLE.com ", PASSWORD);
    assert!(ada.is_signed_in());
}

fn a_wrong_password_and_an_unknown_address_get_the_same_answer(world: World) {
    world.administrator();
    let wrong = world.visitor_from(1).signs_in(ADMINISTRATOR, "eight quiet rivers at dawn");
    let unknown = world.visitor_from(2).signs_in("nobody@example.com", "eight quiet rivers at dawn");
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.status, unknown.status);
    assert_eq!(wrong.body.replace(ADMINISTRATOR, ""), unknown.body.replace("nobody@example.com", ""));
    assert_eq!(wrong.form("Sign in").value("Email"), ADMINISTRATOR, "what was typed is kept");
    assert_eq!(wrong.form("Sign in").value("Password"), "", "but for the password");
}

fn signing_in_makes_somebody_active_at_once(world: World) {
    world.administrator();
    world.clock.advance(Duration::days(40));
    let ada = world.visitor();
    ada.signs_in(ADMINISTRATOR, PASSWORD);
    assert!(!ada.opens("/organization/users?inactive=30").has_row(ADMINISTRATOR));
}

fn signing_out_ends_the_session_on_the_server(world: World) {
    let ada = world.administrator();
    let cookies = ada.cookies();
    ada.opens("/account/settings").form("Sign out").press();
    assert!(!ada.is_signed_in());
    let thief = world.visitor();
    let request = thief.request(Method::GET, "/account/settings").header("cookie", cookies);
    let page = thief.send(request, world.base_url());
    assert!(!page.has_button("Sign out"), "{}", page.text());
}

fn a_session_survives_a_restart(mut world: World) {
    let ada = world.administrator();
    world.restarts();
    assert!(ada.is_signed_in());
}

fn a_session_ends_when_it_was_idle_for_long(world: World) {
    let ada = world.administrator();
    world.later(Duration::hours(11));
    assert!(ada.is_signed_in());
    world.later(Duration::hours(11));
    assert!(ada.is_signed_in());
    world.later(Duration::hours(13));
    assert!(!ada.is_signed_in());
}

fn a_session_ends_in_the_end_however_busy(world: World) {
    let ada = world.administrator();
    for _ in 0..16 {
        world.later(Duration::hours(10));
        assert!(ada.is_signed_in());
    }
    world.later(Duration::hours(10));
    assert!(!ada.is_signed_in());
}

fn whoever_is_not_signed_in_comes_back_to_where_they_were_going(world: World) {
    world.administrator();
    let page = world.visitor().opens("/account/settings");
    assert_eq!(page.heading(), "Sign in");
    let page = page.form("Sign in").fill("Email", ADMINISTRATOR).fill("Password", PASSWORD).press();
    assert_eq!(page.url.path(), "/account/settings");
    assert_eq!(page.heading(), "Settings");
}

fn after_signing_in_nobody_is_sent_to_another_site(world: World) {
    world.administrator();
    for goal in ["https://evil.example/", "//evil.example/", "/\\evil.example/", "\t//evil.example"] {
        let fields = [("email", ADMINISTRATOR), ("password", PASSWORD), ("return_to", goal)];
        let answer = world.visitor().post("/sign-in", &fields);
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(answer.leads_to().and_then(|url| url.port()), world.base_url().port(), "{goal}");
    }
}

fn a_form_of_another_site_is_refused(world: World) {
    let ada = world.administrator();
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
    ] {
        let request = ada.bare_request(Method::POST, "/sign-out").header(name, value);
        let page = ada.send(request, world.base_url());
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{name}: {value}");
    }
    assert!(ada.is_signed_in());
}
