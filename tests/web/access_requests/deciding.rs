//! Who decides about what.

use reqwest::StatusCode;

use super::{REQUESTS, act, asked, gives, letters, state_of};
use crate::support::on_both;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::World;
use crate::users::{enters, id_of, lines, member, organization, status_of};

on_both!(
    nobody_decides_about_their_own_request,
    an_approver_need_not_hold_what_they_approve,
    iam_admin_is_approved_only_by_whoever_holds_it,
    whoever_is_no_approver_decides_nothing,
    an_approver_by_request_decides_as_long_as_that_lasts,
    a_note_that_is_too_long_is_refused_and_kept,
    an_answer_comes_once_and_the_second_is_told_what_became,
    a_grant_of_iam_admin_by_request_never_counts_for_the_last_administrator,
);

fn nobody_decides_about_their_own_request(world: World) {
    let ada = world.administrator();
    let id = asked(&world, &ada, ADMINISTRATOR, "billing_viewer");
    let page = ada.opens(REQUESTS);
    assert!(page.row("Billing Viewer").says("somebody else decides"), "{}", page.text());
    assert!(!page.row("Billing Viewer").has_link("Approve"));
    for name in ["approve", "deny"] {
        let page = ada.opens(&format!("{REQUESTS}/{id}/{name}"));
        assert!(!page.has_button("Approve") && !page.has_button("Deny"), "{}", page.text());
        let page = act(&ada, id, name);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.says("This is your own request."), "{}", page.text());
    }
    // Not in another browser either, nor by an account of another organization with the same address.
    let laptop = enters(&world, ADMINISTRATOR);
    assert_eq!(act(&laptop, id, "approve").status, StatusCode::UNPROCESSABLE_ENTITY);
    let elsewhere = "nine loud mountains at dusk";
    let other = crate::cast::another_organization(&world, "Second", ADMINISTRATOR, elsewhere);
    assert_eq!(act(&other, id, "approve").status, StatusCode::NOT_FOUND);
    assert_eq!((state_of(&world, id).as_str(), lines(&world, "requests.decide")), ("pending", 0));
    member(&world, "bob@example.com", "Bob", &["admin"]);
    let bob = enters(&world, "bob@example.com");
    assert_eq!(act(&bob, id, "approve").status, StatusCode::SEE_OTHER, "somebody else does");
}

/// Approving is deciding, not granting: see `access_requests::commands::decide`.
fn an_approver_need_not_hold_what_they_approve(world: World) {
    world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    let eva = member(&world, "eva@example.com", "Eva", &[]);
    gives(&world, "eva@example.com", "access_request_approver");
    let id = asked(&world, &bob, "bob@example.com", "cks_admin");
    let page = eva.opens(REQUESTS).row("Bob").follow("Approve CKS Admin for Bob").form("Approve").press();
    assert_eq!(page.toast().as_deref(), Some("CKS Admin is approved for 1 hour."));
    assert_eq!(state_of(&world, id), "approved");
}

fn iam_admin_is_approved_only_by_whoever_holds_it(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    let eva = member(&world, "eva@example.com", "Eva", &[]);
    gives(&world, "eva@example.com", "access_request_approver");
    let id = asked(&world, &bob, "bob@example.com", "iam_admin");
    let row = eva.opens(REQUESTS);
    let row = row.row("Bob");
    assert!(
        row.says("Only somebody with IAM Admin approves this role.")
            && row.has_link("Deny IAM Admin for Bob")
    );
    let page = act(&eva, id, "approve");
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("only somebody who holds IAM Admin can approve it"), "{}", page.text());
    assert_eq!((state_of(&world, id).as_str(), lines(&world, "requests.decide")), ("pending", 0));
    assert_eq!(act(&ada, id, "approve").status, StatusCode::SEE_OTHER);
    assert_eq!(bob.get("/organization/users/invite").status, StatusCode::OK);
    let again = asked(&world, &eva, "eva@example.com", "iam_admin");
    assert_eq!(act(&bob, again, "approve").status, StatusCode::FORBIDDEN, "IAM Admin alone approves nothing");
    let denied = member(&world, "dan@example.com", "Dan", &[]);
    let dans = asked(&world, &denied, "dan@example.com", "iam_admin");
    assert_eq!(act(&eva, dans, "deny").status, StatusCode::SEE_OTHER, "an approver may deny it");
}

fn whoever_is_no_approver_decides_nothing(world: World) {
    world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    let id = asked(&world, &bob, "bob@example.com", "cks_admin");
    let reader = member(&world, "r@example.com", "Reader", &["read"]);
    let writer = member(&world, "w@example.com", "Writer", &["write"]);
    for person in [&reader, &writer, &bob] {
        for name in ["approve", "deny", "end"] {
            assert_eq!(act(person, id, name).status, StatusCode::FORBIDDEN, "{name}");
        }
    }
    for person in [&reader, &writer] {
        for name in ["withdraw", "give-back"] {
            assert_eq!(act(person, id, name).status, StatusCode::NOT_FOUND, "{name}");
        }
    }
    let out = world.visitor();
    assert_eq!(act(&out, id, "approve").status, StatusCode::SEE_OTHER);
    assert_eq!((state_of(&world, id).as_str(), letters(&world, "access_news")), ("pending", 0));
}

fn an_approver_by_request_decides_as_long_as_that_lasts(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    let eva = member(&world, "eva@example.com", "Eva", &[]);
    let right = asked(&world, &eva, "eva@example.com", "access_request_approver");
    act(&ada, right, "approve");
    let first = asked(&world, &bob, "bob@example.com", "cks_admin");
    world.mailbox.wait_for("eva@example.com", |letter| letter.subject == "Bob asks for CKS Admin");
    assert_eq!(act(&eva, first, "approve").status, StatusCode::SEE_OTHER);
    let second = asked(&world, &bob, "bob@example.com", "billing_viewer");
    act(&ada, right, "end");
    assert_eq!(act(&eva, second, "approve").status, StatusCode::FORBIDDEN);
    assert_eq!(state_of(&world, second), "pending");
    assert_eq!(state_of(&world, first), "approved", "what was approved stays");
}

fn a_note_that_is_too_long_is_refused_and_kept(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    let id = asked(&world, &bob, "bob@example.com", "cks_admin");
    let note = "no ".repeat(200);
    let page = ada.opens(&format!("{REQUESTS}/{id}/deny")).form("Deny").fill("Note", &note).press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.error_for("Note").unwrap().contains("at most 500"), "{}", page.text());
    assert_eq!(page.form("Deny").value("Note").trim(), note.trim());
    assert_eq!(state_of(&world, id), "pending");
}

fn an_answer_comes_once_and_the_second_is_told_what_became(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    let id = asked(&world, &bob, "bob@example.com", "cks_admin");
    let stale = ada.opens(&format!("{REQUESTS}/{id}/approve"));
    act(&ada, id, "deny");
    let page = stale.form("Approve").press();
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.says("denied meanwhile. Nothing was changed."), "{}", page.text());
    assert_eq!(act(&bob, id, "withdraw").status, StatusCode::CONFLICT);
    assert_eq!(act(&bob, id, "give-back").status, StatusCode::CONFLICT);
    assert_eq!(act(&ada, id, "end").status, StatusCode::CONFLICT);
    assert_eq!((lines(&world, "requests.decide"), letters(&world, "access_news")), (1, 1));
}

fn a_grant_of_iam_admin_by_request_never_counts_for_the_last_administrator(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    let id = asked(&world, &bob, "bob@example.com", "iam_admin");
    act(&ada, id, "approve");
    let deactivate = crate::users::path(&world, ADMINISTRATOR, "deactivate");
    for person in [&bob, &ada] {
        let page = person.post(&deactivate, &[]);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.says("the last administrator who can sign in"), "{}", page.text());
    }
    assert_eq!(status_of(&world, ADMINISTRATOR), "active");
    let (of, ada) = (organization(&world), id_of(&world, ADMINISTRATOR));
    let counted = world.db().write_now(of, |tx| roster::access::administrators_who_can_sign_in(tx, of));
    assert_eq!(counted.expect("administrators"), [ada]);
    world.visitor().signs_in(ADMINISTRATOR, PASSWORD);
}
