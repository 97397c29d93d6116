//! The policies every organization begins with: whom they name can be changed, nothing else.

use reqwest::StatusCode;

use super::{POLICIES, edits, posts, rule};
use crate::snapshot::{Snapshot, texts};
use crate::support::on_both;
use crate::support::world::World;
use crate::users::{lines, member};

on_both!(whom_a_default_policy_names_can_be_changed, nothing_else_of_it_can);

fn whom_a_default_policy_names_can_be_changed(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob Babbage", &[]);
    let page = edits(&ada, "read");
    assert!(
        page.says("You can change whom this policy names.") && !page.has_button("Add Rule"),
        "{}",
        page.text()
    );
    assert!(page.says("Roles Access Token Viewer CKS Viewer IAM Viewer"), "{}", page.text());
    let page = page.form("Find people").fill("Find people for rule 1", "bob").press();
    let page = page.form("Save Policy").check("Bob Babbage").uncheck("read").check("billing_viewer").press();
    assert!(page.toast().is_some_and(|words| words.contains("read is saved")), "{}", page.text());
    assert_eq!(bob.get(POLICIES).status, StatusCode::OK);
    let page = edits(&ada, "read");
    let form = page.form("Save Policy").uncheck("Bob Babbage").uncheck("billing_viewer");
    let page = form.press().form("Save Policy").press();
    assert!(page.row("read").says("nobody"), "it may name nobody: {}", page.text());
    assert_eq!(lines(&world, "iam.policies.write"), 2);
}

fn nothing_else_of_it_can(world: World) {
    let ada = world.administrator();
    let page = edits(&ada, "metrics");
    let key = page
        .whole()
        .all("input[name=rule]")
        .next()
        .and_then(|it| it.attr("value"))
        .expect("a key")
        .to_owned();
    let path = page.url.path().to_owned();
    let before = Snapshot::of(&world);
    let form = || {
        let mut fields = vec![("version".to_owned(), "1".to_owned()), ("act".to_owned(), "save".to_owned())];
        fields.extend(rule(&world, &key, &[], &[], &["metrics", "read"]));
        fields
    };
    let more = |name: &str, value: &str| [form(), vec![(name.to_owned(), value.to_owned())]].concat();
    let another = [form(), rule(&world, "n1", &["iam_admin"], &[], &["read"])].concat();
    let without = vec![("version".to_owned(), "1".to_owned()), ("act".to_owned(), "save".to_owned())];
    for fields in [
        more("name", "Figures"),
        more("description", "Other"),
        more(&format!("role.{key}"), "iam_admin"),
        another,
        without,
    ] {
        let page = posts(&ada, &path, &fields);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
        assert!(page.says("This is a Default policy"), "{}", page.text());
    }
    let page = ada.get(&format!("{path}/delete"));
    assert!(page.says("This is a Default policy") && !page.has_button("Delete metrics"), "{}", page.text());
    let page = ada.post(&format!("{path}/delete"), &[("version", "1")]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(Snapshot::of(&world), before);
    assert!(posts(&ada, &path, &form()).status.is_redirection());
    assert_eq!(texts(&world, "SELECT name FROM policies WHERE standard ORDER BY name").len(), 5);
}
