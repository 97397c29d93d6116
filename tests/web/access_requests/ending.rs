//! What ends a request or a grant besides an answer.

use chrono::Duration;
use reqwest::StatusCode;

use super::{REQUESTS, act, asked, comes_to, letters, state_of};
use crate::snapshot::texts;
use crate::support::on_both;
use crate::support::people::ADMINISTRATOR;
use crate::support::world::World;
use crate::users::{lines, member, path};

on_both!(
    an_unanswered_request_expires_after_two_hours,
    a_request_is_withdrawn_and_the_approvers_are_told,
    a_role_is_given_back_before_its_time,
    an_administrator_ends_a_grant_at_once,
    whoever_is_deactivated_asks_for_and_holds_nothing_any_more,
    the_approvers_of_whoever_is_deactivated_are_told_and_nobody_else,
    letters_that_wait_are_taken_back_when_there_is_nothing_left_to_decide,
);

fn an_unanswered_request_expires_after_two_hours(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    let id = asked(&world, &bob, "bob@example.com", "cks_admin");
    let form = ada.opens(&format!("{REQUESTS}/{id}/approve")).form("Approve");
    world.later(Duration::minutes(119));
    assert_eq!(state_of(&world, id), "pending");
    world.later(Duration::minutes(1));
    let page = form.press();
    assert_eq!(page.status, StatusCode::CONFLICT, "whether or not it is written down yet");
    assert!(page.says("has expired"), "{}", page.text());
    comes_to(&world, id, "expired");
    let letter = world.mailbox.wait_for("bob@example.com", |letter| letter.subject.contains("expired"));
    assert!(letter.text.contains("Nobody answered it in time"), "{}", letter.text);
    assert_eq!((lines(&world, "access_request.expire"), letters(&world, "access_news")), (1, 1));
    assert!(bob.opens(REQUESTS).row("CKS Admin").says("nobody answered in time"));
}

fn a_request_is_withdrawn_and_the_approvers_are_told(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    let id = asked(&world, &bob, "bob@example.com", "cks_admin");
    world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.subject == "Bob asks for CKS Admin");
    let page = bob.opens(REQUESTS);
    let page = page.row("CKS Admin").form("Withdraw CKS Admin for 1 hour").press();
    assert_eq!(page.toast().as_deref(), Some("Your request for CKS Admin is withdrawn."));
    assert!(page.row("CKS Admin").says("Withdrawn"), "{}", page.text());
    let letter = world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.subject.contains("withdrawn"));
    assert!(letter.subject.contains("Bob"), "{}", letter.subject);
    assert_eq!(act(&ada, id, "approve").status, StatusCode::CONFLICT);
    assert_eq!((state_of(&world, id).as_str(), lines(&world, "access_request.withdraw")), ("withdrawn", 1));
}

fn a_role_is_given_back_before_its_time(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    let id = asked(&world, &bob, "bob@example.com", "iam_viewer");
    act(&ada, id, "approve");
    assert_eq!(bob.get("/organization/users").status, StatusCode::OK);
    let page = bob.opens(&format!("{REQUESTS}?show=mine"));
    let page = page.row("IAM Viewer").form("Give back IAM Viewer for 1 hour").press();
    assert!(page.row("IAM Viewer").says("given back"), "{}", page.text());
    assert_eq!(bob.get("/organization/users").status, StatusCode::FORBIDDEN);
    world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.subject.contains("ended"));
    assert_eq!(lines(&world, "access_request.give_back"), 1);
    world.later(Duration::hours(2));
    assert_eq!((state_of(&world, id).as_str(), lines(&world, "access_request.end")), ("ended", 0));
}

fn an_administrator_ends_a_grant_at_once(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    let id = asked(&world, &bob, "bob@example.com", "iam_viewer");
    act(&ada, id, "approve");
    let page = ada.opens(&format!("{REQUESTS}?show=history"));
    let page = page.row("Bob").form("End IAM Viewer for Bob").press();
    assert_eq!(page.toast().as_deref(), Some("IAM Viewer is taken back; they are told by mail."));
    assert!(page.row("Bob").says("Ended") && page.row("Bob").says("by Ada Lovelace"), "{}", page.text());
    assert_eq!(bob.get("/organization/users").status, StatusCode::FORBIDDEN);
    let letter = world.mailbox.wait_for("bob@example.com", |letter| letter.subject.contains("ended"));
    assert!(letter.text.contains("Ada Lovelace ended it"), "{}", letter.text);
    assert_eq!(lines(&world, "requests.end"), 1);
}

fn whoever_is_deactivated_asks_for_and_holds_nothing_any_more(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    let held = asked(&world, &bob, "bob@example.com", "iam_viewer");
    act(&ada, held, "approve");
    let waiting = asked(&world, &bob, "bob@example.com", "cks_admin");
    let page = ada.opens(&path(&world, "bob@example.com", "deactivate"));
    assert!(
        page.says("1 access request is withdrawn, 1 role held by an approved request ends"),
        "{}",
        page.text()
    );
    page.form("Deactivate Bob").press();
    assert_eq!((state_of(&world, held).as_str(), state_of(&world, waiting).as_str()), ("ended", "withdrawn"));
    let written = ["access_request.withdraw", "access_request.end"].map(|action| lines(&world, action));
    assert_eq!(written, [1, 1]);
    let details = texts(&world, "SELECT details FROM audit_details ORDER BY sequence DESC").remove(0);
    assert!(details.contains("\"access_grants_ended\":1"), "{details}");
    ada.post(&path(&world, "bob@example.com", "reactivate"), &[]);
    let bob = crate::users::enters(&world, "bob@example.com");
    assert_eq!(bob.get("/organization/users").status, StatusCode::FORBIDDEN, "it does not come back");
    assert!(!ada.opens(REQUESTS).has_row("Bob"));
}

fn the_approvers_of_whoever_is_deactivated_are_told_and_nobody_else(world: World) {
    let ada = world.administrator();
    let carol = member(&world, "carol@example.com", "Carol", &["admin"]);
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    let held = asked(&world, &bob, "bob@example.com", "iam_viewer");
    act(&carol, held, "approve");
    asked(&world, &bob, "bob@example.com", "cks_admin");
    world.mailbox.wait_for("bob@example.com", |letter| letter.subject.contains("approved"));
    assert_eq!(letters(&world, "access_news"), 1);

    ada.opens(&path(&world, "bob@example.com", "deactivate")).form("Deactivate Bob").press();
    assert_eq!(letters(&world, "access_news"), 3);
    for became in ["withdrawn", "ended"] {
        world.mailbox.wait_for("carol@example.com", |letter| letter.subject.contains(became));
    }
}

fn letters_that_wait_are_taken_back_when_there_is_nothing_left_to_decide(world: World) {
    let ada = world.administrator();
    world.mailbox.closes();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    let id = asked(&world, &bob, "bob@example.com", "cks_admin");
    assert_eq!(letters(&world, "access_asked"), 1);
    act(&ada, id, "deny");
    assert_eq!(letters(&world, "access_asked"), 0);
    world.mailbox.opens();
}
