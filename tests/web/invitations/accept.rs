//! The page that the link opens.

use chrono::Duration;
use reqwest::StatusCode;

use super::{act, ask, assert_counted, invite, letters, lines, people, row};
use crate::support::on_both;
use crate::support::people::PASSWORD;
use crate::support::world::World;

on_both!(
    the_page_says_who_invites_whom_to_what_before_it_asks,
    whoever_accepts_is_in_and_the_inviter_hears_of_it,
    looking_at_a_link_never_uses_it_up,
    an_invitation_cannot_be_accepted_twice,
    the_one_who_accepted_comes_in_by_the_old_link_while_signed_in,
    an_expired_link_says_so_and_does_not_open,
    a_revoked_link_says_so_and_does_not_open,
    an_older_link_says_that_there_is_a_newer_one,
    signed_in_as_somebody_else_one_can_switch,
    a_wrong_form_is_told_at_its_fields_and_the_password_is_not_echoed,
    a_link_that_was_never_issued_is_not_found,
    a_link_of_one_kind_opens_no_other_route,
    the_database_holds_nothing_that_opens_anything,
    a_name_given_with_the_invitation_stands_in_the_form,
);

fn the_page_says_who_invites_whom_to_what_before_it_asks(world: World) {
    let ada = world.administrator();
    let form = ada.opens(super::INVITE).form("Send invitation").fill("Email", "grace@example.com");
    form.check("write").check("metrics").fill("Message", "Come <b>aboard</b>.").press_once();
    let page = world.visitor().opens(&world.invitation_link("grace@example.com"));
    assert_eq!((page.status, page.heading().as_str()), (StatusCode::OK, "Join Analytical Engines"));
    for words in [
        "Ada Lovelace",
        "ada@example.com",
        "grace@example.com",
        "write",
        "metrics",
        "Come <b>aboard</b>.",
        "30 Nov 2026, 09:00 UTC",
    ] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    let form = page.form("Accept invitation");
    assert_eq!((form.value("Your name"), form.value("Password")), ("", ""));
    assert_eq!(page.headers["referrer-policy"], "same-origin");
}

fn whoever_accepts_is_in_and_the_inviter_hears_of_it(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &["read"]);
    let grace = world.visitor();
    let form = grace.opens(&world.invitation_link("grace@example.com")).form("Accept invitation");
    let page = form.fill("Your name", "Grace Hopper").fill("Password", PASSWORD).press_once();
    assert_eq!((page.status, page.leads_to().unwrap().path()), (StatusCode::SEE_OTHER, "/"));
    assert!(grace.is_signed_in());
    let letter = world.mailbox.wait_for("ada@example.com", |letter| letter.subject.contains("has joined"));
    assert!(letter.text.contains("grace@example.com"), "{}", letter.text);

    let other = world.visitor();
    other.signs_in("grace@example.com", PASSWORD);
    assert!(other.is_signed_in(), "the password is theirs from now on");
    assert_eq!((people(&world, "active"), people(&world, "invited")), ((2, 2), (0, 0)));
    assert_eq!(lines(&world, "invitation.accept"), 1);
    assert_eq!(grace.get(super::INVITE).status, StatusCode::FORBIDDEN, "the group read does not invite");
    assert_counted(&world);
}

fn looking_at_a_link_never_uses_it_up(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    let link = world.invitation_link("grace@example.com");
    for _ in 0..3 {
        assert_eq!(world.visitor().opens(&link).status, StatusCode::OK);
    }
    assert_eq!(row(&world, "grace@example.com").state, "pending");
    world.accepts(&link, "Grace Hopper", PASSWORD);
}

fn an_invitation_cannot_be_accepted_twice(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    let link = world.invitation_link("grace@example.com");
    let form = world.visitor().opens(&link).form("Accept invitation").fill("Your name", "Eve");
    world.accepts(&link, "Grace Hopper", PASSWORD);
    let page = form.fill("Password", "the password of somebody else").press_once();
    assert_eq!(page.status, StatusCode::GONE);
    assert_eq!(page.heading(), "This invitation was accepted");
    assert!(page.has_link("Sign in"), "{}", page.text());
    let name: String = ask(&world, |conn| {
        use diesel::prelude::*;
        use roster::db::schema::users;
        users::table.filter(users::email.eq("grace@example.com")).select(users::name).first(conn)
    });
    assert_eq!(name, "Grace Hopper");
    assert_eq!(lines(&world, "invitation.accept"), 1);
}

fn the_one_who_accepted_comes_in_by_the_old_link_while_signed_in(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    let link = world.invitation_link("grace@example.com");
    let grace = world.accepts(&link, "Grace Hopper", PASSWORD);
    let page = grace.get(&link);
    assert_eq!((page.status, page.leads_to().unwrap().path()), (StatusCode::SEE_OTHER, "/"));
    assert_eq!(ada.get(&link).status, StatusCode::GONE);
}

fn an_expired_link_says_so_and_does_not_open(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    let link = world.invitation_link("grace@example.com");
    let form = world.visitor().opens(&link).form("Accept invitation").fill("Your name", "Grace");
    world.later(Duration::days(7));
    let page = form.fill("Password", PASSWORD).press_once();
    assert_eq!((page.status, page.heading().as_str()), (StatusCode::GONE, "This invitation has expired"));
    assert!(
        page.says("30 Nov 2026, 09:00 UTC") && page.has_button("Ask for a fresh link"),
        "{}",
        page.text()
    );
    assert_eq!(world.visitor().get(&link).status, StatusCode::GONE);
    assert_eq!(
        (row(&world, "grace@example.com").state.as_str(), people(&world, "active")),
        ("pending", (1, 1))
    );
}

fn a_revoked_link_says_so_and_does_not_open(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &["read"]);
    let link = world.invitation_link("grace@example.com");
    let form = world.visitor().opens(&link).form("Accept invitation").fill("Your name", "Grace");
    assert_eq!(act(&ada, &row(&world, "grace@example.com"), "revoke").status, StatusCode::SEE_OTHER);
    let page = form.fill("Password", PASSWORD).press_once();
    assert_eq!((page.status, page.heading().as_str()), (StatusCode::GONE, "This invitation was revoked"));
    assert_eq!((people(&world, "active"), people(&world, "invited")), ((1, 1), (0, 0)));
    assert_eq!(lines(&world, "invitation.accept"), 0);
    assert_counted(&world);
}

fn an_older_link_says_that_there_is_a_newer_one(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    let old = world.invitation_link("grace@example.com");
    act(&ada, &row(&world, "grace@example.com"), "resend");
    world.mailbox.letters_to("grace@example.com", 2);
    let new = world.invitation_link("grace@example.com");
    let page = world.visitor().opens(&old);
    assert_eq!((page.status, page.heading().as_str()), (StatusCode::GONE, "There is a newer link"));
    world.accepts(&new, "Grace Hopper", PASSWORD);
    assert_eq!(world.visitor().opens(&old).heading(), "This invitation was accepted");
}

fn signed_in_as_somebody_else_one_can_switch(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    let link = world.invitation_link("grace@example.com");
    let page = ada.opens(&link);
    assert_eq!(
        (page.status, page.heading().as_str()),
        (StatusCode::CONFLICT, "You are signed in as somebody else")
    );
    assert!(
        page.says("grace@example.com") && page.says("Ada Lovelace") && !page.has_button("Accept invitation")
    );
    let refused = ada.post(&link, &[("name", "Grace"), ("password", PASSWORD)]);
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(row(&world, "grace@example.com").state, "pending");

    let form = page.form("Sign out and come back").press().form("Accept invitation");
    assert!(!ada.is_signed_in());
    form.fill("Your name", "Grace Hopper").fill("Password", PASSWORD).press();
    assert!(ada.is_signed_in());
    assert_eq!(lines(&world, "account.sign_out"), 1);
}

fn a_wrong_form_is_told_at_its_fields_and_the_password_is_not_echoed(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace.hopper@example.com", &[]);
    let guest = world.visitor();
    let form = guest.opens(&world.invitation_link("grace.hopper@example.com")).form("Accept invitation");
    let page = form.clone().fill("Password", "short").press_once();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.error_for("Your name").as_deref(), Some("Enter your name."));
    assert!(page.error_for("Password").unwrap().contains("at least 15 characters"));
    assert!(page.title().starts_with("Error: ") && !page.body.contains("value=\"short\""));
    for (password, why) in [
        ("grace.hopper@example.com", "made of"),
        ("analyticalengines", "made of"),
        ("sunshine20242024", "most common"),
        ("aaaaaaaaaaaaaaaa", "repeats"),
    ] {
        let page = form.clone().fill("Your name", "Grace Hopper").fill("Password", password).press_once();
        let told = page.error_for("Password").unwrap_or_default();
        assert!(told.contains(why), "{password}: {told}");
        assert_eq!(page.form("Accept invitation").value("Your name"), "Grace Hopper");
    }
    let page = form.fill("Your name", "x".repeat(101)).fill("Password", PASSWORD).press_once();
    assert!(page.error_for("Your name").unwrap().contains("at most 100 characters"));
    assert_eq!(row(&world, "grace.hopper@example.com").state, "pending");
}

fn a_link_that_was_never_issued_is_not_found(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    let link = world.invitation_link("grace@example.com");
    let token = link.rsplit('/').next().unwrap();
    let guest = world.visitor();
    for at in 0..token.len() {
        let mut other = token.to_owned().into_bytes();
        other[at] = if other[at] == b'A' { b'B' } else { b'A' };
        let other = String::from_utf8(other).unwrap();
        // The last character carries bits that are not used: what still reads as the same token is the same link.
        if at + 1 < token.len() {
            assert_eq!(guest.get(&format!("/invitations/{other}")).status, StatusCode::NOT_FOUND, "at {at}");
        }
    }
    for token in ["x", "%00", "AAAA", &format!("{token}A"), &token.repeat(40)] {
        let page = guest.get(&format!("/invitations/{token}"));
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{token}");
        let page = guest.post(&format!("/invitations/{token}"), &[("name", "Eve"), ("password", PASSWORD)]);
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{token}");
    }
}

fn a_link_of_one_kind_opens_no_other_route(world: World) {
    let setup = world.setup_link();
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    let invitation = world.invitation_link("grace@example.com");
    let token_of = |link: &str| link.rsplit(['/', '=']).next().unwrap().to_owned();
    let guest = world.visitor();
    assert_eq!(guest.get(&format!("/invitations/{}", token_of(&setup))).status, StatusCode::NOT_FOUND);
    assert_eq!(guest.get(&format!("/setup?token={}", token_of(&invitation))).status, StatusCode::NOT_FOUND);
}

fn the_database_holds_nothing_that_opens_anything(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &["read"]);
    let link = world.invitation_link("grace@example.com");
    let token = link.rsplit('/').next().unwrap().to_owned();
    ada.get(&row(&world, "grace@example.com").path("link"));
    use diesel::prelude::*;
    use roster::db::schema::{audit_details, invitations, jobs, sessions};
    let mut texts: Vec<String> = ask(&world, |conn| jobs::table.select(jobs::parameters).load(conn));
    texts.extend(ask(&world, |conn| sessions::table.select(sessions::state).load::<String>(conn)));
    texts
        .extend(ask(&world, |conn| audit_details::table.select(audit_details::details).load::<String>(conn)));
    texts.extend(ask(&world, |conn| invitations::table.select(invitations::message).load::<String>(conn)));
    assert!(texts.len() > 4);
    for text in texts {
        assert!(!text.contains(&token) && !text.contains("/invitations/"), "{text}");
    }
    if world.db().is_sqlite() {
        let file = std::fs::read(world.folder().join("roster.sqlite3")).unwrap();
        assert!(!file.windows(token.len()).any(|bytes| bytes == token.as_bytes()));
    }
}

fn a_name_given_with_the_invitation_stands_in_the_form(world: World) {
    let ada = world.administrator();
    invite(&ada, "\"Hopper, Grace\" <grace@example.com>", &[]);
    let page = world.visitor().opens(&world.invitation_link("grace@example.com"));
    assert_eq!(page.form("Accept invitation").value("Your name"), "Hopper, Grace");
    assert_eq!(letters(&world, "invitation"), 1);
}
