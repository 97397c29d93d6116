//! A new password for who knows the old one.

use reqwest::StatusCode;

use super::{BOB, NEW_PASSWORD, SETTINGS, bob, credential, is_password, mailed_link, notices};
use crate::cast::another_organization;
use crate::support::page::Page;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::world::World;
use crate::support::{at_once, on_both};
use crate::users::{ask, lines};

on_both!(
    the_right_password_changes_it_and_ends_the_other_sessions,
    a_wrong_current_password_changes_nothing_and_slows_the_account,
    a_bad_new_password_is_told_why_and_costs_no_try,
    a_weak_password_that_is_long_enough_is_saved,
    eight_characters_do_where_a_second_factor_is_required,
    the_section_is_a_page_and_a_fragment_too,
    changing_it_ends_the_links_that_were_mailed,
    another_account_of_the_address_keeps_its_password,
    of_many_who_change_it_at_once_one_wins,
    browsers_are_led_to_where_passwords_are_changed,
);

fn changes(person: &Person, current: &str, new: &str) -> Page {
    let form = person.opens(SETTINGS).form("Save password");
    form.fill("Current password", current).fill("New password", new).press()
}

fn the_right_password_changes_it_and_ends_the_other_sessions(world: World) {
    let ada = world.administrator();
    let bob = bob(&world, &ada);
    let laptop = world.visitor();
    laptop.signs_in(BOB, PASSWORD);
    let before = bob.cookies();
    let page = changes(&bob, PASSWORD, NEW_PASSWORD);
    assert_eq!(page.url.path(), SETTINGS, "{}", page.text());
    assert!(page.toast().is_some_and(|words| words.contains("Your other sessions have ended")));
    assert!(bob.is_signed_in() && !laptop.is_signed_in());
    assert_ne!(bob.cookies(), before, "this browser goes on under another name");
    assert!(ada.is_signed_in());
    is_password(&world, BOB, true);
    world.mailbox.wait_for(BOB, |letter| letter.subject.contains("Your password was changed"));
    assert_eq!((lines(&world, "account.password"), notices(&world, "password_changed")), (1, 1));
    assert_eq!(lines(&world, "account.proof_failed"), 0);
}

fn a_weak_password_that_is_long_enough_is_saved(world: World) {
    let ada = world.administrator();
    let weak = "lasso salsa also salsa";
    let page = changes(&ada, PASSWORD, weak);
    assert!(page.toast().is_some_and(|words| words.contains("Your other sessions have ended")));
    let again = world.visitor();
    again.signs_in(ADMINISTRATOR, weak);
    assert!(again.is_signed_in());
}

fn a_wrong_current_password_changes_nothing_and_slows_the_account(world: World) {
    let ada = world.administrator();
    let bob = bob(&world, &ada);
    let before = credential(&world, BOB);
    let page = changes(&bob, "nine loud mountains at dusk", NEW_PASSWORD);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.error_for("Current password").is_some_and(|it| it.contains("Nothing was changed")));
    let form = page.form("Save password");
    assert_eq!((form.value("Current password"), form.value("New password")), ("", ""));
    assert!(!page.body.contains("loud mountains") && !page.body.contains(NEW_PASSWORD));
    let statuses: Vec<_> =
        (0..6).map(|_| changes(&bob, "nine loud mountains at dusk", NEW_PASSWORD).status).collect();
    assert_eq!(statuses[4], StatusCode::UNPROCESSABLE_ENTITY, "{statuses:?}");
    assert_eq!(statuses[5], StatusCode::TOO_MANY_REQUESTS, "{statuses:?}");
    let elsewhere = world.visitor_from(9).post("/sign-in", &[("email", BOB), ("password", PASSWORD)]);
    assert_eq!(elsewhere.status, StatusCode::TOO_MANY_REQUESTS, "it is one count with the sign-in page");
    assert_eq!(credential(&world, BOB), before);
    assert!(bob.is_signed_in());
    assert_eq!((lines(&world, "account.password"), lines(&world, "account.proof_failed")), (0, 6));
    world.clock.advance(chrono::Duration::minutes(1));
    assert_eq!(changes(&bob, PASSWORD, NEW_PASSWORD).status, StatusCode::OK, "nothing is locked");
}

fn a_bad_new_password_is_told_why_and_costs_no_try(world: World) {
    let ada = world.administrator();
    let bob = bob(&world, &ada);
    for (new, why) in [
        ("", "Enter a new password."),
        ("short", "Use at least 15 characters; this one needs 10 more."),
        ("passwordpassword", "most common passwords"),
        ("bobbabbage-1234567", "your name"),
        ("analytical-engines", "the name of your organization"),
        (PASSWORD, "choose another"),
    ] {
        let page = changes(&bob, PASSWORD, new);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        let told = page.error_for("New password").unwrap_or_default();
        assert!(told.contains(why), "{new:?}: {told}");
    }
    let page = changes(&bob, "", "");
    assert_eq!(page.error_for("Current password").as_deref(), Some("Enter your current password."));
    for _ in 0..10 {
        changes(&bob, "wrong", "short");
    }
    is_password(&world, BOB, false);
}

fn eight_characters_do_where_a_second_factor_is_required(world: World) {
    let ada = world.administrator();
    assert!(ada.opens(SETTINGS).says("At least 15 characters."));
    requires_a_second_factor(&world);
    assert!(ada.opens(SETTINGS).says("At least 8 characters."));
    let page = changes(&ada, PASSWORD, "xq7-vLmp");
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert_eq!(lines(&world, "account.password"), 1);
}

fn requires_a_second_factor(world: &World) {
    use diesel::prelude::*;
    use roster::db::{Fault, schema::organization_settings};
    let set = |tx: &mut roster::db::Tx<'_>| {
        let all = diesel::update(organization_settings::table);
        all.set(organization_settings::second_factor_required.eq(true)).execute(tx.conn())?;
        Ok::<_, Fault>(())
    };
    world.db().write_now(None, set).expect("a change");
}

fn the_section_is_a_page_and_a_fragment_too(world: World) {
    let ada = world.administrator();
    let page = ada.get("/account/password");
    assert_eq!((page.status, page.heading().as_str()), (StatusCode::OK, "Settings"));
    assert!(page.has_button("Save password"));
    let htmx = ada.by_htmx("section#password");
    let page = htmx.post("/account/password", &[("current_password", PASSWORD), ("new_password", "short")]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.trim_start().starts_with("<section id=\"password\""), "{}", page.body);
    let page =
        htmx.post("/account/password", &[("current_password", PASSWORD), ("new_password", NEW_PASSWORD)]);
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.headers["hx-location"], "/account/settings#password");
    assert!(ada.is_signed_in());
}

fn changing_it_ends_the_links_that_were_mailed(world: World) {
    let ada = world.administrator();
    let bob = bob(&world, &ada);
    super::asks_for_a_link(&world, BOB);
    let link = mailed_link(&world, BOB, 1);
    changes(&bob, PASSWORD, NEW_PASSWORD);
    assert_eq!(world.visitor().get(&link).status, StatusCode::GONE);
}

fn another_account_of_the_address_keeps_its_password(world: World) {
    let ada = world.administrator();
    let elsewhere = another_organization(&world, "Second", ADMINISTRATOR, PASSWORD);
    changes(&ada, PASSWORD, NEW_PASSWORD);
    assert!(elsewhere.is_signed_in());
    let there = world.visitor();
    there.signs_in(ADMINISTRATOR, PASSWORD);
    assert!(there.opens(SETTINGS).says("Second"));
}

fn of_many_who_change_it_at_once_one_wins(world: World) {
    let ada = world.administrator();
    let bob = bob(&world, &ada);
    let leads = at_once(32, |nth| {
        let new = format!("{NEW_PASSWORD} {nth}");
        let fields = [("current_password", PASSWORD), ("new_password", new.as_str())];
        bob.post("/account/password", &fields).leads_to().map(|url| url.path().to_owned())
    });
    let won: Vec<_> = (0..32).filter(|nth| leads[*nth].as_deref() == Some(SETTINGS)).collect();
    assert_eq!(won.len(), 1, "{leads:?}");
    assert_eq!((lines(&world, "account.password"), notices(&world, "password_changed")), (1, 1));
    world.clock.advance(chrono::Duration::minutes(2));
    assert!(super::opens(&world, BOB, &format!("{NEW_PASSWORD} {}", won[0])));
}

fn browsers_are_led_to_where_passwords_are_changed(world: World) {
    let page = world.visitor().get("/.well-known/change-password");
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let there = page.leads_to().expect("a way on");
    assert_eq!((there.path(), there.fragment()), (SETTINGS, Some("password")));
    let unknown: i64 = ask(&world, |conn| {
        use diesel::prelude::*;
        roster::db::schema::sessions::table.count().get_result(conn)
    });
    assert_eq!(unknown, 0, "no session is made for that");
}
