//! Changing one's address.

use chrono::Duration;
use reqwest::StatusCode;

use super::{BOB, lines, settings};
use crate::snapshot::{Snapshot, texts};
use crate::support::page::Page;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::world::World;
use crate::support::{at_once, on_both};

on_both!(
    nothing_changes_before_the_new_address_confirms,
    the_link_confirms_for_whoever_is_not_signed_in_too,
    an_address_that_is_none_or_taken_or_of_a_strange_domain_is_refused,
    a_newer_request_replaces_the_older_and_cancel_ends_it,
    a_link_expires_after_a_day_and_looking_uses_nothing_up,
    the_address_may_be_taken_in_the_meantime,
    the_old_address_takes_the_change_back_and_every_session_ends,
    taking_back_ends_the_later_changes_too,
    taking_back_ends_the_links_to_a_new_password_too,
    a_change_can_be_taken_back_for_seven_days,
    a_link_of_one_kind_opens_no_other,
    a_fresh_proof_is_needed,
    of_many_tries_one_confirms_and_one_takes_back,
);

const NEW: &str = "ada@new.example";

fn asks(person: &Person, email: &str) -> Page {
    settings(person).form("Change email").fill("New email", email).press()
}

fn confirmation(world: &World, email: &str) -> String {
    let is_it = |path: &String| path.contains("/account/email/confirm/");
    world.mailbox.wait_for(email, |letter| letter.links().iter().any(is_it)).link("/account/email/confirm/")
}

fn way_back(world: &World, email: &str) -> String {
    let is_it = |path: &String| path.contains("/account/email/undo/");
    world.mailbox.wait_for(email, |letter| letter.links().iter().any(is_it)).link("/account/email/undo/")
}

fn signs_in(world: &World, email: &str) -> bool {
    let person = world.visitor();
    person.post("/sign-in", &[("email", email), ("password", PASSWORD)]);
    person.is_signed_in()
}

/// Asked for and confirmed in the same browser.
fn changed(world: &World, person: &Person, email: &str) {
    asks(person, email);
    let page = person.opens(&confirmation(world, email)).form("Confirm address").press();
    assert_eq!(page.toast().as_deref(), Some(format!("The address is {email} now.").as_str()));
}

fn nothing_changes_before_the_new_address_confirms(world: World) {
    let ada = world.administrator();
    let page = asks(&ada, NEW);
    assert!(page.toast().expect("words").contains(NEW));
    let section = page.part("email");
    assert!(section.says(ADMINISTRATOR) && section.says(NEW) && section.says("24 Nov 2026, 09:00 UTC"));
    assert!(signs_in(&world, ADMINISTRATOR) && !signs_in(&world, NEW));

    let link = confirmation(&world, NEW);
    let page = ada.opens(&link);
    assert!(page.says(ADMINISTRATOR) && page.says(NEW), "{}", page.text());
    let page = page.form("Confirm address").press();
    assert_eq!(page.url.path(), "/account/settings");
    assert!(page.part("email").says(NEW) && !page.part("email").says(ADMINISTRATOR));
    assert!(signs_in(&world, NEW) && !signs_in(&world, ADMINISTRATOR));
    assert!(ada.opens("/organization/users?q=new.example").has_row(NEW));
    assert_eq!((lines(&world, "account.email_ask"), lines(&world, "account.email")), (1, 1));
    let told = world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.subject.contains("address"));
    assert!(told.text.contains(NEW));
}

fn the_link_confirms_for_whoever_is_not_signed_in_too(world: World) {
    let ada = world.administrator();
    asks(&ada, NEW);
    let page = world.visitor().opens(&confirmation(&world, NEW)).form("Confirm address").press();
    assert_eq!(page.heading(), "Sign in");
    assert!(page.says("The address is ada@new.example now."), "{}", page.text());
    assert!(settings(&ada).part("email").says(NEW), "her sessions go on");
}

fn an_address_that_is_none_or_taken_or_of_a_strange_domain_is_refused(world: World) {
    let ada = world.administrator();
    world.member(&ada, BOB, "Bob Builder", &[]);
    ada.invites("carol@example.com", &[]);
    texts(&world, "SELECT id FROM users");
    let before = Snapshot::of(&world);
    for (email, words) in [
        ("", "Enter the new address."),
        ("nonsense", "is not an e-mail address"),
        ("BOB@Example.com", "Somebody else in Analytical Engines has that address."),
        ("carol@example.com", "Somebody else in Analytical Engines has that address."),
        ("Ada@EXAMPLE.com", "That is your address already."),
    ] {
        let page = asks(&ada, email);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{email}");
        let error = page.error_for("New email").expect("an error");
        assert!(error.contains(words), "{email}: {error}");
        assert_eq!(page.form("Change email").value("New email"), email);
    }
    assert_eq!(Snapshot::of(&world), before);
    world
        .db()
        .write_now(None, |tx| {
            let set =
                diesel::sql_query("UPDATE organization_settings SET invitation_domains = 'example.com'");
            Ok::<_, roster::db::Fault>(diesel::RunQueryDsl::execute(set, tx.conn())?)
        })
        .expect("a setting");
    let page = asks(&ada, NEW);
    assert!(
        page.error_for("New email").expect("an error").contains("does not take addresses of this domain")
    );
    assert_eq!(asks(&ada, "ada.lovelace@example.com").status, StatusCode::OK);
}

fn a_newer_request_replaces_the_older_and_cancel_ends_it(world: World) {
    let ada = world.administrator();
    asks(&ada, NEW);
    let first = confirmation(&world, NEW);
    asks(&ada, "ada@newer.example");
    let second = confirmation(&world, "ada@newer.example");
    assert_eq!(ada.opens(&first).status, StatusCode::GONE);
    assert_eq!(ada.post(&first, &[]).status, StatusCode::GONE);
    assert_eq!(ada.opens(&second).status, StatusCode::OK);
    let page = settings(&ada).form("Cancel").press();
    assert_eq!(page.toast().as_deref(), Some("The change of your address is cancelled."));
    assert!(!page.part("email").says("newer.example"));
    let story = ada.post(&second, &[]);
    assert_eq!(story.status, StatusCode::GONE);
    assert!(story.says("cancelled"), "{}", story.text());
    assert!(signs_in(&world, ADMINISTRATOR));
    assert_eq!(lines(&world, "account.email_cancel"), 1);
}

fn a_link_expires_after_a_day_and_looking_uses_nothing_up(world: World) {
    let ada = world.administrator();
    asks(&ada, NEW);
    let link = confirmation(&world, NEW);
    let before = Snapshot::of(&world);
    (0..3).for_each(|_| assert_eq!(world.visitor().opens(&link).status, StatusCode::OK));
    assert_eq!(Snapshot::of(&world), before);
    world.later(Duration::hours(24));
    for answer in [world.visitor().opens(&link), world.visitor().post(&link, &[])] {
        assert_eq!(answer.status, StatusCode::GONE);
        assert!(answer.says("24 hours"), "{}", answer.text());
    }
    let forged = link.replace("/confirm/", "/confirm/A");
    assert_eq!(world.visitor().get(&forged).status, StatusCode::NOT_FOUND);
    assert!(signs_in(&world, ADMINISTRATOR));
}

fn the_address_may_be_taken_in_the_meantime(world: World) {
    let ada = world.administrator();
    asks(&ada, NEW);
    let link = confirmation(&world, NEW);
    ada.invites(NEW, &[]);
    for answer in [ada.opens(&link), ada.post(&link, &[])] {
        assert_eq!(answer.status, StatusCode::GONE);
        assert!(answer.says("somebody else in Analytical Engines"), "{}", answer.text());
    }
    changed(&world, &ada, "ada@newer.example");
    ada.invites(ADMINISTRATOR, &[]);
    let back = world.visitor().post(&way_back(&world, ADMINISTRATOR), &[]);
    assert_eq!(back.status, StatusCode::GONE);
    assert!(back.says("somebody else in Analytical Engines"), "{}", back.text());
    assert!(ada.is_signed_in(), "nothing was changed");
}

fn the_old_address_takes_the_change_back_and_every_session_ends(world: World) {
    let ada = world.administrator();
    changed(&world, &ada, NEW);
    let page = world.visitor().opens(&way_back(&world, ADMINISTRATOR));
    assert!(page.says(NEW) && page.says(ADMINISTRATOR), "{}", page.text());
    assert!(ada.is_signed_in(), "looking does nothing");
    let page = page.form("Take the change back").press();
    assert_eq!(page.heading(), "The old address is in force again");
    assert!(page.link("Set a new password").path().starts_with("/password/forgotten"));
    assert!(!ada.is_signed_in());
    assert!(signs_in(&world, ADMINISTRATOR) && !signs_in(&world, NEW));
    world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.subject.contains("taken back"));
    assert_eq!(lines(&world, "account.email_undo"), 1);
    let again = world.visitor().opens(&way_back(&world, ADMINISTRATOR));
    assert_eq!(again.status, StatusCode::GONE);
    assert!(again.says("taken back already"), "{}", again.text());
}

fn taking_back_ends_the_later_changes_too(world: World) {
    let ada = world.administrator();
    changed(&world, &ada, "thief@one.example");
    world.later(Duration::minutes(5));
    changed(&world, &ada, "thief@two.example");
    asks(&ada, "thief@three.example");
    let (third, of_thief) =
        (confirmation(&world, "thief@three.example"), way_back(&world, "thief@one.example"));
    world.visitor().opens(&way_back(&world, ADMINISTRATOR)).form("Take the change back").press();
    assert!(signs_in(&world, ADMINISTRATOR));
    for link in [third, of_thief] {
        assert_eq!(world.visitor().post(&link, &[]).status, StatusCode::GONE, "{link}");
    }
    assert!(signs_in(&world, ADMINISTRATOR));
}

fn taking_back_ends_the_links_to_a_new_password_too(world: World) {
    let ada = world.administrator();
    changed(&world, &ada, "thief@one.example");
    world.visitor().post("/password/forgotten", &[("email", "thief@one.example")]);
    let is_it = |path: &String| path.contains("/password/reset/");
    let letter = world.mailbox.wait_for("thief@one.example", |letter| letter.links().iter().any(is_it));
    let link = letter.link("/password/reset/");
    assert_eq!(world.visitor().opens(&link).status, StatusCode::OK);
    world.visitor().opens(&way_back(&world, ADMINISTRATOR)).form("Take the change back").press();
    assert_eq!(world.visitor().opens(&link).status, StatusCode::GONE);
}

fn a_change_can_be_taken_back_for_seven_days(world: World) {
    let ada = world.administrator();
    changed(&world, &ada, NEW);
    let link = way_back(&world, ADMINISTRATOR);
    world.later(Duration::days(7) - Duration::minutes(1));
    assert_eq!(world.visitor().opens(&link).status, StatusCode::OK);
    world.later(Duration::minutes(1));
    let late = world.visitor().post(&link, &[]);
    assert_eq!(late.status, StatusCode::GONE);
    assert!(late.says("7 days"), "{}", late.text());
    assert!(signs_in(&world, NEW));
}

fn a_link_of_one_kind_opens_no_other(world: World) {
    let ada = world.administrator();
    asks(&ada, NEW);
    let confirm = confirmation(&world, NEW);
    for other in ["/account/email/undo/", "/sign-in/browser/", "/invitations/"] {
        let other = confirm.replace("/account/email/confirm/", other);
        assert_eq!(world.visitor().get(&other).status, StatusCode::NOT_FOUND, "{other}");
    }
}

fn a_fresh_proof_is_needed(world: World) {
    let ada = world.administrator();
    world.later(Duration::minutes(11));
    let answer = ada.post("/account/email", &[("email", NEW)]);
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let to = answer.leads_to().expect("a way");
    assert_eq!((to.path(), to.query()), ("/account/prove", Some("return_to=%2Faccount%2Femail")));
    assert_eq!(
        ada.opens("/account/email").form("Change email").value("New email"),
        NEW,
        "what was typed is kept"
    );
    assert_eq!(lines(&world, "account.email_ask"), 0);
    assert_eq!(world.mailbox.letters().iter().filter(|letter| letter.is_to(NEW)).count(), 0);
}

fn of_many_tries_one_confirms_and_one_takes_back(world: World) {
    let ada = world.administrator();
    asks(&ada, NEW);
    let once = |link: String| {
        let people: Vec<_> = (0..32).map(|_| world.visitor()).collect();
        let answers = at_once(32, |nth| people[nth].post(&link, &[]).status);
        let gone = answers.iter().filter(|status| **status == StatusCode::GONE).count();
        assert_eq!(gone, 31, "{answers:?}");
    };
    once(confirmation(&world, NEW));
    assert_eq!(lines(&world, "account.email"), 1);
    once(way_back(&world, ADMINISTRATOR));
    assert_eq!(lines(&world, "account.email_undo"), 1);
    assert!(signs_in(&world, ADMINISTRATOR));
}
