//! Whom a change concerns, before it is saved: what the preview says is what the engine finds afterwards.

use reqwest::StatusCode;

use super::{CREATE, POLICIES, creates, edits};
use crate::snapshot::Snapshot;
use crate::support::on_both;
use crate::support::people::ADMINISTRATOR;
use crate::support::world::World;
use crate::users::{group_id, member};

on_both!(
    a_preview_names_who_gains_and_who_loses_and_changes_nothing,
    a_role_held_from_elsewhere_is_neither_gained_nor_lost,
    whoever_would_lose_iam_admin_is_named_before_it_is_saved,
    a_group_is_told_with_its_members_and_not_by_each,
    a_change_that_leaves_nobody_to_administer_is_refused_with_what_would_help,
    who_was_agreed_to_is_not_who_is_concerned_any_more,
);

fn a_preview_names_who_gains_and_who_loses_and_changes_nothing(world: World) {
    let ada = world.administrator();
    member(&world, "bob@example.com", "Bob Babbage", &["metrics"]);
    member(&world, "carol@example.com", "Carol Herschel", &["metrics"]);
    creates(&ada, &world, "Clusters", &["cks_viewer"], &["bob@example.com"], &[]);
    let page = edits(&ada, "Clusters");
    let before = Snapshot::of(&world);
    let page = page.form("Find people").fill("Find people for rule 1", "carol").press();
    let page = page.form("Preview").uncheck("Bob Babbage").check("Carol Herschel").check("read").press();
    assert_eq!(page.status, StatusCode::OK);
    let preview = page.part("preview");
    for words in ["Bob Babbage Loses CKS Viewer", "Carol Herschel Gains CKS Viewer"] {
        assert!(preview.says(words), "{words}: {}", preview.text());
    }
    assert!(!preview.says("Group read"), "its members have it already: {}", preview.text());
    assert!(!preview.says("no access left"), "Bob keeps what metrics gives: {}", preview.text());
    assert_eq!(Snapshot::of(&world), before);
    let form = page.form("Save Policy");
    assert!(!form.is_checked("Bob Babbage"), "still offered");
    assert!(form.is_checked("Carol Herschel") && form.is_checked("read"));
    let page =
        ada.opens(CREATE).form("Preview").fill("Name", "New").check("write").check("Support Viewer").press();
    assert!(page.part("preview").says("Group write 0 people Gains Support Viewer"), "{}", page.text());
    assert_eq!(Snapshot::of(&world), before);
}

fn a_role_held_from_elsewhere_is_neither_gained_nor_lost(world: World) {
    let ada = world.administrator();
    member(&world, "rita@example.com", "Rita Reader", &["read"]);
    creates(&ada, &world, "One", &["iam_viewer"], &["rita@example.com"], &[]);
    let page = edits(&ada, "One")
        .form("Preview")
        .fill("Name", "Other")
        .uncheck("IAM Viewer")
        .check("CKS Viewer")
        .press();
    assert!(page.part("preview").says("Nobody gains or loses anything."), "{}", page.text());
}

fn whoever_would_lose_iam_admin_is_named_before_it_is_saved(world: World) {
    let ada = world.administrator();
    let grace = member(&world, "grace@example.com", "Grace Hopper", &[]);
    creates(&ada, &world, "Deputies", &["iam_admin"], &["grace@example.com", ADMINISTRATOR], &[]);
    let page = ada.opens(POLICIES).row("Deputies").follow("Delete");
    assert!(
        page.says("1 person loses IAM Admin: Grace Hopper."),
        "Ada has it from the group: {}",
        page.text()
    );
    let page = edits(&ada, "Deputies").form("Save Policy").uncheck("Grace Hopper").press();
    assert!(page.says("1 person loses IAM Admin: Grace Hopper.") && page.says("1 person has no access left"));
    assert!(page.says("Save again if this is what you want"), "{}", page.text());
    assert_eq!(grace.get(POLICIES).status, StatusCode::OK);
    let page = edits(&grace, "Deputies").form("Save Policy").uncheck("Grace Hopper").press();
    assert!(page.says("You are one of them."), "{}", page.text());
    let page = page.form("Save Policy").press_once();
    assert!(page.status.is_redirection(), "{}", page.text());
    assert_eq!(grace.get(POLICIES).status, StatusCode::FORBIDDEN, "on the very next request");
}

fn a_group_is_told_with_its_members_and_not_by_each(world: World) {
    let ada = world.administrator();
    let emails: Vec<String> = (0..60).map(|n| format!("p{n:02}@example.com")).collect();
    let group = group_id(&world, "write");
    let residents: Vec<_> = emails
        .iter()
        .map(|email| crate::users::Resident {
            groups: vec![group],
            ..crate::users::Resident::new(email.as_str(), "")
        })
        .collect();
    crate::users::settle(&world, &residents);
    creates(&ada, &world, "Billing", &["billing_viewer"], &[], &["write"]);
    let page = edits(&ada, "Billing").form("Preview").uncheck("write").check("read").press();
    let preview = page.part("preview");
    assert!(preview.says("Group write 60 people Loses Billing Viewer"), "{}", preview.text());
    assert!(preview.says("Group read 0 people Gains Billing Viewer"), "{}", preview.text());
    assert!(!preview.says("p07@"), "{}", preview.text());

    // Of the Default policy, everything that its members have.
    let page = edits(&ada, "write").form("Preview").uncheck("write").press();
    let preview = page.part("preview");
    assert!(!preview.says("no access left"), "they keep Billing Viewer: {}", preview.text());
    let page = ada.opens(POLICIES).row("Billing").follow("Delete").form("Delete Billing").press();
    assert!(page.toast().is_some());
    let page = edits(&ada, "write").form("Preview").uncheck("write").press();
    let preview = page.part("preview");
    assert!(preview.says("60 people have no access left: p00@example.com"), "{}", preview.text());
    assert!(preview.says("p49@example.com and 10 more"), "{}", preview.text());
}

fn a_change_that_leaves_nobody_to_administer_is_refused_with_what_would_help(world: World) {
    let ada = world.administrator();
    let before = Snapshot::of(&world);
    let page = edits(&ada, "admin").form("Preview").uncheck("admin").press();
    assert!(page.part("preview").says("This cannot be done. Nobody who administers"), "{}", page.text());
    let page = edits(&ada, "admin").form("Save Policy").uncheck("admin").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("Give somebody else IAM Admin and a way to sign in first"), "{}", page.text());
    assert_eq!(Snapshot::of(&world), before);
    creates(&ada, &world, "Ada herself", &["iam_admin"], &[ADMINISTRATOR], &[]);
    let page = edits(&ada, "admin").form("Save Policy").uncheck("admin").press();
    assert!(page.toast().is_some_and(|words| words.contains("admin is saved")), "{}", page.text());
    let page = ada.opens(POLICIES).row("Ada herself").follow("Delete");
    assert!(page.says("This cannot be done") && !page.has_button("Delete Ada herself"), "{}", page.text());
    let path = page.url.path().to_owned();
    let answer = ada.post(&path, &[("version", "1")]);
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
}

fn who_was_agreed_to_is_not_who_is_concerned_any_more(world: World) {
    let ada = world.administrator();
    member(&world, "bob@example.com", "Bob Babbage", &[]);
    member(&world, "carol@example.com", "Carol Herschel", &[]);
    creates(&ada, &world, "Clusters", &["cks_viewer"], &["bob@example.com", "carol@example.com"], &[]);
    let page = edits(&ada, "Clusters").form("Save Policy").uncheck("Bob Babbage").press();
    assert!(page.says("1 person has no access left: Bob Babbage"), "{}", page.text());
    let page = page.form("Save Policy").uncheck("Carol Herschel").check("read").press();
    assert!(page.says("2 people have no access left"), "asked anew: {}", page.text());
    assert!(page.form("Save Policy").press_once().status.is_redirection());
}
