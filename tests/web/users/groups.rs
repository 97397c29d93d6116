//! One person's page and their groups.

use reqwest::StatusCode;

use super::{group_id, id_of, lines, member, path};
use crate::support::on_both;
use crate::support::people::ADMINISTRATOR;
use crate::support::world::World;

on_both!(
    the_page_tells_where_access_comes_from,
    groups_are_changed_for_those_who_joined_and_those_who_are_invited,
    a_stale_page_changes_nothing_and_shows_how_it_stands,
    an_unknown_group_is_refused_and_what_was_ticked_stays,
    the_last_administrator_keeps_the_group_and_the_page_says_what_would_help,
    whoever_may_not_change_groups_sees_them_only,
    a_form_sent_after_the_session_ended_is_there_again_after_signing_in,
);

fn the_page_tells_where_access_comes_from(world: World) {
    let ada = world.administrator();
    ada.invites("grace@example.com", &["read"]);
    let page = ada.users().follow("grace@example.com");
    assert_eq!(page.heading(), "grace@example.com");
    assert!(page.says("Invited by Ada Lovelace"), "{}", page.text());
    assert!(page.says("IAM Viewer policy read, through the group read"), "{}", page.text());
    assert!(page.has_link("Copy link") && page.has_button("Resend") && page.has_button("Revoke"));
    let page = ada.opens(&path(&world, ADMINISTRATOR, ""));
    assert!(page.says("IAM Admin policy admin, through the group admin"), "{}", page.text());
    assert!(page.says("Sessions 1"), "{}", page.text());
}

fn groups_are_changed_for_those_who_joined_and_those_who_are_invited(world: World) {
    let ada = world.administrator();
    ada.invites("grace@example.com", &["read"]);
    member(&world, "bob@example.com", "Bob", &["read"]);
    for email in ["grace@example.com", "bob@example.com"] {
        let form = ada.opens(&path(&world, email, "")).form("Save groups");
        assert!(form.is_checked("read") && !form.is_checked("write"));
        let page = form.uncheck("read").check("write").check("metrics").press();
        assert_eq!(page.toast().as_deref(), Some("Groups saved."));
        let page = ada.users();
        let row = page.row(email);
        assert!(row.says("write") && row.says("metrics") && !row.says("read"), "{}", row.text());
    }
    assert_eq!(lines(&world, "iam.memberships.write"), 2);
}

fn a_stale_page_changes_nothing_and_shows_how_it_stands(world: World) {
    let ada = world.administrator();
    member(&world, "bob@example.com", "Bob", &["read"]);
    let old = ada.opens(&path(&world, "bob@example.com", "")).form("Save groups");
    old.clone().check("write").press();
    let page = old.check("metrics").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("Somebody changed Bob since this page was made."), "{}", page.text());
    let form = page.form("Save groups");
    assert!(form.is_checked("write") && form.is_checked("read") && !form.is_checked("metrics"));
    assert!(form.check("metrics").press().status.is_success());
}

fn an_unknown_group_is_refused_and_what_was_ticked_stays(world: World) {
    let ada = world.administrator();
    super::other_administrator(&world);
    member(&world, "bob@example.com", "Bob", &["read"]);
    let form = ada.opens(&path(&world, "bob@example.com", "")).form("Save groups");
    let write = group_id(&world, "write").to_string();
    for unknown in ["nonsense".to_owned(), roster::base::ids::GroupId::new().to_string()] {
        let version = form.pairs().into_iter().find(|(name, _)| name == "version").unwrap().1;
        let fields = [("group", unknown.as_str()), ("group", &write), ("version", &version)];
        let page = ada.post(&path(&world, "bob@example.com", "groups"), &fields);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.says("does not exist any more"), "{}", page.text());
        assert!(page.form("Save groups").is_checked("write"));
    }
    assert!(ada.opens(&path(&world, "bob@example.com", "")).form("Save groups").is_checked("read"));
    assert_eq!(lines(&world, "iam.memberships.write"), 0);
}

fn the_last_administrator_keeps_the_group_and_the_page_says_what_would_help(world: World) {
    let ada = world.administrator();
    let page = ada.opens(&path(&world, ADMINISTRATOR, "")).form("Save groups").uncheck("admin").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("Give IAM Admin to somebody else who can sign in, then"), "{}", page.text());
    assert!(ada.users().row(ADMINISTRATOR).says("admin"));
    member(&world, "bob@example.com", "Bob", &["admin"]);
    let page = ada.opens(&path(&world, ADMINISTRATOR, "")).form("Save groups").uncheck("admin").press_once();
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(ada.get("/organization/users").status, StatusCode::FORBIDDEN, "demoted on the next request");
}

fn whoever_may_not_change_groups_sees_them_only(world: World) {
    world.administrator();
    let reader = member(&world, "r@example.com", "Reader", &["read"]);
    let page = reader.opens(&path(&world, ADMINISTRATOR, ""));
    assert!(page.says("admin") && !page.has_button("Save groups"));
    let id = id_of(&world, "r@example.com");
    let admin = group_id(&world, "admin").to_string();
    let page =
        reader.post(&format!("/organization/users/{id}/groups"), &[("group", &admin), ("version", "2")]);
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(!reader.users().row("r@example.com").says("admin"));
}

fn a_form_sent_after_the_session_ended_is_there_again_after_signing_in(world: World) {
    let ada = world.administrator();
    member(&world, "bob@example.com", "Bob", &["read"]);
    let form = ada.opens(&path(&world, "bob@example.com", "")).form("Save groups").check("metrics");
    world.later(chrono::Duration::hours(13));
    let page = form.press();
    assert_eq!(page.url.path(), "/sign-in");
    let page = page
        .form("Sign in")
        .fill("Email", ADMINISTRATOR)
        .fill("Password", crate::support::people::PASSWORD)
        .press();
    let form = page.form("Save groups");
    assert!(form.is_checked("metrics"), "{}", page.text());
    assert_eq!(form.press().toast().as_deref(), Some("Groups saved."));
}
