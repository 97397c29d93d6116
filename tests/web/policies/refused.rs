//! What is not a policy: told with words, and nothing changed.

use reqwest::StatusCode;
use roster::base::ids::{GroupId, UserId};

use super::{CREATE, POLICIES, creates, edits, fields, posts, rule};
use crate::snapshot::Snapshot;
use crate::support::on_both;
use crate::support::people::ADMINISTRATOR;
use crate::support::world::World;
use crate::users::{group_id, other_administrator};

on_both!(
    bad_input_is_refused_with_its_words_and_what_was_typed_stays,
    whoever_or_whatever_is_not_of_the_organization_is_refused,
    names_that_look_alike_are_one_name,
    ten_thousand_rules_are_refused,
    more_people_than_a_rule_may_name_are_refused,
    a_policy_as_large_as_it_may_be_is_saved_and_edited,
);

fn field(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

fn bad_input_is_refused_with_its_words_and_what_was_typed_stays(world: World) {
    let ada = world.administrator();
    let good = || fields(&world, "Clusters", &["cks_viewer"], &[ADMINISTRATOR], &[]);
    let with = |more: &[(String, String)]| [good(), more.to_vec()].concat();
    let without = |name: &str| good().into_iter().filter(|(it, _)| it != name).collect::<Vec<_>>();
    let twin = rule(&world, "n2", &["cks_viewer"], &[ADMINISTRATOR], &[]);
    let before = Snapshot::of(&world);
    for (fields, words) in [
        (without("name"), "Enter a name."),
        (
            with(&[])
                .into_iter()
                .map(|(k, v)| if k == "name" { (k, "x".repeat(101)) } else { (k, v) })
                .collect(),
            "Use at most 100 characters.",
        ),
        (with(&[field("description", "x".repeat(501))]), "Use at most 500 characters."),
        (without("user.n1"), "Choose a person or a group for rule 1."),
        (without("role.n1"), "Choose a role for rule 1."),
        (without("rule"), "A policy needs a rule."),
        (with(&[field("role.n1", "no_such_role")]), "a role that does not exist"),
        (with(&twin), "Rule 2 says the same as rule 1."),
    ] {
        let page = posts(&ada, CREATE, &fields);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(page.says(words), "{words}: {}", page.text());
        assert!(page.title().starts_with("Error: "), "{words}");
        assert_eq!(Snapshot::of(&world), before, "{words}");
    }
    let page = posts(
        &ada,
        CREATE,
        &with(&[
            field("role.n1", "cks_admin"),
            field("user.n1", crate::users::id_of(&world, ADMINISTRATOR).to_string()),
        ]),
    );
    assert!(page.status.is_redirection(), "whoever is named twice is named once: {}", page.text());
}

fn whoever_or_whatever_is_not_of_the_organization_is_refused(world: World) {
    let ada = world.administrator();
    let eve = other_administrator(&world);
    let theirs = crate::users::id_of(&world, "eve@other.example").to_string();
    let their_group = crate::snapshot::texts(&world, "SELECT g.id FROM groups g JOIN organizations o ON o.id = g.organization_id WHERE o.name = 'Other' AND g.name = 'read'").remove(0);
    creates(&ada, &world, "Clusters", &["cks_viewer"], &[ADMINISTRATOR], &[]);
    let path = edits(&ada, "Clusters").url.path().to_owned();
    let before = Snapshot::of(&world);
    for (name, value) in [
        ("user.n1", theirs.as_str()),
        ("user.n1", "nonsense"),
        ("user.n1", UserId::new().as_str()),
        ("group.n1", &their_group),
        ("group.n1", GroupId::new().as_str()),
    ] {
        let good = fields(&world, "Others", &["cks_viewer"], &[ADMINISTRATOR], &[]);
        let page = posts(&ada, CREATE, &[good, vec![field(name, value)]].concat());
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name} {value}");
        assert!(page.says("not in this organization, or not any more"), "{}", page.text());
        assert!(page.form("Save Policy").is_checked("Ada Lovelace") && !page.says("Eve"), "{}", page.text());
    }
    for path in [path.clone(), format!("{path}/delete")] {
        assert_eq!(eve.get(&path).status, StatusCode::NOT_FOUND);
        assert_eq!(eve.post(&path, &[("version", "1"), ("act", "save")]).status, StatusCode::NOT_FOUND);
    }
    assert!(!eve.get(POLICIES).has_row("Clusters"));
    assert_eq!(Snapshot::of(&world), before);
}

fn names_that_look_alike_are_one_name(world: World) {
    let ada = world.administrator();
    creates(&ada, &world, "Clusters", &["cks_viewer"], &[ADMINISTRATOR], &[]);
    for name in ["clusters", "Сlusters", "CLUSTER\u{200b}S", "Ｃlusters", "admin", "Аdmin"] {
        let page = posts(&ada, CREATE, &fields(&world, name, &["cks_viewer"], &[ADMINISTRATOR], &[]));
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(page.error_for("Name").is_some_and(|it| it.contains("Another policy has this name")));
    }
    let page = edits(&ada, "Clusters").form("Save Policy").fill("Name", "CLUSTERS").press();
    assert!(page.toast().is_some(), "its own name is free: {}", page.text());
}

fn ten_thousand_rules_are_refused(world: World) {
    let ada = world.administrator();
    let before = Snapshot::of(&world);
    let mut fields = vec![field("name", "Ten thousand"), field("act", "save")];
    fields.extend((0..10_000).map(|n| field("rule", format!("n{n}"))));
    let page = posts(&ada, CREATE, &fields);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.says("A policy has at most 100 rules."),
        "{}",
        page.text().chars().take(500).collect::<String>()
    );
    let add = [field("act", "add")].into_iter().chain((0..100).map(|n| field("rule", format!("n{n}"))));
    let page = posts(&ada, CREATE, &add.collect::<Vec<_>>());
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "one more than a hundred");
    assert_eq!(Snapshot::of(&world), before);
}

fn more_people_than_a_rule_may_name_are_refused(world: World) {
    let ada = world.administrator();
    let many = (0..201).map(|_| field("user.n1", UserId::new().to_string()));
    let fields =
        [field("name", "Many"), field("act", "save"), field("rule", "n1"), field("role.n1", "cks_viewer")];
    let page = posts(&ada, CREATE, &fields.into_iter().chain(many).collect::<Vec<_>>());
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("Rule 1 names more than 200 people and groups"), "{}", page.text());
}

fn a_policy_as_large_as_it_may_be_is_saved_and_edited(world: World) {
    let ada = world.administrator();
    let emails: Vec<String> = (0..200).map(|n| format!("p{n}@example.com")).collect();
    let residents: Vec<_> =
        emails.iter().map(|email| crate::users::Resident::new(email.as_str(), "")).collect();
    crate::users::settle(&world, &residents);
    let ids: Vec<String> =
        crate::snapshot::texts(&world, "SELECT id FROM users WHERE email LIKE 'p%' ORDER BY email");
    let group = group_id(&world, "read").to_string();
    let roles = [
        "cks_viewer",
        "cks_admin",
        "iam_viewer",
        "billing_viewer",
        "support_viewer",
        "observability_viewer",
        "inference_viewer",
        "inference_admin",
        "telemetry_relay_reader",
    ];
    let mut fields = vec![field("name", "Large"), field("act", "save")];
    for n in 0..100 {
        fields.push(field("rule", format!("n{n}")));
        match roles.get(n) {
            Some(role) => {
                fields.push(field(&format!("role.n{n}"), *role));
                fields.extend(ids.iter().map(|id| field(&format!("user.n{n}"), id.as_str())));
            }
            None => {
                fields.push(field(&format!("group.n{n}"), group.as_str()));
                fields.push(field(&format!("role.n{n}"), "cks_viewer"));
                fields.push(field(&format!("user.n{n}"), ids[n].as_str()));
            }
        }
    }
    let page = posts(&ada, CREATE, &fields);
    assert!(page.status.is_redirection(), "{}", page.text().chars().take(800).collect::<String>());
    let page = edits(&ada, "Large");
    let pairs = page.form("Save Policy").pairs();
    let bytes: usize = pairs.iter().map(|(name, value)| name.len() + value.len() + 6).sum();
    assert!(bytes < 220_000, "{bytes}");
    let saved = page.form("Save Policy").fill("Description", "Still").press();
    assert!(saved.toast().is_some_and(|words| words.contains("Large is saved")), "{:?}", saved.status);
}
