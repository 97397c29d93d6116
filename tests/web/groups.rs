//! Groups: making, renaming, deleting them, and who is in them.

use diesel::prelude::*;
use reqwest::StatusCode;
use roster::db::Fault;
use roster::db::schema::{groups, memberships, policies, rule_groups, rules};

use crate::snapshot::{Snapshot, texts};
use crate::support::people::ADMINISTRATOR;
use crate::support::person::Person;
use crate::support::world::World;
use crate::support::{at_once, on_both};
use crate::users::{Resident, access_changed, ask, group_id, id_of, lines, member, organization, settle};

on_both!(
    a_group_is_made_renamed_and_deleted,
    names_that_differ_only_in_case_or_look_are_refused,
    a_name_is_made_once_by_many_at_once,
    a_standard_group_keeps_its_name_and_its_existence,
    people_are_added_by_ticking_and_by_address_before_they_accept_too,
    who_is_not_in_the_organization_is_not_added_and_nobody_else_either,
    a_search_keeps_what_was_ticked_and_typed,
    members_are_taken_out_and_put_back,
    many_adding_the_same_person_add_them_once,
    deleting_takes_the_group_out_of_policies_and_says_of_which,
    the_last_administrator_is_not_taken_out_and_their_group_not_deleted,
    members_and_groups_come_in_pages,
    the_groups_of_another_organization_are_not_there,
    whoever_may_only_read_changes_nothing,
    an_organization_has_at_most_500_groups,
    a_form_sent_after_the_session_ended_is_there_again_after_signing_in,
);

const GROUPS: &str = "/organization/groups";

fn make(person: &Person, name: &str) -> crate::support::page::Page {
    person.opens(GROUPS).follow("New group").form("Create group").fill("Name", name).press()
}

fn of(world: &World, name: &str, act: &str) -> String {
    let id = group_id(world, name);
    if act.is_empty() { format!("{GROUPS}/{id}") } else { format!("{GROUPS}/{id}/{act}") }
}

/// The count that a group says it has, and the memberships there are.
fn counts(world: &World, name: &str) -> (i64, i64) {
    let id = group_id(world, name);
    ask(world, |conn| {
        let said = groups::table.find(id).select(groups::members).first(conn)?;
        let are = memberships::table.filter(memberships::group_id.eq(id)).count().get_result(conn)?;
        Ok((said, are))
    })
}

/// Lets the policy of this name give its roles to the group, too.
fn carries(world: &World, group: &str, policy: &str) {
    let (organization, group) = (organization(world), group_id(world, group));
    let rule = |tx: &mut roster::db::Tx<'_>| {
        let rule: String = rules::table
            .inner_join(policies::table)
            .filter(policies::name.eq(policy))
            .filter(policies::organization_id.eq(organization))
            .select(rules::id)
            .first(tx.conn())?;
        diesel::insert_into(rule_groups::table)
            .values((
                rule_groups::rule_id.eq(rule),
                rule_groups::group_id.eq(group),
                rule_groups::organization_id.eq(organization),
            ))
            .execute(tx.conn())?;
        access_changed(tx)
    };
    world.db().write_now(organization, rule).expect("a rule");
}

fn a_group_is_made_renamed_and_deleted(world: World) {
    let ada = world.administrator();
    let page = make(&ada, "Night shift");
    assert_eq!(page.heading(), "Night shift");
    assert!(page.says("Nothing. No access policy names this group."), "{}", page.text());
    let form = page.follow("Rename").form("Save group");
    assert_eq!(form.value("Name"), "Night shift");
    let page = form.fill("Name", "Late shift").fill("Description", "From ten to six").press();
    assert_eq!((page.heading(), page.toast().as_deref()), ("Late shift".into(), Some("Group saved.")));
    assert!(ada.opens(GROUPS).row("Late shift").says("From ten to six"));
    let written = lines(&world, "iam.groups.write");
    assert_eq!(page.follow("Rename").form("Save group").press().heading(), "Late shift");
    assert_eq!(lines(&world, "iam.groups.write"), written, "nothing was changed, nothing is written");
    let page = ada.opens(&of(&world, "Late shift", "")).follow("Delete");
    assert!(page.says("No access policy names it"), "{}", page.text());
    let page = page.form("Delete Late shift").press();
    assert_eq!(page.toast().as_deref(), Some("The group Late shift is deleted."));
    assert!(!page.has_row("Late shift"));
    assert_eq!(lines(&world, "iam.groups.write"), 3);
}

fn names_that_differ_only_in_case_or_look_are_refused(world: World) {
    let ada = world.administrator();
    make(&ada, "Night shift");
    let before = Snapshot::of(&world);
    for taken in ["night SHIFT", "Nіght shіft", "Ｎight shift", " Night\u{200B}  shift ", "Аdmin", "WRITE"]
    {
        let page = make(&ada, taken);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{taken}");
        let error = page.error_for("Name").expect("an error");
        assert!(error.contains("already"), "{taken}: {error}");
    }
    for (name, words) in
        [("", "Enter a name"), (" \u{202E} ", "Enter a name"), (&*"x".repeat(61), "at most 60")]
    {
        let page = make(&ada, name);
        assert!(page.error_for("Name").is_some_and(|error| error.contains(words)), "{name:?}");
    }
    let rename = ada.opens(&of(&world, "Night shift", "edit")).form("Save group");
    let page = rename.clone().fill("Name", "Метrics").press();
    assert!(page.error_for("Name").is_some_and(|error| error.contains("metrics")), "{}", page.text());
    assert_eq!(page.form("Save group").value("Name"), "Метrics", "what was typed stays");
    assert_eq!(Snapshot::of(&world), before);
    assert!(rename.fill("Name", "NIGHT shift").press().status.is_success(), "its own name in other letters");
}

fn a_name_is_made_once_by_many_at_once(world: World) {
    let ada = world.administrator();
    let answers = at_once(32, |nth| {
        let name = if nth % 2 == 0 { "Night shift" } else { "night shift" };
        ada.post("/organization/groups/create", &[("name", name)]).status
    });
    assert_eq!(answers.iter().filter(|status| status.is_redirection()).count(), 1, "{answers:?}");
    let refused = answers.iter().filter(|status| **status == StatusCode::UNPROCESSABLE_ENTITY).count();
    assert_eq!(refused, 31, "{answers:?}");
    assert_eq!(lines(&world, "iam.groups.write"), 1);
}

fn a_standard_group_keeps_its_name_and_its_existence(world: World) {
    let ada = world.administrator();
    let page = ada.opens(&of(&world, "write", ""));
    assert!(page.says("Standard") && !page.has_link("Delete") && page.says("CKS Admin"), "{}", page.text());
    let page = page.follow("Describe").form("Save group").fill("Description", "Builds things").press();
    assert!(page.says("Builds things") && page.heading().starts_with("write"), "{}", page.text());
    let before = Snapshot::of(&world);
    let page = ada.post(&of(&world, "write", "edit"), &[("name", "writers")]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("keeps its name"), "{}", page.text());
    let page = ada.post(&of(&world, "write", "delete"), &[]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("so it stays"), "{}", page.text());
    assert_eq!(Snapshot::of(&world), before);
}

fn people_are_added_by_ticking_and_by_address_before_they_accept_too(world: World) {
    let ada = world.administrator();
    ada.invites("dora@example.com", &[]);
    settle(
        &world,
        &[Resident::new("bob@example.com", "Bob Babbage"), Resident::new("eve@example.com", "Eve")],
    );
    make(&ada, "Night shift");
    let form = ada.opens(&of(&world, "Night shift", "")).follow("Add members").form("Add members");
    let form = form.check("Bob Babbage").fill("Addresses", "Dora@example.com, Bob <bob@example.com>");
    let page = form.press();
    assert_eq!(page.toast().as_deref(), Some("Added Bob Babbage and dora@example.com to Night shift."));
    assert!(page.row("dora@example.com").says("Invited") && page.row("Bob Babbage").says("Active"));
    assert!(!page.has_row("Eve"));
    assert_eq!((counts(&world, "Night shift"), lines(&world, "iam.memberships.write")), ((2, 2), 1));
    assert!(ada.users().row("dora@example.com").says("Night shift"));
    let form = page.follow("Add members").form("Add members");
    assert!(form.is_checked("Bob Babbage"), "who is in it is shown so");
    let page = form.fill("Addresses", "dora@example.com eve@example.com").press();
    assert_eq!(page.toast().as_deref(), Some("Added Eve to Night shift. 1 was in it before."));
    assert_eq!(counts(&world, "Night shift"), (3, 3));
    let details = texts(&world, "SELECT details FROM audit_details");
    assert!(
        details.iter().any(|it| it.contains("\"added\":[\"eve@example.com\"]") && it.contains("Night shift"))
    );
}

fn who_is_not_in_the_organization_is_not_added_and_nobody_else_either(world: World) {
    let ada = world.administrator();
    settle(&world, &[Resident::new("bob@example.com", "Bob")]);
    make(&ada, "Night shift");
    crate::cast::another_organization(
        &world,
        "Elsewhere",
        "g@elsewhere.example",
        crate::support::people::PASSWORD,
    );
    let (bob, grace) =
        (id_of(&world, "bob@example.com").to_string(), id_of(&world, "g@elsewhere.example").to_string());
    let unknown = roster::base::ids::UserId::new().to_string();
    let many: String = (0..501).map(|n| format!("p{n}@example.com ")).collect();
    let before = Snapshot::of(&world);
    let asked: [(&[(&str, &str)], &str); 7] = [
        (&[], "Tick somebody"),
        (&[("user", &bob), ("user", &grace)], "not in the organization any more"),
        (&[("user", &bob), ("user", &unknown)], "not in the organization any more"),
        (&[("user", &bob), ("user", "nonsense")], "not in the organization any more"),
        (
            &[("user", &bob), ("addresses", "g@elsewhere.example")],
            "Nobody in the organization has the address",
        ),
        (&[("user", &bob), ("addresses", "a nonsense")], "are not addresses"),
        (&[("addresses", &many)], "at most 500 people"),
    ];
    for (fields, words) in asked {
        let page = ada.post(&of(&world, "Night shift", "members"), fields);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{words}");
        assert!(page.says(words), "{words}: {}", page.text());
        if fields.contains(&("user", &bob)) {
            assert!(page.form("Add members").is_checked("Bob"), "who was ticked stays ticked");
        }
    }
    assert_eq!(Snapshot::of(&world), before);
}

fn a_search_keeps_what_was_ticked_and_typed(world: World) {
    let ada = world.administrator();
    let names: Vec<String> = (0..120).map(|n| format!("Person {n:03}")).collect();
    let residents: Vec<_> =
        names.iter().enumerate().map(|(n, name)| Resident::new(format!("p{n}@example.com"), name)).collect();
    settle(&world, &residents);
    make(&ada, "Night shift");
    let page = ada.opens(&of(&world, "Night shift", "members"));
    assert!(page.says("The first 100 by name") && !page.says("Person 119"), "{}", page.text());
    let form = page.form("Search").check("Person 003").fill("Addresses", "p7@example.com");
    let page = form.fill("Find people", "son 119").press();
    let form = page.form("Add members");
    assert!(form.is_checked("Person 003") && !form.has_field("Person 004"), "{}", page.text());
    let page = form.check("Person 119").press();
    assert_eq!(page.toast().as_deref(), Some("Added 3 people to Night shift."));
    assert_eq!(counts(&world, "Night shift"), (3, 3));
    let page = page.follow("Add members").form("Search").fill("Find people", "zz").press();
    assert!(page.says("Nobody has “zz”"), "{}", page.text());
}

fn members_are_taken_out_and_put_back(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob Babbage", &["read"]);
    assert_eq!(bob.get("/organization/users").status, StatusCode::OK);
    let page = ada.opens(&of(&world, "read", ""));
    let page = page.row("Bob Babbage").form("Remove Bob Babbage").press();
    assert!(page.toast().is_some_and(|toast| toast.starts_with("Removed Bob Babbage from read.")));
    assert_eq!(bob.get("/organization/users").status, StatusCode::FORBIDDEN, "on the next request");
    assert_eq!(counts(&world, "read"), (0, 0));
    let page = page.form("Undo").press();
    assert!(page.has_row("Bob Babbage"), "{}", page.text());
    assert_eq!((counts(&world, "read"), lines(&world, "iam.memberships.write")), ((1, 1), 2));
    let eve = id_of(&world, ADMINISTRATOR).to_string();
    let page = ada.post(&of(&world, "read", "remove"), &[("user", &eve), ("user", "nonsense")]).followed();
    assert!(page.toast().is_some_and(|toast| toast.starts_with("Nobody was taken out of read")));
    assert_eq!(lines(&world, "iam.memberships.write"), 2);
}

fn many_adding_the_same_person_add_them_once(world: World) {
    let ada = world.administrator();
    settle(&world, &[Resident::new("bob@example.com", "Bob")]);
    let (bob, path) = (id_of(&world, "bob@example.com").to_string(), of(&world, "write", "members"));
    let answers = at_once(32, |_| ada.post(&path, &[("user", &bob)]).status);
    assert!(answers.iter().all(|status| status.is_redirection()), "{answers:?}");
    assert_eq!((counts(&world, "write"), lines(&world, "iam.memberships.write")), ((1, 1), 1));
    let remove = of(&world, "write", "remove");
    at_once(32, |_| ada.post(&remove, &[("user", &bob)]).status);
    assert_eq!((counts(&world, "write"), lines(&world, "iam.memberships.write")), ((0, 0), 2));
}

fn deleting_takes_the_group_out_of_policies_and_says_of_which(world: World) {
    let ada = world.administrator();
    make(&ada, "Night shift");
    carries(&world, "Night shift", "read");
    let bob = member(&world, "bob@example.com", "Bob", &["Night shift"]);
    assert_eq!(bob.get("/organization/users").status, StatusCode::OK);
    let id = group_id(&world, "Night shift");
    assert!(ada.opens(&of(&world, "Night shift", "")).says("IAM Viewer"));
    let page = ada.opens(&of(&world, "Night shift", "delete"));
    assert!(page.says("The access policy read names it, and will no more"), "{}", page.text());
    assert!(page.says("1 person is taken out of it") && page.says("IAM Viewer"), "{}", page.text());
    let version = "SELECT CAST(version AS TEXT) FROM policies WHERE name = 'read'";
    let before = texts(&world, version);
    page.form("Delete Night shift").press();
    assert_eq!(bob.get("/organization/users").status, StatusCode::FORBIDDEN, "on the next request");
    let left: i64 =
        ask(&world, |conn| rule_groups::table.filter(rule_groups::group_id.eq(id)).count().get_result(conn));
    assert_eq!(left, 0);
    assert_ne!(texts(&world, version), before, "whoever edits the policy is told");
    let details = texts(&world, "SELECT details FROM audit_details");
    assert!(
        details.iter().any(|it| it.contains("\"policies\":[\"read\"]") && it.contains("bob@example.com"))
    );
    assert_eq!(ada.post(&format!("{GROUPS}/{id}/delete"), &[]).status, StatusCode::NOT_FOUND, "once only");
}

fn the_last_administrator_is_not_taken_out_and_their_group_not_deleted(world: World) {
    let ada = world.administrator();
    make(&ada, "Owners");
    carries(&world, "Owners", "admin");
    let me = id_of(&world, ADMINISTRATOR).to_string();
    ada.post(&of(&world, "Owners", "members"), &[("user", &me)]);
    let left = ada.post(&of(&world, "admin", "remove"), &[("user", &me)]);
    assert_eq!(left.status, StatusCode::SEE_OTHER, "there is another way to be one: {}", left.text());
    let before = Snapshot::of(&world);
    let page = ada.post(&of(&world, "Owners", "remove"), &[("user", &me)]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("Give IAM Admin to somebody else who can sign in, then take"), "{}", page.text());
    let page = ada.post(&of(&world, "Owners", "delete"), &[]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("Give IAM Admin to somebody else who can sign in, then delete it"), "{}", page.text());
    assert_eq!(Snapshot::of(&world), before);
    member(&world, "bob@example.com", "Bob", &["admin"]);
    assert_eq!(ada.post(&of(&world, "Owners", "delete"), &[]).status, StatusCode::SEE_OTHER);
    assert_eq!(ada.get(GROUPS).status, StatusCode::FORBIDDEN);
}

fn members_and_groups_come_in_pages(world: World) {
    let ada = world.administrator();
    make(&ada, "Everybody");
    let group = group_id(&world, "Everybody");
    let names: Vec<String> = (0..120).map(|n| format!("Person {n:03}")).collect();
    let resident =
        |(n, name)| Resident { groups: vec![group], ..Resident::new(format!("p{n}@example.com"), name) };
    settle(&world, &names.iter().map(String::as_str).enumerate().map(resident).collect::<Vec<_>>());
    for many in [false, true] {
        if many {
            // A large group is walked another way.
            let large = |tx: &mut roster::db::Tx<'_>| {
                diesel::update(groups::table.find(group))
                    .set(groups::members.eq(1_001))
                    .execute(tx.conn())?;
                Ok::<_, Fault>(())
            };
            world.db().write_now(None, large).expect("a count");
        }
        let mut page = ada.opens(&of(&world, "Everybody", ""));
        let mut seen = Vec::new();
        loop {
            seen.extend(
                page.rows().iter().map(|row| row.split('@').next().unwrap_or_default()[..13].to_owned()),
            );
            if !page.has_link("Next") {
                break;
            }
            page = page.follow("Next");
        }
        let found: Vec<_> =
            seen.iter().filter_map(|row| names.iter().find(|name| row.contains(*name))).collect();
        assert_eq!(found, names.iter().collect::<Vec<_>>());
        let back = page.follow("Previous");
        assert!(back.has_row("Person 050") && back.has_row("Person 099") && !back.has_row("Person 100"));
        assert!(back.follow("Previous").has_row("Person 000"));
    }
    let lost = ada.opens(&(of(&world, "Everybody", "") + "?after=nonsense"));
    assert!(lost.says("cannot be found. This is its first page.") && lost.has_row("Person 000"));
    for n in 0..60 {
        assert!(
            ada.post("/organization/groups/create", &[("name", &format!("Team-{n:02}"))])
                .status
                .is_redirection()
        );
    }
    let page = ada.opens("/organization/groups?q=team");
    assert!(page.says("60 groups match") && page.has_row("Team-00") && !page.has_row("Team-50"));
    let page = page.follow("Next");
    assert!(page.has_row("Team-59") && !page.has_row("Team-49") && !page.has_link("Next"));
    assert!(page.follow("Previous").has_row("Team-00"));
    assert!(ada.opens("/organization/groups?q=zzz").says("No group matches"));
    assert!(ada.opens("/organization/groups?after=nonsense").says("cannot be found"));
}

fn the_groups_of_another_organization_are_not_there(world: World) {
    let ada = world.administrator();
    make(&ada, "Night shift");
    let password = crate::support::people::PASSWORD;
    let grace = crate::cast::another_organization(&world, "Elsewhere", "g@elsewhere.example", password);
    let me = id_of(&world, "g@elsewhere.example").to_string();
    let before = Snapshot::of(&world);
    let unknown = roster::base::ids::GroupId::new().to_string();
    for id in [
        group_id(&world, "Night shift").to_string(),
        group_id(&world, "admin").to_string(),
        unknown,
        "x".into(),
    ] {
        assert_eq!(grace.get(&format!("{GROUPS}/{id}")).status, StatusCode::NOT_FOUND);
        for act in ["edit", "delete", "members", "remove"] {
            let path = format!("{GROUPS}/{id}/{act}");
            assert_eq!(grace.get(&path).status, StatusCode::NOT_FOUND, "{path}");
            let fields = [("name", "Mine"), ("user", &*me)];
            let page = grace.post(&path, &fields);
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}: {}", page.text());
        }
    }
    assert!(!grace.opens(GROUPS).has_row("Night shift"));
    assert_eq!(Snapshot::of(&world), before);
    assert!(make(&grace, "Night shift").status.is_success(), "a name is taken in its own organization only");
}

fn whoever_may_only_read_changes_nothing(world: World) {
    let ada = world.administrator();
    make(&ada, "Night shift");
    let reader = member(&world, "r@example.com", "Reader", &["read"]);
    let member = member(&world, "m@example.com", "Member", &[]);
    let page = reader.opens(&of(&world, "Night shift", ""));
    assert!(!page.has_link("Rename") && !page.has_link("Delete") && !page.has_link("Add members"));
    assert!(page.says("Your access does not include this."), "{}", page.text());
    let before = Snapshot::of(&world);
    let me = id_of(&world, "r@example.com").to_string();
    for act in ["edit", "delete", "members", "remove"] {
        let path = of(&world, "Night shift", act);
        assert_eq!(
            reader.post(&path, &[("name", "Mine"), ("user", &me)]).status,
            StatusCode::FORBIDDEN,
            "{act}"
        );
    }
    assert_eq!(reader.post("/organization/groups/create", &[("name", "Mine")]).status, StatusCode::FORBIDDEN);
    assert_eq!(member.get(GROUPS).status, StatusCode::FORBIDDEN);
    assert_eq!(member.get(&of(&world, "Night shift", "")).status, StatusCode::FORBIDDEN);
    assert_eq!(Snapshot::of(&world), before);
}

fn an_organization_has_at_most_500_groups(world: World) {
    let ada = world.administrator();
    let organization = organization(&world);
    let fill = |tx: &mut roster::db::Tx<'_>| {
        for n in 0..495 {
            let now = tx.now();
            diesel::insert_into(groups::table)
                .values((
                    groups::id.eq(roster::base::ids::GroupId::new()),
                    groups::organization_id.eq(organization),
                    groups::name.eq(format!("Team {n}")),
                    groups::name_key.eq(format!("team {n}")),
                    groups::created_at.eq(now),
                ))
                .execute(tx.conn())?;
        }
        Ok::<_, Fault>(())
    };
    world.db().write_now(organization, fill).expect("groups");
    let page = make(&ada, "One more");
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.error_for("Name").is_some_and(|error| error.contains("at most 500 groups")));
    ada.post(&of(&world, "Team 7", "delete"), &[]);
    assert!(make(&ada, "One more").status.is_success());
}

fn a_form_sent_after_the_session_ended_is_there_again_after_signing_in(world: World) {
    let ada = world.administrator();
    settle(&world, &[Resident::new("bob@example.com", "Bob")]);
    let path = of(&world, "write", "members");
    let form = ada.opens(&path).form("Add members").check("Bob").fill("Addresses", "x@example.com");
    world.later(chrono::Duration::hours(13));
    let page = form.press();
    assert_eq!(page.url.path(), "/sign-in");
    let form = page.form("Sign in").fill("Email", ADMINISTRATOR);
    let page = form.fill("Password", crate::support::people::PASSWORD).press();
    assert!(page.says("What you chose is here again"), "{}", page.text());
    let form = page.form("Add members");
    assert!(form.is_checked("Bob") && form.value("Addresses").contains("x@example.com"));
}
