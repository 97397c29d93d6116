//! Deactivate and Reactivate.

use reqwest::StatusCode;

use super::{Resident, USERS, enters, id_of, lines, member, other_administrator, path, settle, status_of};
use crate::support::on_both;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::World;

on_both!(
    the_summary_says_what_it_ends_and_the_act_ends_it,
    whoever_is_deactivated_is_out_on_the_next_request_everywhere,
    the_last_administrator_stays_and_the_page_says_what_would_help,
    an_administrator_without_a_way_to_sign_in_does_not_count,
    somebody_who_deactivates_themselves_is_signed_out,
    an_act_on_what_somebody_else_has_changed_does_nothing_and_says_so,
    whoever_may_not_is_refused_and_nothing_changes,
    the_people_of_another_organization_are_not_there,
    an_invited_person_is_not_deactivated,
    each_act_writes_one_audit_line,
);

fn deactivate(world: &World, by: &crate::support::person::Person, email: &str) -> StatusCode {
    by.post(&path(world, email, "deactivate"), &[]).status
}

fn the_summary_says_what_it_ends_and_the_act_ends_it(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob Babbage", &["admin"]);
    bob.invites("grace@example.com", &["read"]);
    let link = world.invitation_link("grace@example.com");
    enters(&world, "bob@example.com");
    let page = ada.users().row("bob@example.com").follow("Deactivate");
    assert_eq!(page.heading(), "Deactivate Bob Babbage");
    assert!(page.says("2 sessions end at once"), "{}", page.text());
    assert!(page.says("1 invitation they sent is revoked"), "{}", page.text());
    assert!(page.says("To remove a person for good"), "{}", page.text());
    let page = page.form("Deactivate Bob Babbage").press();
    assert_eq!(page.url.path(), USERS);
    assert_eq!(page.toast().as_deref(), Some("Bob Babbage is deactivated and signed out."));
    assert!(!page.has_row("grace@example.com"));
    assert_eq!(world.visitor().get(&link).status, StatusCode::GONE);
    assert_eq!((lines(&world, "iam.users.deactivate"), lines(&world, "iam.users.revoke")), (1, 1));
}

fn whoever_is_deactivated_is_out_on_the_next_request_everywhere(world: World) {
    let ada = world.administrator();
    let phone = member(&world, "bob@example.com", "Bob", &["admin"]);
    let laptop = enters(&world, "bob@example.com");
    assert_eq!(deactivate(&world, &ada, "bob@example.com"), StatusCode::SEE_OTHER);
    for browser in [&phone, &laptop] {
        let page = browser.get(USERS);
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        assert_eq!(page.leads_to().unwrap().path(), "/sign-in");
        let page = browser.by_htmx("div#people").get(USERS);
        assert!(page.headers.get("hx-redirect").is_some());
    }
    let page = laptop.post(&path(&world, ADMINISTRATOR, "deactivate"), &[]);
    assert_eq!((page.status, status_of(&world, ADMINISTRATOR).as_str()), (StatusCode::SEE_OTHER, "active"));
    let page = world.visitor().signs_in("bob@example.com", PASSWORD);
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    ada.post(&path(&world, "bob@example.com", "reactivate"), &[]);
    assert!(!phone.is_signed_in(), "an old session does not come back");
    phone.signs_in("bob@example.com", PASSWORD);
    assert!(phone.is_signed_in());
}

fn the_last_administrator_stays_and_the_page_says_what_would_help(world: World) {
    let ada = world.administrator();
    let page = ada.opens(&path(&world, ADMINISTRATOR, "deactivate"));
    let help = "Give IAM Admin to somebody else who can sign in, then deactivate Ada Lovelace.";
    assert!(page.says(help) && !page.has_button("Deactivate Ada Lovelace"), "{}", page.text());
    let page = ada.post(&path(&world, ADMINISTRATOR, "deactivate"), &[]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("Nothing was changed.") && page.says(help), "{}", page.text());
    assert!(page.title().starts_with("Error: "));
    assert_eq!(status_of(&world, ADMINISTRATOR), "active");
    assert!(ada.is_signed_in());
    assert_eq!(lines(&world, "iam.users.deactivate"), 0);
}

fn an_administrator_without_a_way_to_sign_in_does_not_count(world: World) {
    let ada = world.administrator();
    let admin = super::group_id(&world, "admin");
    settle(&world, &[Resident { groups: vec![admin], ..Resident::new("ghost@example.com", "Ghost") }]);
    assert_eq!(deactivate(&world, &ada, ADMINISTRATOR), StatusCode::UNPROCESSABLE_ENTITY);
    enters(&world, "ghost@example.com");
    assert_eq!(deactivate(&world, &ada, ADMINISTRATOR), StatusCode::SEE_OTHER);
}

fn somebody_who_deactivates_themselves_is_signed_out(world: World) {
    let ada = world.administrator();
    member(&world, "bob@example.com", "Bob", &["admin"]);
    let page = ada.opens(&path(&world, ADMINISTRATOR, "deactivate"));
    assert!(page.says("You are signed out at once"), "{}", page.text());
    let page = page.form("Deactivate Ada Lovelace").press();
    assert_eq!(page.url.path(), "/sign-in");
    assert_eq!(status_of(&world, ADMINISTRATOR), "deactivated");
    assert!(!ada.is_signed_in());
}

fn an_act_on_what_somebody_else_has_changed_does_nothing_and_says_so(world: World) {
    let ada = world.administrator();
    member(&world, "bob@example.com", "Bob", &["read"]);
    let (deactivate, list) = (ada.opens(&path(&world, "bob@example.com", "deactivate")), ada.users());
    ada.post(&path(&world, "bob@example.com", "deactivate"), &[]);
    let page = deactivate.form("Deactivate Bob").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("Bob is deactivated already. Nothing was changed."), "{}", page.text());
    drop(list);
    let old = ada.users();
    ada.post(&path(&world, "bob@example.com", "reactivate"), &[]);
    let page = old.row("bob@example.com").form("Reactivate").press();
    assert_eq!(page.toast().as_deref(), Some("Bob is active already. Nothing was changed."));
    assert_eq!((lines(&world, "iam.users.deactivate"), lines(&world, "iam.users.reactivate")), (1, 1));
}

fn whoever_may_not_is_refused_and_nothing_changes(world: World) {
    world.administrator();
    let reader = member(&world, "r@example.com", "Reader", &["read"]);
    let writer = member(&world, "w@example.com", "Writer", &["write"]);
    settle(
        &world,
        &[Resident {
            status: roster::people::Status::Deactivated,
            ..Resident::new("ken@example.com", "Ken")
        }],
    );
    for person in [&reader, &writer] {
        assert_eq!(person.get(&path(&world, ADMINISTRATOR, "deactivate")).status, StatusCode::FORBIDDEN);
        assert_eq!(deactivate(&world, person, ADMINISTRATOR), StatusCode::FORBIDDEN);
        assert_eq!(
            person.post(&path(&world, "ken@example.com", "reactivate"), &[]).status,
            StatusCode::FORBIDDEN
        );
    }
    let signed_out = world.visitor().post(&path(&world, ADMINISTRATOR, "deactivate"), &[]);
    assert_eq!(signed_out.status, StatusCode::SEE_OTHER);
    assert_eq!(status_of(&world, ADMINISTRATOR), "active");
    assert_eq!(status_of(&world, "ken@example.com"), "deactivated");
}

fn the_people_of_another_organization_are_not_there(world: World) {
    let ada = world.administrator();
    other_administrator(&world);
    let theirs = id_of(&world, "eve@other.example");
    for id in [theirs.to_string(), roster::base::ids::UserId::new().to_string(), "nonsense".to_owned()] {
        assert_eq!(ada.get(&format!("{USERS}/{id}")).status, StatusCode::NOT_FOUND, "{id}");
        assert_eq!(ada.get(&format!("{USERS}/{id}/deactivate")).status, StatusCode::NOT_FOUND, "{id}");
        for act in ["deactivate", "reactivate", "groups"] {
            let page = ada.post(&format!("{USERS}/{id}/{act}"), &[("version", "1")]);
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{act} {id}");
        }
    }
    assert_eq!(status_of(&world, "eve@other.example"), "active");
}

fn an_invited_person_is_not_deactivated(world: World) {
    let ada = world.administrator();
    ada.invites("grace@example.com", &[]);
    let page = ada.post(&path(&world, "grace@example.com", "deactivate"), &[]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("has not joined yet"), "{}", page.text());
    assert_eq!(status_of(&world, "grace@example.com"), "invited");
}

fn each_act_writes_one_audit_line(world: World) {
    let ada = world.administrator();
    member(&world, "bob@example.com", "Bob", &[]);
    for _ in 0..2 {
        deactivate(&world, &ada, "bob@example.com");
        ada.post(&path(&world, "bob@example.com", "reactivate"), &[]);
    }
    assert_eq!((lines(&world, "iam.users.deactivate"), lines(&world, "iam.users.reactivate")), (2, 2));
}
