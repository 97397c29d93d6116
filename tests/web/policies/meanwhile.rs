//! Two people edit the same policy.

use reqwest::StatusCode;

use super::{POLICIES, creates, edits};
use crate::snapshot::{Snapshot, texts};
use crate::support::people::ADMINISTRATOR;
use crate::support::world::World;
use crate::support::{at_once, on_both};
use crate::users::{lines, member};

on_both!(
    the_second_is_told_and_shown_the_difference_and_nothing_is_overwritten,
    a_policy_deleted_meanwhile_is_not_there,
    of_many_who_save_at_once_one_does,
    of_many_who_create_the_same_at_once_one_does,
);

fn the_second_is_told_and_shown_the_difference_and_nothing_is_overwritten(world: World) {
    let ada = world.administrator();
    let grace = member(&world, "grace@example.com", "Grace Hopper", &["admin"]);
    creates(&ada, &world, "Clusters", &["cks_viewer"], &["grace@example.com"], &[]);
    let (mine, theirs) = (edits(&ada, "Clusters"), edits(&grace, "Clusters"));
    let first = mine.form("Save Policy").fill("Name", "Clusters of Berlin").check("CKS Admin").press();
    assert!(first.toast().is_some(), "{}", first.text());
    let before = Snapshot::of(&world);
    let page = theirs.form("Save Policy").fill("Description", "For us").check("write").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(Snapshot::of(&world), before);
    for words in [
        "Somebody changed this policy meanwhile",
        "Name Clusters of Berlin Clusters",
        "Stored now, not in yours CKS Admin, CKS Viewer for Grace Hopper",
        "In yours, not stored CKS Viewer for Grace Hopper and group write",
    ] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    let form = page.form("Save Policy");
    assert!(form.value("Description") == "For us" && form.is_checked("write"), "what was typed stays");
    let saved = form.press();
    assert!(saved.toast().is_some_and(|words| words.contains("Clusters is saved")), "{}", saved.text());
    assert_eq!(texts(&world, "SELECT description FROM policies WHERE name = 'Clusters'"), ["For us"]);

    let page = ada.opens(POLICIES).row("Clusters").follow("Delete");
    edits(&grace, "Clusters").form("Save Policy").fill("Description", "For all").press();
    let page = page.form("Delete Clusters").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("meanwhile. Look at it again"), "{}", page.text());
    assert!(page.form("Delete Clusters").press().toast().is_some());
}

fn a_policy_deleted_meanwhile_is_not_there(world: World) {
    let ada = world.administrator();
    creates(&ada, &world, "Clusters", &["cks_viewer"], &[ADMINISTRATOR], &[]);
    let (form, again) =
        (edits(&ada, "Clusters").form("Save Policy"), ada.opens(POLICIES).row("Clusters").follow("Delete"));
    assert!(again.form("Delete Clusters").press().toast().is_some());
    let before = Snapshot::of(&world);
    assert_eq!(form.fill("Name", "Ghost").press().status, StatusCode::NOT_FOUND);
    assert_eq!(again.form("Delete Clusters").press().status, StatusCode::NOT_FOUND);
    assert_eq!(Snapshot::of(&world), before);
}

fn of_many_who_save_at_once_one_does(world: World) {
    let ada = world.administrator();
    creates(&ada, &world, "Clusters", &["cks_viewer"], &[ADMINISTRATOR], &[]);
    let form = edits(&ada, "Clusters").form("Save Policy");
    let answers = at_once(32, |n| form.clone().fill("Description", format!("Of {n}")).press_once().status);
    assert_eq!(answers.iter().filter(|status| status.is_redirection()).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|it| it.is_redirection() || *it == StatusCode::UNPROCESSABLE_ENTITY));
    assert_eq!(lines(&world, "iam.policies.write"), 2);
    assert_eq!(texts(&world, "SELECT CAST(version AS TEXT) FROM policies WHERE name = 'Clusters'"), ["2"]);
}

fn of_many_who_create_the_same_at_once_one_does(world: World) {
    let ada = world.administrator();
    let names = ["Clusters", "CLUSTERS", "Сlusters", "clusters "];
    let answers = at_once(32, |n| {
        let fields = super::fields(&world, names[n % 4], &["cks_viewer"], &[ADMINISTRATOR], &[]);
        super::posts(&ada, super::CREATE, &fields).status
    });
    assert_eq!(answers.iter().filter(|status| status.is_redirection()).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|it| it.is_redirection() || *it == StatusCode::UNPROCESSABLE_ENTITY));
    assert_eq!(texts(&world, "SELECT name_key FROM policies WHERE name_key = 'clusters'").len(), 1);
}
