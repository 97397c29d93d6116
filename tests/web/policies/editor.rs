//! The editor as somebody without script uses it.

use reqwest::StatusCode;

use super::{CREATE, POLICIES, creates, edits, posts};
use crate::snapshot::texts;
use crate::support::on_both;
use crate::support::people::ADMINISTRATOR;
use crate::support::world::World;
use crate::users::{lines, member};

on_both!(
    a_policy_is_made_changed_and_deleted,
    every_button_keeps_what_was_typed,
    rules_that_stay_keep_their_rows,
    somebody_is_found_by_name_or_address_and_stays_chosen,
    saving_again_what_is_stored_changes_nothing,
    htmx_swaps_the_editor_alone,
    what_was_typed_is_there_again_after_the_session_ended,
    each_act_is_one_line_with_before_and_after_in_words,
);

fn a_policy_is_made_changed_and_deleted(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob Babbage", &[]);
    assert_eq!(bob.get("/organization/users").status, StatusCode::FORBIDDEN);
    let page = ada.opens(POLICIES).follow("Create policy");
    let page = page.form("Find people").fill("Name", "Readers of people").fill("Find people", "bab").press();
    let form = page.form("Save Policy");
    assert_eq!(form.value("Name"), "Readers of people");
    let page = form.check("Bob Babbage").check("write").check("IAM Viewer").press();
    assert_eq!(page.toast().as_deref(), Some("The policy Readers of people is saved."), "{}", page.text());
    assert!(page.row("Readers of people").says("1 rule"), "{}", page.text());
    assert!(page.row("Readers of people").says("IAM Viewer to write Bob Babbage"), "{}", page.text());
    assert_eq!(bob.get("/organization/users").status, StatusCode::OK, "on the very next request");

    let page = edits(&ada, "Readers of people");
    let form = page.form("Save Policy");
    assert!(form.is_checked("Bob Babbage") && form.is_checked("write") && form.is_checked("IAM Viewer"));
    let page = form.fill("Name", "People").uncheck("Bob Babbage").press();
    assert!(page.says("1 person has no access left: Bob Babbage"), "{}", page.text());
    assert_eq!(bob.get("/organization/users").status, StatusCode::OK, "nothing was saved yet");
    let page = page.form("Save Policy").press();
    assert!(page.toast().is_some_and(|words| words.contains("People is saved")), "{}", page.text());
    assert_eq!(bob.get("/organization/users").status, StatusCode::FORBIDDEN);

    let page = ada.opens(POLICIES);
    let page = page.row("People").follow("Delete");
    assert!(page.says("Group write 0 people Loses IAM Viewer"), "{}", page.text());
    let page = page.form("Delete People").press();
    assert_eq!(page.toast().as_deref(), Some("The policy People is deleted."));
    assert!(!page.has_row("People"));
    assert_eq!(
        texts(&world, "SELECT rule_id FROM rule_roles WHERE rule_id NOT IN (SELECT id FROM rules)").len(),
        0
    );
}

fn every_button_keeps_what_was_typed(world: World) {
    let ada = world.administrator();
    let page = ada.opens(CREATE);
    let page =
        page.form("Add Rule").fill("Name", "Two").fill("Description", "For two").check("CKS Viewer").press();
    assert!(page.says("Rule 1") && page.says("Rule 2") && page.says("Rule 2 is added."), "{}", page.text());
    let form = page.form("Add Rule");
    assert_eq!((form.value("Name"), form.value("Description")), ("Two", "For two"));
    assert!(form.is_checked("CKS Viewer"), "of the first rule");
    let page = form.check("read").press();
    assert!(page.says("Rule 3"));
    let page = page.form("Delete rule 2").press();
    assert!(page.says("Rule 2") && !page.says("Rule 3"), "{}", page.text());
    let page = page.form("Preview").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.title().starts_with("Error: "));
    for words in ["Choose a person or a group for rule 2.", "Choose a role for rule 2."] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    let page = page.form("Delete rule 2").press();
    let form = page.form("Save Policy");
    assert!(form.is_checked("CKS Viewer") && form.is_checked("read"));
    assert!(form.press().toast().is_some_and(|words| words.contains("Two is saved")));
}

fn rules_that_stay_keep_their_rows(world: World) {
    let ada = world.administrator();
    creates(&ada, &world, "Clusters", &["cks_viewer"], &[], &["read"]);
    let rules = || {
        texts(
            &world,
            "SELECT r.id FROM rules r JOIN policies p ON p.id = r.policy_id WHERE p.name = 'Clusters' ORDER BY r.position",
        )
    };
    let before = rules();
    let page = edits(&ada, "Clusters").form("Add Rule").check("CKS Admin").press();
    let key = page
        .whole()
        .all("input[name=rule]")
        .nth(1)
        .and_then(|it| it.attr("value"))
        .expect("a key")
        .to_owned();
    let group = crate::users::group_id(&world, "write").to_string();
    let form = page
        .form("Save Policy")
        .forge(&format!("group.{key}"), &group)
        .forge(&format!("role.{key}"), "billing_viewer");
    assert!(form.press_once().status.is_redirection());
    let after = rules();
    assert_eq!((after.len(), &after[0]), (2, &before[0]));
    let page = edits(&ada, "Clusters").form("Delete rule 1").press();
    assert!(page.form("Save Policy").press_once().status.is_redirection());
    assert_eq!(rules(), after[1..], "the second has moved up");
}

fn somebody_is_found_by_name_or_address_and_stays_chosen(world: World) {
    let ada = world.administrator();
    member(&world, "grace@example.com", "Grace Hopper", &[]);
    member(&world, "bob@example.com", "Bob Babbage", &[]);
    crate::users::other_administrator(&world);
    let mut page = ada.opens(CREATE);
    for (typed, name) in [("hopper", "Grace Hopper"), ("bob@exam", "Bob Babbage"), ("ad", "Ada Lovelace")] {
        page = page.form("Find people").fill("Find people for rule 1", typed).press();
        page = page.form("Preview").check(name).press();
    }
    let form = page.form("Save Policy");
    for name in ["Grace Hopper", "Bob Babbage", "Ada Lovelace"] {
        assert!(form.is_checked(name), "{name}: {}", page.text());
    }
    let page = page.form("Find people").fill("Find people for rule 1", "eve@other").press();
    assert!(
        page.says("Nobody matches “eve@other”"),
        "those of another organization are not found: {}",
        page.text()
    );
    assert!(page.form("Save Policy").is_checked("Grace Hopper"));
}

fn saving_again_what_is_stored_changes_nothing(world: World) {
    let ada = world.administrator();
    creates(&ada, &world, "Clusters", &["cks_viewer"], &[], &["read"]);
    let page = edits(&ada, "Clusters").form("Save Policy").press();
    assert!(page.toast().is_some_and(|words| words.contains("like that already")), "{}", page.text());
    assert_eq!(lines(&world, "iam.policies.write"), 1);
}

fn htmx_swaps_the_editor_alone(world: World) {
    let ada = world.administrator();
    let fields = [("rule", "n1"), ("act", "add"), ("name", "Half")];
    let page = ada.by_htmx("div#editor").post(CREATE, &fields);
    assert!(page.body.trim_start().starts_with("<div id=\"editor\""), "{}", page.body);
    assert!(page.says("Rule 2"), "{}", page.text());
    let page = ada.by_htmx("div#editor").post(
        CREATE,
        &super::fields(&world, "Whole", &["cks_viewer"], &[ADMINISTRATOR], &[])
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect::<Vec<_>>(),
    );
    assert_eq!(page.headers.get("hx-location").and_then(|it| it.to_str().ok()), Some(POLICIES));
    let list = ada.by_htmx("div#policies").get(POLICIES);
    assert!(list.body.trim_start().starts_with("<div class=\"listing\" id=\"policies\""));
}

fn what_was_typed_is_there_again_after_the_session_ended(world: World) {
    let ada = world.administrator();
    let form = ada.opens(CREATE).form("Save Policy").fill("Name", "Kept").check("IAM Viewer").check("write");
    world.later(chrono::Duration::hours(13));
    let page = form.press();
    assert_eq!(page.url.path(), "/sign-in");
    let sign_in = page.form("Sign in").fill("Email", ADMINISTRATOR);
    let page = sign_in.fill("Password", crate::support::people::PASSWORD).press();
    assert!(page.says("nothing was saved yet"), "{}", page.text());
    let form = page.form("Save Policy");
    assert!(form.value("Name") == "Kept" && form.is_checked("IAM Viewer") && form.is_checked("write"));
    assert!(form.press().toast().is_some_and(|words| words.contains("Kept is saved")));
}

fn each_act_is_one_line_with_before_and_after_in_words(world: World) {
    let ada = world.administrator();
    creates(&ada, &world, "Clusters", &["cks_viewer", "iam_viewer"], &[ADMINISTRATOR], &["read"]);
    let form =
        edits(&ada, "Clusters").form("Save Policy").fill("Description", "Who runs them").check("write");
    assert!(form.press_once().status.is_redirection());
    let page = ada.opens(POLICIES).row("Clusters").follow("Delete");
    assert!(page.form("Delete Clusters").press_once().status.is_redirection());
    let details = texts(
        &world,
        "SELECT d.details FROM audit_details d JOIN audit_lines l ON l.organization_id = d.organization_id AND l.sequence = d.sequence WHERE l.action = 'iam.policies.write' ORDER BY l.sequence",
    );
    let parts = |text: &String| -> serde_json::Value { serde_json::from_str(text).expect("JSON") };
    let told: Vec<_> =
        details.iter().map(parts).map(|it| (it["before"].clone(), it["after"].clone())).collect();
    let rule = "CKS Viewer, IAM Viewer for Ada Lovelace (ada@example.com), group read";
    let wider = format!("{rule}, group write");
    let json = |text: String| -> serde_json::Value { serde_json::from_str(&text).expect("JSON") };
    assert_eq!(
        told,
        [
            (json("{}".into()), json(format!(r#"{{"name":"Clusters","rules":["{rule}"]}}"#))),
            (
                json(format!(r#"{{"name":"Clusters","rules":["{rule}"]}}"#)),
                json(format!(r#"{{"name":"Clusters","description":"Who runs them","rules":["{wider}"]}}"#))
            ),
            (
                json(format!(r#"{{"name":"Clusters","description":"Who runs them","rules":["{wider}"]}}"#)),
                json("{}".into())
            ),
        ]
    );
    assert_eq!(posts(&ada, &format!("{POLICIES}/nonsense"), &[]).status, StatusCode::NOT_FOUND);
}
