//! Where somebody is signed in, and ending that.

use chrono::Duration;
use reqwest::StatusCode;

use super::{BOB, lines, settings};
use crate::cast::enters;
use crate::snapshot::texts;
use crate::support::on_both;
use crate::support::page::Page;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::World;

on_both!(
    each_session_says_what_and_where_it_is,
    one_session_is_ended_and_is_out_on_the_next_request,
    all_other_sessions_end_and_this_one_goes_on,
    a_session_of_somebody_else_is_not_ended,
    a_session_beyond_its_limits_is_not_shown,
    a_session_that_is_proved_anew_is_as_old_as_it_was,
    an_administrator_ends_all_sessions_of_somebody,
    only_an_administrator_may_end_the_sessions_of_others,
    an_administrator_who_ends_their_own_sessions_is_signed_out,
);

const ANDROID: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile \
                       Safari/537.36";

fn count(page: &Page) -> usize {
    page.part("sessions").all("li").count()
}

fn each_session_says_what_and_where_it_is(world: World) {
    let ada = world.administrator();
    let phone = world.visitor_from(7).with("user-agent", ANDROID);
    phone.post("/sign-in", &[("email", ADMINISTRATOR), ("password", PASSWORD)]);
    let page = settings(&ada);
    assert_eq!(count(&page), 2);
    let own = page.row("This session");
    assert!(own.says("A browser on Linux") && !own.has_button("End"), "{}", own.text());
    let other = page.row("Chrome on Android");
    assert!(other.says("127.0.1.7") && other.says("23 Nov 2026, 09:00 UTC"), "{}", other.text());
    assert!(!other.says("This session"));
}

fn one_session_is_ended_and_is_out_on_the_next_request(world: World) {
    let ada = world.administrator();
    let phone = world.visitor_from(7).with("user-agent", ANDROID);
    phone.post("/sign-in", &[("email", ADMINISTRATOR), ("password", PASSWORD)]);
    let form = settings(&ada).row("Chrome on Android").form("End");
    let page = form.press();
    assert_eq!(page.toast().as_deref(), Some("The session of Chrome on Android has ended."));
    assert_eq!(count(&page), 1);
    assert!(!phone.is_signed_in() && ada.is_signed_in());
    world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.subject.contains("Sessions were ended"));
    assert_eq!(lines(&world, "account.session_end"), 1);
    assert_eq!(form.press().toast().as_deref(), Some("That session had ended already."));
    assert_eq!(lines(&world, "account.session_end"), 1);
}

fn all_other_sessions_end_and_this_one_goes_on(world: World) {
    let ada = world.administrator();
    let others: Vec<_> = (0..3).map(|_| enters(&world, ADMINISTRATOR)).collect();
    let bob = world.member(&ada, BOB, "Bob Builder", &[]);
    let page = settings(&ada).form("End all other sessions").press();
    assert_eq!(page.toast().as_deref(), Some("3 other sessions have ended."));
    assert_eq!(count(&page), 1);
    assert!(others.iter().all(|person| !person.is_signed_in()));
    assert!(ada.is_signed_in() && bob.is_signed_in());
    assert!(!page.has_button("End all other sessions"));
    assert_eq!(lines(&world, "account.sessions_end"), 1);
    world.later(Duration::hours(1));
    assert!(ada.is_signed_in() && count(&settings(&ada)) == 1);
    assert!(enters(&world, ADMINISTRATOR).is_signed_in(), "and anew as always");
}

fn a_session_of_somebody_else_is_not_ended(world: World) {
    let ada = world.administrator();
    let bob = world.member(&ada, BOB, "Bob Builder", &[]);
    let of_ada =
        "SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.email = 'ada@example.com'";
    for id in texts(&world, of_ada) {
        let answer = bob.post(&format!("/account/sessions/{id}/end"), &[]);
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }
    assert_eq!(bob.get("/account/sessions/nonsense/end").status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(bob.post("/account/sessions/nonsense/end", &[]).status, StatusCode::NOT_FOUND);
    assert!(ada.is_signed_in());
    assert_eq!(lines(&world, "account.session_end"), 0);
}

fn a_session_beyond_its_limits_is_not_shown(world: World) {
    let ada = world.administrator();
    enters(&world, ADMINISTRATOR);
    world.later(Duration::hours(7));
    assert_eq!(count(&settings(&ada)), 2);
    world.later(Duration::hours(7));
    let ada = enters(&world, ADMINISTRATOR);
    world.later(Duration::hours(6));
    assert_eq!(count(&settings(&ada)), 1, "one was idle for 20 hours, the other for 13");
}

fn a_session_that_is_proved_anew_is_as_old_as_it_was(world: World) {
    let ada = world.administrator();
    let proves = || ada.opens("/account/prove").form("Go on").fill("Password", PASSWORD).press();
    world.later(Duration::hours(2));
    proves();
    let page = settings(&ada);
    let told = page.row("This session").text();
    assert!(count(&page) == 1 && told.contains("first seen 23 Nov 2026, 09:00 UTC"), "{told}");
    assert!(told.contains("last seen 23 Nov 2026, 11:00 UTC"), "{told}");
    for _ in 0..15 {
        world.later(Duration::hours(11));
        assert_eq!(proves().status, StatusCode::OK);
    }
    world.later(Duration::hours(2));
    assert!(!ada.is_signed_in(), "seven days are over, however often it was proved");
}

fn an_administrator_ends_all_sessions_of_somebody(world: World) {
    let ada = world.administrator();
    let bob = world.member(&ada, BOB, "Bob Builder", &[]);
    let phone = world.visitor_from(7).with("user-agent", ANDROID);
    phone.post("/sign-in", &[("email", BOB), ("password", PASSWORD)]);
    let page = ada.users().row("Bob Builder").follow("Bob Builder");
    assert!(page.says("Chrome on Android") && page.says("2 sessions"), "{}", page.text());
    let page = page.follow("End sessions");
    assert!(page.says("2 sessions end at once"), "{}", page.text());
    assert!(bob.is_signed_in(), "looking ends nothing");
    let form = page.form("End sessions of Bob Builder");
    let page = form.press();
    assert_eq!(page.toast().as_deref(), Some("2 sessions of Bob Builder have ended."));
    assert!(!bob.is_signed_in() && !phone.is_signed_in() && ada.is_signed_in());
    let letter = world.mailbox.wait_for(BOB, |letter| letter.subject.contains("sessions were ended"));
    assert!(letter.text.contains("Ada Lovelace"), "{}", letter.text);
    assert_eq!(lines(&world, "iam.users.end_sessions"), 1);
    let again = form.press();
    assert_eq!(again.toast().as_deref(), Some("Bob Builder was signed in nowhere any more."));
    assert_eq!(lines(&world, "iam.users.end_sessions"), 1);
    assert!(enters(&world, BOB).is_signed_in(), "the account is as it was");
}

fn only_an_administrator_may_end_the_sessions_of_others(world: World) {
    let ada = world.administrator();
    let bob = world.member(&ada, BOB, "Bob Builder", &["read"]);
    let own = bob.users().row("Ada Lovelace").link("Ada Lovelace").path().to_owned();
    assert!(!bob.opens(&own).has_link("End sessions"));
    for answer in [bob.get(&format!("{own}/end-sessions")), bob.post(&format!("{own}/end-sessions"), &[])] {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    assert!(ada.is_signed_in());
}

fn an_administrator_who_ends_their_own_sessions_is_signed_out(world: World) {
    let ada = world.administrator();
    let page = ada.users().row("Ada Lovelace").follow("Ada Lovelace").follow("End sessions");
    assert!(page.says("You are signed out at once"), "{}", page.text());
    let page = page.form("End sessions of Ada Lovelace").press();
    assert_eq!(page.heading(), "Sign in");
    assert!(!ada.is_signed_in());
}
