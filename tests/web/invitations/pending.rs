//! What administrators do with an invitation that waits.

use chrono::Duration;
use reqwest::StatusCode;

use super::{INVITE, act, ask, assert_counted, invite, letters, lines, people, row};
use crate::support::on_both;
use crate::support::page::Page;
use crate::support::people::PASSWORD;
use crate::support::world::World;

on_both!(
    the_link_can_be_copied_while_it_works,
    a_resend_sends_a_fresh_link_that_lives_anew,
    a_resend_takes_back_the_letter_that_still_waits,
    a_revoked_invitation_takes_its_person_along,
    a_revocation_can_be_taken_back,
    a_revocation_cannot_be_taken_back_when_the_address_is_invited_anew,
    a_mistyped_address_can_be_corrected,
    a_correction_is_refused_at_its_field,
    a_stale_page_is_told_what_happened,
    a_stale_row_is_told_in_a_toast,
    an_act_returns_to_the_list_it_came_from,
    the_inviter_hears_when_the_letter_is_refused_for_good,
);

fn the_link_can_be_copied_while_it_works(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    let path = row(&world, "grace@example.com").path("link");
    let page = ada.get(&path);
    let copied = page.whole().control("Invitation link").attr("value").unwrap().to_owned();
    assert_eq!(copied, world.invitation_link("grace@example.com"));
    let part = ada.by_htmx("dialog#dialog").get(&path);
    assert!(part.body.trim_start().starts_with("<div class=\"sheet\">") && part.body.contains(&copied));
    world.later(Duration::days(8));
    ada.signs_in("ada@example.com", PASSWORD);
    let page = ada.get(&path);
    assert!(page.says("expired") && !page.body.contains(&copied), "{}", page.text());
    assert_eq!(page.form("Resend").press_once().status, StatusCode::SEE_OTHER);
    world.accepts(&copied_link(&ada.get(&path)), "Grace Hopper", PASSWORD);
    let page = ada.get(&path);
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.says("grace@example.com has accepted the invitation already."), "{}", page.text());
}

fn copied_link(page: &Page) -> String {
    page.whole().control("Invitation link").attr("value").unwrap().to_owned()
}

fn a_resend_sends_a_fresh_link_that_lives_anew(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &["read"]);
    world.invitation_link("grace@example.com");
    world.later(Duration::days(6));
    ada.signs_in("ada@example.com", PASSWORD);
    let page = act(&ada, &row(&world, "grace@example.com"), "resend");
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert!(ada.opens(INVITE).toast().unwrap().contains("Invitation sent again to grace@example.com."));
    world.mailbox.letters_to("grace@example.com", 2);
    let fresh = world.invitation_link("grace@example.com");
    world.later(Duration::days(6));
    world.accepts(&fresh, "Grace Hopper", PASSWORD);
    assert_eq!(lines(&world, "iam.users.resend"), 1);
}

fn a_resend_takes_back_the_letter_that_still_waits(world: World) {
    world.mailbox.closes();
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    act(&ada, &row(&world, "grace@example.com"), "resend");
    assert_eq!(letters(&world, "invitation"), 1, "one letter waits, with the link that works");
    act(&ada, &row(&world, "grace@example.com"), "revoke");
    assert_eq!(letters(&world, "invitation"), 0);
}

fn a_revoked_invitation_takes_its_person_along(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &["read", "write"]);
    let pending = row(&world, "grace@example.com");
    assert_eq!(act(&ada, &pending, "revoke").status, StatusCode::SEE_OTHER);
    let revoked = row(&world, "grace@example.com");
    assert_eq!((revoked.state.as_str(), revoked.user), ("revoked", None));
    assert_eq!((people(&world, "invited"), lines(&world, "iam.users.revoke")), ((0, 0), 1));
    assert_eq!(
        ada.get(&format!("/organization/users/{}", pending.user.unwrap())).status,
        StatusCode::NOT_FOUND
    );
    assert_counted(&world);
    assert_eq!(
        invite(&ada, "grace@example.com", &[]).status,
        StatusCode::SEE_OTHER,
        "the address is free again"
    );
}

fn a_revocation_can_be_taken_back(world: World) {
    let ada = world.administrator();
    invite(&ada, "Grace Hopper <grace@example.com>", &["read", "write"]);
    let old = world.invitation_link("grace@example.com");
    act(&ada, &row(&world, "grace@example.com"), "revoke");
    let page = ada.opens(INVITE);
    assert!(page.toast().unwrap().contains("The invitation to grace@example.com is revoked."));
    let form = page.form("Undo");
    assert_eq!(form.press_once().status, StatusCode::SEE_OTHER);
    world.mailbox.letters_to("grace@example.com", 2);
    let fresh = world.invitation_link("grace@example.com");
    assert_eq!(world.visitor().get(&old).status, StatusCode::GONE);
    let page = world.visitor().opens(&fresh);
    assert!(page.says("read") && page.says("write"), "{}", page.text());
    assert_eq!(page.form("Accept invitation").value("Your name"), "Grace Hopper");
    assert_counted(&world);

    let again = form.press_once();
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.says("in force again already"), "{}", again.text());
    assert_eq!(people(&world, "invited"), (1, 1));
}

fn a_revocation_cannot_be_taken_back_when_the_address_is_invited_anew(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    let old = row(&world, "grace@example.com");
    act(&ada, &old, "revoke");
    invite(&ada, "grace@example.com", &[]);
    let page = act(&ada, &old, "undo");
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.says("has this address already"), "{}", page.text());
    assert_eq!(people(&world, "invited"), (1, 1));
}

fn a_mistyped_address_can_be_corrected(world: World) {
    let ada = world.administrator();
    invite(&ada, "grase@example.com", &["read"]);
    let old = world.invitation_link("grase@example.com");
    let form = ada.opens(&row(&world, "grase@example.com").path("address")).form("Send to this address");
    assert_eq!(form.value("Email"), "grase@example.com");
    let page = form.fill("Email", "Grace@Example.com").press_once();
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(world.visitor().get(&old).status, StatusCode::GONE);
    let page = world.visitor().opens(&world.invitation_link("grace@example.com"));
    assert!(page.says("Grace@example.com") && page.says("read"), "{}", page.text());
    assert_eq!((lines(&world, "iam.users.edit"), people(&world, "invited")), (1, (1, 1)));
    let key: String = ask(&world, |conn| {
        use diesel::prelude::*;
        use roster::db::schema::users;
        users::table.filter(users::status.eq("invited")).select(users::email_key).first(conn)
    });
    assert_eq!(key, "grace@example.com");
}

fn a_correction_is_refused_at_its_field(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    let form = ada.opens(&row(&world, "grace@example.com").path("address")).form("Send to this address");
    for (typed, why) in [
        ("", "Enter an e-mail address"),
        ("nonsense", "it has no @"),
        ("ADA@example.com", "has this address already"),
        ("grace@example.com", "That is the address"),
    ] {
        let page = form.clone().fill("Email", typed).press_once();
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(page.error_for("Email").unwrap().contains(why), "{typed}: {:?}", page.error_for("Email"));
        assert_eq!(page.form("Send to this address").value("Email"), typed);
    }
    assert_eq!((row(&world, "grace@example.com").generation, lines(&world, "iam.users.edit")), (1, 0));
}

fn a_stale_page_is_told_what_happened(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &["read"]);
    let seen = row(&world, "grace@example.com");
    let correct =
        ada.opens(&seen.path("address")).form("Send to this address").fill("Email", "g@example.com");
    act(&ada, &seen, "resend");
    for (page, act) in [
        (act(&ada, &seen, "resend"), "resend"),
        (act(&ada, &seen, "revoke"), "revoke"),
        (correct.press_once(), "address"),
    ] {
        assert_eq!(page.status, StatusCode::CONFLICT, "{act}");
        assert!(page.says("was sent anew since this page was made"), "{act}: {}", page.text());
    }
    let seen = row(&world, "grace@example.com");
    assert_eq!((seen.generation, seen.state.as_str()), (2, "pending"), "nothing was changed");

    act(&ada, &seen, "revoke");
    for what in ["resend", "revoke"] {
        let page = act(&ada, &seen, what);
        assert_eq!(page.status, StatusCode::CONFLICT);
        assert!(page.says("The invitation to grace@example.com was revoked already."), "{}", page.text());
    }
    act(&ada, &seen, "undo");
    let pending = row(&world, "grace@example.com");
    world.mailbox.letters_to("grace@example.com", 3);
    world.accepts(&world.invitation_link("grace@example.com"), "Grace Hopper", PASSWORD);
    for what in ["resend", "revoke", "undo"] {
        let page = act(&ada, &pending, what);
        assert_eq!(page.status, StatusCode::CONFLICT);
        assert!(page.says("has accepted the invitation already."), "{what}: {}", page.text());
    }
    assert_eq!(people(&world, "active"), (2, 2));
    assert_counted(&world);
}

fn a_stale_row_is_told_in_a_toast(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    let seen = row(&world, "grace@example.com");
    act(&ada, &seen, "revoke");
    ada.opens(INVITE);
    let page = act(&ada.by_htmx("tr#row"), &seen, "resend");
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert_eq!(page.headers["hx-location"], "/organization/users");
    assert!(ada.opens(INVITE).toast().unwrap().contains("was revoked already. Nothing was changed."));
}

fn an_act_returns_to_the_list_it_came_from(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    for (return_to, goes_to) in [
        ("/organization/users?status=invited", "/organization/users?status=invited"),
        ("https://evil.example/", "/organization/users"),
        ("/sign-in", "/organization/users"),
    ] {
        let row = row(&world, "grace@example.com");
        let generation = row.generation.to_string();
        let page = ada.post(&row.path("resend"), &[("generation", &generation), ("return_to", return_to)]);
        assert_eq!(page.headers["location"], goes_to);
    }
    let row = row(&world, "grace@example.com");
    let their_page = format!("/organization/users/{}", row.user.unwrap());
    let generation = row.generation.to_string();
    let page = ada.post(&row.path("revoke"), &[("generation", &generation), ("return_to", &their_page)]);
    assert_eq!(page.headers["location"], "/organization/users", "their page is gone");
}

fn the_inviter_hears_when_the_letter_is_refused_for_good(world: World) {
    world.mailbox.refuses("grace@example.com", "550 5.1.1 No such person here");
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    let letter =
        world.mailbox.wait_for("ada@example.com", |letter| letter.subject.contains("was not delivered"));
    assert!(letter.text.contains("No such person here"), "{}", letter.text);
    let page = ada.get(&row(&world, "grace@example.com").path("link"));
    world.accepts(&copied_link(&page), "Grace Hopper", PASSWORD);
}
