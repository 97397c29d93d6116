//! The roles page, the operator's roles, and explanations: may they, why, and what would let them.

use diesel::prelude::*;
use reqwest::StatusCode;
use roster::base::ids::{AccessRequestId, UserId};
use roster::db::schema::access_requests;

use crate::snapshot::Snapshot;
use crate::support::on_both;
use crate::support::page::Page;
use crate::support::people::ADMINISTRATOR;
use crate::support::person::Person;
use crate::support::world::{Database, World, fresh_folder};
use crate::users::{Resident, access_changed, group_id, id_of, member, organization, path, settle};

on_both!(
    the_catalogue_is_shown_by_service_with_who_holds_each_role,
    a_yes_is_explained_from_the_policy_to_the_role,
    whatever_gives_a_role_is_linked_from_where_it_is_told,
    a_no_comes_with_the_smallest_change_which_makes_it_a_yes,
    a_role_held_for_a_time_and_a_request_that_waits_are_told,
    whoever_is_not_active_may_do_nothing_and_the_answer_says_so,
    who_may_do_something_is_answered_with_groups_and_people,
    what_cannot_be_answered_is_told_at_its_field,
    whoever_may_not_read_roles_is_not_answered,
);

const ROLES: &str = "/organization/iam/roles";

fn asks(who: &Person, person: &str, action: &str) -> Page {
    who.opens(ROLES).form("Explain").fill("Person", person).fill("Action", action).press()
}

/// A request of this person in this state; an approved one ends in an hour.
fn has_request(world: &World, email: &str, role: &str, state: &str) {
    let (organization, user): (_, UserId) = (organization(world), id_of(world, email));
    let insert = |tx: &mut roster::db::Tx<'_>| {
        let (now, later) = (tx.now(), tx.now().plus(chrono::Duration::hours(1)));
        diesel::insert_into(access_requests::table)
            .values((
                access_requests::id.eq(AccessRequestId::new()),
                access_requests::organization_id.eq(organization),
                access_requests::user_id.eq(user),
                access_requests::role.eq(role),
                access_requests::reason.eq("The cluster is down."),
                access_requests::minutes.eq(60),
                access_requests::state.eq(state),
                access_requests::created_at.eq(now),
                access_requests::expires_at.eq(later),
                access_requests::ends_at.eq((state == "approved").then_some(later)),
            ))
            .execute(tx.conn())?;
        access_changed(tx)
    };
    world.db().write_now(organization, insert).expect("a request");
}

fn the_catalogue_is_shown_by_service_with_who_holds_each_role(world: World) {
    let ada = world.administrator();
    member(&world, "bob@example.com", "Bob", &["read"]);
    let page = ada.opens(ROLES);
    let row = page.row("IAM Viewer");
    assert!(row.says("Held through the group read") && row.says("iam.users.read"), "{}", row.text());
    assert!(page.row("CKS Admin").says("Held through the groups admin and write"));
    assert!(page.row("Support Viewer").says("Held by nobody"));
    let page = page.follow("CKS Admin");
    assert_eq!(page.heading(), "CKS Admin");
    assert!(page.says("contains CKS Viewer") && page.says("cks.clusters.create"), "{}", page.text());
    assert!(page.row("admin").says("by the access policy admin · 1 member"), "{}", page.text());
    assert_eq!(
        page.follow("write").url.path(),
        format!("/organization/groups/{}", group_id(&world, "write"))
    );
    assert_eq!(ada.get(&format!("{ROLES}/nothing")).status, StatusCode::NOT_FOUND);
}

fn a_yes_is_explained_from_the_policy_to_the_role(world: World) {
    let ada = world.administrator();
    member(&world, "bob@example.com", "Bob Babbage", &["read"]);
    let before = Snapshot::of(&world);
    let page = asks(&ada, "BOB@example.com", "iam.users.read");
    assert!(page.says("Yes. Bob Babbage may do iam.users.read."), "{}", page.text());
    let way = page.row("access policy read");
    for step in ["access policy read", "rule 1", "group read", "role IAM Viewer"] {
        assert!(way.says(step), "{step}: {}", way.text());
    }
    let page = ada.opens(&path(&world, "bob@example.com", ""));
    let page = page.form("Explain").fill("May they do this?", "cks.clusters.list").press();
    assert!(page.says("Yes. Bob Babbage may do cks.clusters.list."), "{}", page.text());
    assert!(page.says("What they may do") && page.says("tokens.list"), "{}", page.text());
    let page = asks(&ada, "bob@example.com", "");
    assert!(page.says("What Bob Babbage may do") && page.says("cks.vpcs.read"), "{}", page.text());
    assert_eq!(Snapshot::of(&world), before);
}

fn whatever_gives_a_role_is_linked_from_where_it_is_told(world: World) {
    let ada = world.administrator();
    member(&world, "bob@example.com", "Bob", &["read"]);
    let policy = ada.opens("/organization/iam/access-policies").link("read").path().to_owned();
    let answer = asks(&ada, "bob@example.com", "iam.users.read");
    assert_eq!(answer.link("access policy read").path(), policy);
    assert_eq!(answer.link("role IAM Viewer").path(), format!("{ROLES}/iam_viewer"));
    let group = answer.follow("group read");
    assert_eq!(group.heading(), "read Standard");
    let bob = ada.opens(&path(&world, "bob@example.com", ""));
    let role = ada.opens(&format!("{ROLES}/iam_viewer"));
    for page in [group, bob, role] {
        let is_linked =
            page.whole().all("main small a").any(|it| it.value().attr("href") == Some(policy.as_str()));
        assert!(is_linked, "{}", page.url);
    }
}

fn a_no_comes_with_the_smallest_change_which_makes_it_a_yes(world: World) {
    let ada = world.administrator();
    member(&world, "bob@example.com", "Bob", &[]);
    let ask = "observability.metrics.read";
    let page = ada.opens(&path(&world, "bob@example.com", ""));
    let page = page.form("Explain").fill("May they do this?", ask).press();
    assert!(page.says(&format!("No. Bob may not do {ask}.")), "{}", page.text());
    assert!(
        page.says("Add Bob to the group metrics, which carries Observability Viewer."),
        "{}",
        page.text()
    );
    let form = page.follow("Add to the group").form("Add members");
    assert!(form.is_checked("Bob"), "the way there is made ready");
    form.press();
    assert!(asks(&ada, "bob@example.com", ask).says("Yes."), "the change that was named is enough");
    let page = asks(&ada, "bob@example.com", "support.tickets.read");
    assert!(page.says("Give Bob the role Support Viewer by a rule of an access policy"), "{}", page.text());
}

fn a_role_held_for_a_time_and_a_request_that_waits_are_told(world: World) {
    let ada = world.administrator();
    settle(&world, &[Resident::new("bob@example.com", "Bob"), Resident::new("eve@example.com", "Eve")]);
    has_request(&world, "bob@example.com", "cks_admin", "approved");
    has_request(&world, "eve@example.com", "cks_admin", "pending");
    let page = asks(&ada, "bob@example.com", "cks.clusters.create");
    assert!(
        page.says("Yes.") && page.says("approved request, until 23 Nov 2026, 10:00 UTC"),
        "{}",
        page.text()
    );
    let page = asks(&ada, "eve@example.com", "cks.clusters.create");
    assert!(page.says("Approve the request of Eve for CKS Admin, which waits."), "{}", page.text());
    let page = asks(&ada, "", "cks.clusters.create");
    assert!(page.row("Bob").says("by an approved request") && !page.has_row("Eve"), "{}", page.text());
    assert!(ada.opens(ROLES).row("CKS Admin").says("by 1 person for a time"));
    world.later(chrono::Duration::minutes(61));
    assert!(asks(&ada, "bob@example.com", "cks.clusters.create").says("No. Bob may not do"));
}

fn whoever_is_not_active_may_do_nothing_and_the_answer_says_so(world: World) {
    let ada = world.administrator();
    ada.invites("dora@example.com", &["read"]);
    let page = asks(&ada, "dora@example.com", "iam.users.read");
    assert!(
        page.says("No, not now. dora@example.com has not accepted the invitation yet"),
        "{}",
        page.text()
    );
    assert!(page.says("access policy read"), "what it will be is told: {}", page.text());
    let deactivated = roster::people::Status::Deactivated;
    settle(&world, &[Resident { status: deactivated, ..Resident::new("bob@example.com", "Bob") }]);
    let page = asks(&ada, "bob@example.com", "iam.users.read");
    assert!(page.says("No. Bob may not do") && page.says("Bob is deactivated"), "{}", page.text());
}

fn who_may_do_something_is_answered_with_groups_and_people(world: World) {
    let ada = world.administrator();
    let page = asks(&ada, "", "iam.users.invite");
    assert!(page.says("Who may do iam.users.invite"), "{}", page.text());
    assert!(page.says("IAM Admin, by the access policy admin · 1 member"), "{}", page.text());
    assert!(asks(&ada, "", "support.tickets.read").says("Nobody."));
}

fn what_cannot_be_answered_is_told_at_its_field(world: World) {
    let ada = world.administrator();
    crate::users::other_administrator(&world);
    let page = asks(&ada, "bob", "iam.users.read");
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.error_for("Person").is_some_and(|error| error.contains("whole address")));
    for stranger in ["nobody@example.com", "eve@other.example"] {
        let page = asks(&ada, stranger, "iam.users.read");
        assert!(page.error_for("Person").is_some_and(|error| error.contains("Nobody in the organization")));
    }
    let page = asks(&ada, ADMINISTRATOR, "iam.users.eat");
    assert!(page.error_for("Action").is_some_and(|error| error.contains("No service has an action")));
    assert_eq!(page.form("Explain").value("Action"), "iam.users.eat");
    let long = "x".repeat(5_000);
    assert_eq!(
        ada.get(&format!("{ROLES}?person={long}&action={long}")).status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let page = ada.opens(&path(&world, ADMINISTRATOR, "?action=nonsense").replace("/?", "?"));
    assert!(page.says("No service has an action nonsense."), "{}", page.text());
}

fn whoever_may_not_read_roles_is_not_answered(world: World) {
    world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &["write"]);
    for path in [ROLES, "/organization/iam/roles/iam_admin", "/organization/iam/roles?action=iam.users.read"]
    {
        assert_eq!(bob.get(path).status, StatusCode::FORBIDDEN, "{path}");
    }
    let reader = member(&world, "r@example.com", "Reader", &["read"]);
    assert!(asks(&reader, "bob@example.com", "cks.vpcs.create").says("Yes."));
    let page = asks(&reader, "r@example.com", "cks.vpcs.create");
    assert!(page.says("No.") && !page.has_link("Add to the group"), "{}", page.text());
}

const OPERATORS: &str = "[[services]]\nid = 'games'\nname = 'Games'\nactions = ['games.play', 'games.host']\n\n\
    [[roles]]\nid = 'host'\nname = 'Games Host'\nactions = ['games.play', 'games.host']\n\n\
    [[roles]]\nid = 'doorkeeper'\nname = 'Doorkeeper'\nincludes = ['iam_viewer']\nactions = ['iam.memberships.write']\n";

fn with_operators_roles(database: Database) -> World {
    let file = fresh_folder().join("roles.toml");
    std::fs::write(&file, OPERATORS).expect("a file");
    World::with(database, &[("roles_file", &file.to_string_lossy())])
}

/// Lets a policy of its own give one role to a group.
fn gives(world: &World, role: &str, group: &str) {
    use roster::base::ids::{PolicyId, RuleId};
    use roster::db::schema::{policies, rule_groups, rule_roles, rules};
    let (organization, group) = (organization(world), group_id(world, group));
    let insert = |tx: &mut roster::db::Tx<'_>| {
        let (policy, rule, now) = (PolicyId::new(), RuleId::new(), tx.now());
        diesel::insert_into(policies::table)
            .values((
                policies::id.eq(policy),
                policies::organization_id.eq(organization),
                policies::name.eq(format!("{role} policy")),
                policies::name_key.eq(format!("{role} policy")),
                policies::created_at.eq(now),
                policies::updated_at.eq(now),
            ))
            .execute(tx.conn())?;
        diesel::insert_into(rules::table)
            .values((
                rules::id.eq(rule),
                rules::organization_id.eq(organization),
                rules::policy_id.eq(policy),
                rules::position.eq(0),
            ))
            .execute(tx.conn())?;
        diesel::insert_into(rule_roles::table)
            .values((
                rule_roles::rule_id.eq(rule),
                rule_roles::role.eq(role),
                rule_roles::organization_id.eq(organization),
            ))
            .execute(tx.conn())?;
        diesel::insert_into(rule_groups::table)
            .values((
                rule_groups::rule_id.eq(rule),
                rule_groups::group_id.eq(group),
                rule_groups::organization_id.eq(organization),
            ))
            .execute(tx.conn())?;
        access_changed(tx)
    };
    world.db().write_now(organization, insert).expect("a policy");
}

#[test]
fn an_operators_roles_are_shown_given_and_explained_like_those_that_are_built_in() {
    for database in [Database::Sqlite, Database::Postgres] {
        let world = with_operators_roles(database);
        let ada = world.administrator();
        let page = ada.opens(ROLES);
        assert!(page.says("Games") && page.row("Games Host").says("Own"), "{}", page.text());
        gives(&world, "host", "metrics");
        member(&world, "bob@example.com", "Bob", &["metrics"]);
        let page = asks(&ada, "bob@example.com", "games.host");
        assert!(page.says("Yes.") && page.says("access policy host policy"), "{}", page.text());
    }
}

#[test]
fn nobody_adds_people_to_a_group_that_carries_more_than_they_hold() {
    for database in [Database::Sqlite, Database::Postgres] {
        let world = with_operators_roles(database);
        let ada = world.administrator();
        for group in ["Doors", "Players"] {
            ada.post("/organization/groups/create", &[("name", group)]);
        }
        gives(&world, "doorkeeper", "Doors");
        let dora = member(&world, "dora@example.com", "Dora", &["Doors"]);
        let me = id_of(&world, "dora@example.com").to_string();
        let before = Snapshot::of(&world);
        let path = |group: &str| format!("/organization/groups/{}/members", group_id(&world, group));
        let page = dora.post(&path("admin"), &[("user", &me)]);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.says("access that you do not have yourself"), "{}", page.text());
        assert!(!dora.opens(&path("admin")).has_button("Add members"));
        assert_eq!(Snapshot::of(&world), before);
        assert_eq!(dora.post(&path("Players"), &[("user", &me)]).status, StatusCode::SEE_OTHER);
        assert_eq!(dora.post(&path("Doors"), &[("addresses", ADMINISTRATOR)]).status, StatusCode::SEE_OTHER);
    }
}
