//! What somebody without an account may ask for.

use chrono::Duration;
use reqwest::StatusCode;

use super::{act, invite, letters, lines, row};
use crate::support::on_both;
use crate::support::people::PASSWORD;
use crate::support::world::World;

const AGAIN: &str = "/invitations/send-again";

on_both!(
    the_inviter_is_asked_for_a_fresh_link_at_most_once_an_hour,
    a_revoked_and_a_replaced_link_can_be_asked_for_anew,
    the_administrators_are_asked_when_the_inviter_is_gone,
    a_link_that_works_or_was_used_is_not_asked_for,
    the_letter_comes_once_more_with_the_same_link,
    everybody_gets_the_same_answer_to_send_again,
    an_expired_invitation_is_not_sent_again_but_asked_for,
    sending_again_too_often_is_slowed,
    an_address_that_is_none_is_told_at_its_field,
);

fn the_inviter_is_asked_for_a_fresh_link_at_most_once_an_hour(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    let link = world.invitation_link("grace@example.com");
    world.later(Duration::days(8));
    let guest = world.visitor();
    let form = guest.opens(&link).form("Ask for a fresh link");
    let first = form.press_once();
    assert_eq!((first.status, first.heading().as_str()), (StatusCode::OK, "We have passed it on"));
    let letter =
        world.mailbox.wait_for("ada@example.com", |letter| letter.subject.contains("fresh invitation link"));
    assert!(letter.text.contains("grace@example.com"), "{}", letter.text);
    let second = form.press_once();
    assert_eq!((second.status, second.text()), (first.status, first.text()));
    assert_eq!((letters(&world, "fresh_link_asked"), lines(&world, "invitation.ask_for_fresh_link")), (1, 1));
    world.later(Duration::minutes(61));
    form.press_once();
    assert_eq!(letters(&world, "fresh_link_asked"), 2);
}

fn a_revoked_and_a_replaced_link_can_be_asked_for_anew(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    let link = world.invitation_link("grace@example.com");
    act(&ada, &row(&world, "grace@example.com"), "resend");
    world.visitor().opens(&link).form("Ask for a fresh link").press_once();
    assert_eq!(letters(&world, "fresh_link_asked"), 1);
    act(&ada, &row(&world, "grace@example.com"), "revoke");
    world.later(Duration::hours(2));
    world.visitor().opens(&link).form("Ask for a fresh link").press_once();
    world.mailbox.wait_for("ada@example.com", |letter| letter.text.contains("The invitation was revoked."));
}

fn the_administrators_are_asked_when_the_inviter_is_gone(world: World) {
    let ada = world.administrator();
    let alan = super::member(&world, &ada, "alan@example.com", "Alan Turing", &["admin"]);
    invite(&alan, "grace@example.com", &[]);
    let link = world.invitation_link("grace@example.com");
    let alan_row = row(&world, "alan@example.com");
    takes_out_of_every_group(&world, alan_row.user.unwrap());
    world.later(Duration::days(8));
    world.visitor().opens(&link).form("Ask for a fresh link").press_once();
    world.mailbox.wait_for("ada@example.com", |letter| letter.subject.contains("fresh invitation link"));
    assert_eq!(letters(&world, "fresh_link_asked"), 1, "and nobody who is no administrator");
}

fn takes_out_of_every_group(world: &World, user: roster::base::ids::UserId) {
    use diesel::prelude::*;
    use roster::db::schema::users;
    let organization = super::ask(world, |conn| users::table.select(users::organization_id).first(conn));
    world
        .db()
        .write_now(organization, |tx| {
            roster::groups::set_memberships(tx, organization, user, &std::collections::BTreeSet::new())
        })
        .expect("a write");
}

fn a_link_that_works_or_was_used_is_not_asked_for(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    let link = world.invitation_link("grace@example.com");
    let ask = format!("{link}/ask");
    let page = world.visitor().post(&ask, &[]);
    assert!(link.ends_with(page.leads_to().unwrap().path()), "{}", page.url);
    world.accepts(&link, "Grace Hopper", PASSWORD);
    assert_eq!(world.visitor().post(&ask, &[]).status, StatusCode::GONE);
    assert_eq!(letters(&world, "fresh_link_asked"), 0);
}

fn the_letter_comes_once_more_with_the_same_link(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    let link = world.invitation_link("grace@example.com");
    world.later(Duration::minutes(6));
    let page = world.visitor().opens("/sign-in").follow("Have an invitation? Send it again");
    let page = page.form("Send it again").fill("Email", "GRACE@example.com").press_once();
    assert_eq!((page.status, page.heading().as_str()), (StatusCode::OK, "Look in your mailbox"));
    world.mailbox.letters_to("grace@example.com", 2);
    assert_eq!(world.invitation_link("grace@example.com"), link);
    assert_eq!((row(&world, "grace@example.com").generation, lines(&world, "invitation.send_again")), (1, 1));
    world.accepts(&link, "Grace Hopper", PASSWORD);
}

fn everybody_gets_the_same_answer_to_send_again(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    world.invitation_link("grace@example.com");
    let answers = ["grace@example.com", "ada@example.com", "nobody@example.com"].map(|email| {
        let page = world.visitor().opens(AGAIN).form("Send it again").fill("Email", email).press_once();
        (page.status, page.body.replace(email, "…"))
    });
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[1], answers[2]);
    let done = || letters(&world, "invitations.send_again");
    assert_eq!(done(), 3, "the same work is noted for each");
}

fn an_expired_invitation_is_not_sent_again_but_asked_for(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    world.invitation_link("grace@example.com");
    world.later(Duration::days(8));
    world.visitor().opens(AGAIN).form("Send it again").fill("Email", "grace@example.com").press_once();
    world.mailbox.wait_for("ada@example.com", |letter| letter.subject.contains("fresh invitation link"));
    assert_eq!(letters(&world, "invitation"), 1);
}

fn sending_again_too_often_is_slowed(world: World) {
    world.administrator();
    let form = world.visitor().opens(AGAIN).form("Send it again").fill("Email", "grace@example.com");
    let statuses: Vec<_> = (0..8).map(|_| form.press_once().status).collect();
    assert_eq!(statuses[0], StatusCode::OK);
    assert_eq!(statuses[7], StatusCode::TOO_MANY_REQUESTS);
    world.later(Duration::minutes(2));
    assert_eq!(form.press_once().status, StatusCode::OK, "nobody is locked out");
}

fn an_address_that_is_none_is_told_at_its_field(world: World) {
    let form = world.visitor().opens(AGAIN).form("Send it again");
    for typed in ["", "nonsense", "a b@example.com"] {
        let page = form.clone().fill("Email", typed).press_once();
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.error_for("Email").is_some(), "{typed:?}");
        assert_eq!(page.form("Send it again").value("Email"), typed);
    }
}
