//! Sending.

use chrono::Duration;
use reqwest::StatusCode;

use super::{INVITE, act, assert_counted, invite, letters, lines, people, row};
use crate::support::on_both;
use crate::support::people::PASSWORD;
use crate::support::world::World;

on_both!(
    one_address_is_invited_at_once_and_gets_a_letter,
    an_invitation_needs_no_group_and_no_message,
    many_are_previewed_and_then_sent,
    sending_many_leads_to_the_preview_first,
    the_preview_takes_what_was_typed_back_to_the_form,
    five_hundred_are_invited_in_one_go,
    who_is_invited_already_can_be_sent_a_fresh_link,
    who_was_deactivated_is_named_and_not_invited,
    what_changed_since_the_preview_is_told_and_the_others_are_invited,
    only_the_domains_of_the_organization_are_invited,
    the_dialog_is_a_part_of_the_page,
    what_was_typed_outlives_the_session,
);

fn one_address_is_invited_at_once_and_gets_a_letter(world: World) {
    let ada = world.administrator();
    let form = ada.opens(INVITE).form("Send invitation").fill("Email", "Grace Hopper <grace@example.com>");
    let page =
        form.check("write").check("metrics").fill("Message", "Come aboard.\nWe sail at dawn.").press_once();
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(page.leads_to().map(|url| url.path().to_owned()).as_deref(), Some("/organization/users"));
    assert_eq!(ada.opens(INVITE).toast().as_deref(), Some("Invitation sent to grace@example.com."));

    let letter = world.mailbox.letter_to("grace@example.com");
    assert!(
        letter.subject.contains("Ada Lovelace invites you to join Analytical Engines"),
        "{}",
        letter.subject
    );
    for words in ["Come aboard.", "We sail at dawn.", "write and metrics", "7 days"] {
        assert!(letter.text.contains(words), "{words}: {}", letter.text);
    }
    assert!(letter.header("To").is_some_and(|to| to.contains("Grace Hopper")));
    assert_eq!((lines(&world, "iam.users.invite"), people(&world, "invited")), (1, (1, 1)));
    assert_counted(&world);
}

fn an_invitation_needs_no_group_and_no_message(world: World) {
    let ada = world.administrator();
    assert_eq!(invite(&ada, "grace@example.com", &[]).status, StatusCode::SEE_OTHER);
    let page = world.visitor().opens(&world.invitation_link("grace@example.com"));
    assert!(page.says("None yet"), "{}", page.text());
}

const LIST: &str = "new@example.com, Other New <other@example.com>\nNEW@example.com nonsense ada@example.com; grace@example.com";

fn many_are_previewed_and_then_sent(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &["read"]);
    let page = ada.opens(INVITE).form("Preview").fill("Email", LIST).check("write").press_once();
    assert_eq!((page.status, page.heading().as_str()), (StatusCode::OK, "Invite 2 people"));
    for (who, what) in [
        ("new@example.com", "New"),
        ("other@example.com", "New"),
        ("NEW@example.com", "Duplicate"),
        ("nonsense", "Not an address"),
        ("ada@example.com", "Already a member"),
        ("grace@example.com", "Already invited"),
    ] {
        assert!(page.row(who).says(what), "{who}: {}", page.text());
    }
    assert_eq!(lines(&world, "iam.users.invite"), 1, "a preview sends nothing");

    let page = page.form("Send invitations").press_once();
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let told = ada.opens(INVITE).toast().unwrap();
    assert!(told.contains("2 invitations sent.") && told.contains("2 were left out."), "{told}");
    world.mailbox.letter_to("new@example.com");
    world.mailbox.letter_to("other@example.com");
    assert_eq!(lines(&world, "iam.users.invite"), 3);
    assert_eq!(row(&world, "grace@example.com").generation, 1, "nobody asked to send it again");
    assert_counted(&world);
}

fn sending_many_leads_to_the_preview_first(world: World) {
    let ada = world.administrator();
    let page = invite(&ada, "new@example.com other@example.com", &["read"]);
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(lines(&world, "iam.users.invite"), 0);
    assert_eq!(page.form("Send invitations").press_once().status, StatusCode::SEE_OTHER);
    assert_eq!(lines(&world, "iam.users.invite"), 2);
}

fn the_preview_takes_what_was_typed_back_to_the_form(world: World) {
    let ada = world.administrator();
    let form =
        ada.opens(INVITE).form("Preview").fill("Email", LIST).check("write").fill("Message", "Hello\nyou");
    let form = form.press_once().form("Back").press_once().form("Preview");
    assert_eq!(form.value("Email").replace('\r', ""), LIST);
    assert_eq!(form.value("Message").replace('\r', ""), "Hello\nyou");
    assert!(form.is_checked("write") && !form.is_checked("read"));
}

fn five_hundred_are_invited_in_one_go(world: World) {
    let ada = world.administrator();
    let list: Vec<String> = (0..500).map(|n| format!("p{n}@example.com")).collect();
    let page = ada.opens(INVITE).form("Preview").fill("Email", list.join("\n")).check("read").press_once();
    assert_eq!(page.heading(), "Invite 500 people");
    assert_eq!(page.form("Send invitations").press_once().status, StatusCode::SEE_OTHER);
    assert_eq!((people(&world, "invited"), lines(&world, "iam.users.invite")), ((500, 500), 500));
    assert_eq!(letters(&world, "invitation"), 500);
    assert_counted(&world);
}

fn who_is_invited_already_can_be_sent_a_fresh_link(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &["read"]);
    let old = world.invitation_link("grace@example.com");
    let page = invite(&ada, "Grace@Example.com", &["write"]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(page.error_for("Email").as_deref(), Some("Grace@example.com is invited already."));
    assert!(page.form("Send invitation").is_checked("write"), "what was chosen is kept");
    assert_eq!(page.form("Resend").press_once().status, StatusCode::SEE_OTHER);
    assert_eq!(world.visitor().opens(&old).status, StatusCode::GONE);

    let page =
        ada.opens(INVITE).form("Preview").fill("Email", "grace@example.com, new@example.com").press_once();
    page.form("Send invitations").check("Send the pending invitation again").press_once();
    assert_eq!(row(&world, "grace@example.com").generation, 3);
    let told = ada.opens(INVITE).toast().unwrap();
    assert!(told.contains("Invitation sent again to grace@example.com."), "{told}");
    assert_eq!((lines(&world, "iam.users.invite"), lines(&world, "iam.users.resend")), (2, 2));
}

fn who_was_deactivated_is_named_and_not_invited(world: World) {
    let ada = world.administrator();
    super::member(&world, &ada, "grace@example.com", "Grace Hopper", &["read"]);
    deactivated(&world, "grace@example.com");
    let page = invite(&ada, "grace@example.com", &[]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.error_for("Email").unwrap().contains("deactivated"));
    assert!(page.has_link("Open their page to reactivate it"));
    let page = invite(&ada, "grace@example.com new@example.com", &[]);
    assert!(page.row("grace@example.com").says("Deactivated"));
}

fn deactivated(world: &World, email: &str) {
    use diesel::prelude::*;
    use roster::db::schema::users;
    let row = row(world, email);
    let (organization, user) = (
        super::ask(world, |conn| users::table.select(users::organization_id).first(conn)),
        row.user.unwrap(),
    );
    world
        .db()
        .write_now(organization, |tx| {
            use roster::people::{Status, change_status};
            change_status(tx, organization, user, Status::Active, Status::Deactivated)
        })
        .expect("a write");
}

fn what_changed_since_the_preview_is_told_and_the_others_are_invited(world: World) {
    let ada = world.administrator();
    let preview =
        ada.opens(INVITE).form("Preview").fill("Email", "one@example.com two@example.com").press_once();
    invite(&ada, "one@example.com", &[]);
    assert_eq!(preview.form("Send invitations").press_once().status, StatusCode::SEE_OTHER);
    let told = ada.opens(INVITE).toast().unwrap();
    assert!(
        told.contains("Invitation sent to two@example.com. one@example.com is invited already."),
        "{told}"
    );
    let page = preview.form("Send invitations").press_once();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("There is nobody to send an invitation to"), "{}", page.text());
    assert_eq!(lines(&world, "iam.users.invite"), 2);
}

fn only_the_domains_of_the_organization_are_invited(world: World) {
    let ada = world.administrator();
    super::invites_only_to(&world, "example.com, bücher.example");
    let page = invite(&ada, "eve@elsewhere.example", &[]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.error_for("Email").unwrap().contains("does not invite people to elsewhere.example"));
    assert_eq!(invite(&ada, "ok@xn--bcher-kva.example", &[]).status, StatusCode::SEE_OTHER);
    let page = invite(&ada, "eve@elsewhere.example, ok@example.com", &[]);
    assert!(page.row("eve@elsewhere.example").says("Domain not allowed"));
    let page = ada.opens(INVITE).form("Send invitation").fill("Email", "ok@example.com").press_once();
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let page = ada.get(&row(&world, "ok@example.com").path("address")).form("Send to this address");
    let page = page.fill("Email", "ok@elsewhere.example").press_once();
    assert!(page.error_for("Email").unwrap().contains("does not invite"), "{}", page.text());
}

fn the_dialog_is_a_part_of_the_page(world: World) {
    let ada = world.administrator();
    let part = ada.by_htmx("dialog#dialog").get(INVITE);
    assert!(part.body.trim_start().starts_with("<div class=\"sheet\">"), "{}", part.body);
    let form = part.form("Send invitation").fill("Email", "nonsense");
    let wrong = form.press_once();
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.trim_start().starts_with("<div class=\"sheet\">"), "{}", wrong.body);
    let sent = wrong.form("Send invitation").fill("Email", "grace@example.com").press_once();
    assert_eq!(sent.status, StatusCode::OK);
    assert_eq!(sent.headers["hx-location"], "/organization/users");
    assert_eq!(lines(&world, "iam.users.invite"), 1);
}

fn what_was_typed_outlives_the_session(world: World) {
    let ada = world.administrator();
    let form = ada.opens(INVITE).form("Send invitation").fill("Email", "grace@example.com").check("write");
    world.later(Duration::hours(13));
    let page = form.fill("Message", "Hello").press();
    assert_eq!(page.heading(), "Sign in");
    let page = page.form("Sign in").fill("Email", "ada@example.com").fill("Password", PASSWORD).press();
    assert_eq!(page.url.path(), INVITE);
    assert!(page.says("What you typed is here again"), "{}", page.text());
    let form = page.form("Send invitation");
    assert_eq!((form.value("Email"), form.value("Message")), ("grace@example.com", "Hello"));
    assert!(form.is_checked("write"));
    assert_eq!(lines(&world, "iam.users.invite"), 0, "nothing was sent before");
    assert_eq!(form.press_once().status, StatusCode::SEE_OTHER);
    let row = row(&world, "grace@example.com");
    assert_eq!(act(&ada, &row, "resend").status, StatusCode::SEE_OTHER);
}
