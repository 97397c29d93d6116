//! Who may look, who may change, and that nobody gives more than they hold.

use diesel::{ExpressionMethods, RunQueryDsl};
use reqwest::StatusCode;

use super::{CREATE, POLICIES, creates, edits, fields, posts};
use crate::snapshot::Snapshot;
use crate::support::on_both;
use crate::support::people::ADMINISTRATOR;
use crate::support::world::{Database, World, fresh_folder};
use crate::users::{access_changed, lines, member};

on_both!(
    whoever_may_only_read_sees_policies_and_changes_none,
    whoever_is_demoted_meanwhile_saves_nothing,
    a_role_that_is_not_described_any_more_can_be_kept_and_taken_out,
);

#[test]
fn nobody_gives_more_than_they_hold_on_sqlite() {
    nobody_gives_more_than_they_hold(Database::Sqlite);
}

#[test]
fn nobody_gives_more_than_they_hold_on_postgres() {
    nobody_gives_more_than_they_hold(Database::Postgres);
}

/// The built-in roles let only IAM Admin change policies; the operator's may let others, who then hold less.
fn nobody_gives_more_than_they_hold(database: Database) {
    let file = fresh_folder().join("roles.toml");
    let written = "[[roles]]\nid = 'editor'\nname = 'Policy Editor'\nincludes = ['iam_viewer']\n\
        actions = ['iam.policies.write']\n";
    std::fs::write(&file, written).expect("a file");
    let world = World::with(database, &[("roles_file", &file.to_string_lossy())]);
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob Builder", &[]);
    creates(&ada, &world, "Editors", &["editor"], &["bob@example.com"], &[]);
    creates(&bob, &world, "Readers", &["editor"], &[], &["read"]);

    let before = Snapshot::of(&world);
    for role in ["iam_admin", "cks_viewer"] {
        let page = posts(&bob, CREATE, &fields(&world, "Mine", &[role], &["bob@example.com"], &[]));
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", page.text());
        assert!(page.says("You can give only roles that you hold yourself"), "{}", page.text());
    }
    assert_eq!(Snapshot::of(&world), before);
}

fn whoever_may_only_read_sees_policies_and_changes_none(world: World) {
    let ada = world.administrator();
    let rita = member(&world, "rita@example.com", "Rita Reader", &["read"]);
    let moe = member(&world, "moe@example.com", "Moe Member", &[]);
    creates(&ada, &world, "Clusters", &["cks_viewer"], &["moe@example.com"], &["read"]);
    let list = rita.opens(POLICIES);
    assert!(list.has_row("Clusters") && !list.has_link("Create policy") && !list.has_link("Delete Clusters"));
    let page = list.follow("View Clusters");
    for words in [
        "Rule 1",
        "Users Moe Member",
        "Groups read",
        "Roles CKS Viewer",
        "does not include changing policies",
    ] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    assert!(!page.has_button("Save Policy"));
    let before = Snapshot::of(&world);
    let path = page.url.path().to_owned();
    let good = fields(&world, "Own", &["cks_viewer"], &["rita@example.com"], &[]);
    for person in [&rita, &moe] {
        for path in [CREATE.to_owned(), path.clone(), format!("{path}/delete")] {
            assert_eq!(posts(person, &path, &good).status, StatusCode::FORBIDDEN, "{path}");
        }
        assert_eq!(person.get(CREATE).status, StatusCode::FORBIDDEN);
        assert_eq!(person.get(&format!("{path}/delete")).status, StatusCode::FORBIDDEN);
    }
    for path in [POLICIES.to_owned(), path] {
        assert_eq!(moe.get(&path).status, StatusCode::FORBIDDEN, "{path}");
    }
    assert!(!moe.opens("/account/settings").has_link("Access policies"));
    assert_eq!(Snapshot::of(&world), before);
}

fn whoever_is_demoted_meanwhile_saves_nothing(world: World) {
    let ada = world.administrator();
    let grace = member(&world, "grace@example.com", "Grace Hopper", &["admin"]);
    let form = grace.opens(CREATE).form("Save Policy").fill("Name", "Mine").check("write").check("IAM Admin");
    let page = ada.users().row("grace@example.com").follow("Grace Hopper");
    assert!(page.form("Save groups").uncheck("admin").press().toast().is_some());
    assert_eq!(form.press().status, StatusCode::FORBIDDEN);
    assert_eq!(lines(&world, "iam.policies.write"), 0);
}

fn a_role_that_is_not_described_any_more_can_be_kept_and_taken_out(world: World) {
    let ada = world.administrator();
    creates(&ada, &world, "Clusters", &["cks_viewer"], &[ADMINISTRATOR], &[]);
    let forget = |tx: &mut roster::db::Tx<'_>| {
        use roster::db::schema::rule_roles;
        let row = diesel::update(rule_roles::table).filter(rule_roles::role.eq("cks_viewer"));
        row.set(rule_roles::role.eq("old_role")).execute(tx.conn())?;
        access_changed(tx)
    };
    world.db().write_now(None, forget).expect("a change");
    let page = edits(&ada, "Clusters");
    assert!(
        page.form("Save Policy").is_checked("old_role") && page.says("Not described any more"),
        "{}",
        page.text()
    );
    let page = page.form("Save Policy").fill("Description", "Kept").press();
    assert!(page.toast().is_some(), "{}", page.text());
    let page = edits(&ada, "Clusters").form("Save Policy").uncheck("old_role").check("CKS Admin").press();
    assert!(page.toast().is_some(), "{}", page.text());
    assert!(!edits(&ada, "Clusters").says("old_role"));
}
