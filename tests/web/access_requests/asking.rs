//! Asking for a role, and the lists.

use chrono::Duration;
use reqwest::StatusCode;
use roster::base::ids::AccessRequestId;

use super::{REQUESTS, act, asked, asks, gives, letters, request_of, settled, state_of};
use crate::support::on_both;
use crate::support::people::ADMINISTRATOR;
use crate::support::world::{Database, World};
use crate::users::{id_of, lines, member, other_administrator};

on_both!(
    a_role_is_asked_for_approved_held_and_ends_by_itself,
    what_cannot_be_asked_for_is_told_at_its_field,
    a_role_that_is_held_or_asked_for_is_not_asked_for_again,
    those_who_may_decide_are_told_and_nobody_else,
    everybody_sees_their_own_requests_and_approvers_all,
    the_history_is_paged_and_each_request_stands_in_it_once,
    the_requests_of_another_organization_are_not_there,
    the_navigation_counts_what_waits_for_an_approver,
    one_person_asks_for_twenty_roles_at_a_time_at_most,
);

fn a_role_is_asked_for_approved_held_and_ends_by_itself(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    assert_eq!(bob.get("/organization/users").status, StatusCode::FORBIDDEN);
    let form = bob.opens(REQUESTS).follow("Request access").form("Send request");
    let form = form.choose("Role", "IAM Viewer").choose("For how long", "30 minutes");
    let page = form.fill("Reason", "Somebody calls & cannot sign in <now>.").press();
    assert!(page.toast().expect("a toast").contains("IAM Viewer"), "{}", page.text());
    assert!(page.row("IAM Viewer").says("Pending"), "{}", page.text());

    let letter = world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.subject.contains("asks for"));
    assert_eq!(letter.subject, "Bob asks for IAM Viewer");
    for words in ["30 minutes", "cannot sign in <now>", "expires on"] {
        assert!(letter.text.contains(words), "{words}: {}", letter.text);
    }
    let link = letter.link("/organization/iam/access-requests");
    let page = ada.opens(&link);
    let row = page.row("Bob");
    assert!(row.says("IAM Viewer") && row.says("for 30 minutes") && row.says("cannot sign in <now>"));
    let page = row.follow("Approve IAM Viewer for Bob");
    for words in ["Bob", "IAM Viewer", "30 minutes", "cannot sign in <now>"] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    let page = page.form("Approve").fill("Note", "Look only.").press();
    assert_eq!(page.toast().as_deref(), Some("IAM Viewer is approved for 30 minutes."));
    let letter = world.mailbox.wait_for("bob@example.com", |letter| letter.subject.contains("approved"));
    assert!(letter.text.contains("Look only.") && letter.text.contains("Ada Lovelace approved it"));

    assert_eq!(bob.get("/organization/users").status, StatusCode::OK, "the role is held at once");
    let page = ada.opens(&crate::users::path(&world, "bob@example.com", ""));
    assert!(page.says("by an approved access request, until 23 Nov 2026, 09:30 UTC"), "{}", page.text());
    let page = bob.opens(REQUESTS);
    world.later(Duration::minutes(30));
    assert_eq!(bob.get("/organization/users").status, StatusCode::FORBIDDEN, "and ends at its moment");
    assert_eq!(page.status, StatusCode::OK);
    let id = request_of(&world, "bob@example.com");
    super::comes_to(&world, id, "ended");
    let letter = world.mailbox.wait_for("bob@example.com", |letter| letter.subject.contains("ended"));
    assert!(letter.text.contains("no longer held"), "{}", letter.text);
    let written = ["access_request.ask", "requests.decide", "access_request.end"].map(|it| lines(&world, it));
    assert_eq!((written, letters(&world, "access_news")), ([1, 1, 1], 2));
    assert!(bob.opens(&format!("{REQUESTS}?show=mine")).row("IAM Viewer").says("its time was up"));
}

fn what_cannot_be_asked_for_is_told_at_its_field(world: World) {
    world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    let long = "x".repeat(501);
    let bad: [(&str, &str, &str, &str); 7] = [
        ("", "60", "why", "Role"),
        ("emperor", "60", "why", "Role"),
        ("cks_admin", "14", "why", "For how long"),
        ("cks_admin", "481", "why", "For how long"),
        ("cks_admin", "-1", "why", "For how long"),
        ("cks_admin", "60", " \r\n ", "Reason"),
        ("cks_admin", "60", &long, "Reason"),
    ];
    for (role, minutes, reason, label) in bad {
        let fields = [("role", role), ("minutes", minutes), ("reason", reason)];
        let page = bob.post(&format!("{REQUESTS}/new"), &fields);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{role} {minutes} {reason}");
        assert!(page.error_for(label).is_some(), "{label}: {}", page.text());
        assert!(page.title().starts_with("Error: "));
    }
    assert_eq!((lines(&world, "access_request.ask"), letters(&world, "access_asked")), (0, 0));
}

fn a_role_that_is_held_or_asked_for_is_not_asked_for_again(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &["write"]);
    // CKS Admin contains CKS Viewer.
    for held in ["cks_admin", "cks_viewer"] {
        let page = asks(&bob, held, "60");
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.error_for("Role").unwrap().contains("You hold this role already"), "{}", page.text());
    }
    let id = asked(&world, &bob, "bob@example.com", "billing_viewer");
    let page = asks(&bob, "billing_viewer", "15");
    assert!(page.error_for("Role").unwrap().contains("asked for this role already"), "{}", page.text());
    act(&ada, id, "approve");
    let page = asks(&bob, "billing_viewer", "15");
    assert!(page.error_for("Role").unwrap().contains("until 23 Nov 2026, 10:00 UTC"), "{}", page.text());
    world.later(Duration::minutes(61));
    assert_eq!(asks(&bob, "billing_viewer", "15").status, StatusCode::SEE_OTHER, "when it has ended, again");
    assert_eq!(lines(&world, "access_request.ask"), 2);
}

fn those_who_may_decide_are_told_and_nobody_else(world: World) {
    world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    member(&world, "eva@example.com", "Eva", &[]);
    gives(&world, "eva@example.com", "access_request_approver");
    member(&world, "ian@example.com", "Ian", &[]);
    gives(&world, "ian@example.com", "iam_admin");
    member(&world, "rita@example.com", "Rita", &["read"]);
    let told = |role: &str| world.mailbox.letters().iter().filter(|it| it.subject.ends_with(role)).count();
    asked(&world, &bob, "bob@example.com", "cks_admin");
    world.mailbox.wait_for("eva@example.com", |letter| letter.subject == "Bob asks for CKS Admin");
    world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.subject == "Bob asks for CKS Admin");
    let page = asks(&bob, "iam_admin", "60").followed();
    assert!(page.toast().unwrap().contains("One person"), "only Ada may approve it: {}", page.text());
    world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.subject == "Bob asks for IAM Admin");
    assert_eq!((told("CKS Admin"), told("IAM Admin")), (2, 1));
    assert_eq!(letters(&world, "access_asked"), 3);
    // An approver who asks does not tell themselves.
    let eva = crate::users::enters(&world, "eva@example.com");
    asked(&world, &eva, "eva@example.com", "billing_viewer");
    assert_eq!(letters(&world, "access_asked"), 4);
}

fn everybody_sees_their_own_requests_and_approvers_all(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &["read"]);
    let eve = member(&world, "eve@example.com", "Eve", &[]);
    let bobs = asked(&world, &bob, "bob@example.com", "cks_admin");
    let eves = asked(&world, &eve, "eve@example.com", "billing_viewer");
    let page = bob.opens(REQUESTS);
    assert!(page.has_row("CKS Admin") && !page.has_row("Billing Viewer"), "{}", page.text());
    for show in ["waiting", "history"] {
        let status = bob.get(&format!("{REQUESTS}?show={show}")).status;
        assert_eq!(status, StatusCode::FORBIDDEN, "{show}");
    }
    assert_eq!(bob.get(&format!("{REQUESTS}/{bobs}")).status, StatusCode::OK);
    for act in ["", "/approve", "/deny"] {
        assert_eq!(bob.get(&format!("{REQUESTS}/{eves}{act}")).status, StatusCode::NOT_FOUND, "{act}");
    }
    let page = ada.opens(REQUESTS);
    assert!(page.has_row("CKS Admin") && page.has_row("Billing Viewer"), "{}", page.text());
    act(&ada, eves, "deny");
    let page = ada.opens(&format!("{REQUESTS}?show=history"));
    assert!(page.row("Eve").says("Denied") && page.row("Eve").says("by Ada Lovelace"), "{}", page.text());
    assert!(!page.has_row("Bob"));
    let lost = ada.opens(&format!("{REQUESTS}?after=nonsense"));
    assert!(lost.says("cannot be found") && lost.has_row("Bob"), "{}", lost.text());
}

fn the_history_is_paged_and_each_request_stands_in_it_once(world: World) {
    let ada = world.administrator();
    member(&world, "bob@example.com", "Bob", &[]);
    let bob = id_of(&world, "bob@example.com");
    let mut all: Vec<AccessRequestId> =
        (0..120).map(|nth| settled(&world, bob, "cks_admin", "denied", 600 - nth)).collect();
    all.reverse();
    let ids = |page: &crate::support::page::Page| -> Vec<AccessRequestId> {
        let rows = page.whole().all("tbody tr").map(|row| row.attr("id").unwrap().replace("request-", ""));
        rows.collect::<Vec<_>>().iter().map(|id| id.parse().unwrap()).collect()
    };
    let mut page = ada.opens(&format!("{REQUESTS}?show=history"));
    let first = ids(&page);
    let mut found = first.clone();
    while page.has_link("Next") {
        page = page.follow("Next");
        found.extend(ids(&page));
    }
    assert_eq!(found, all);
    let page = page.follow("Previous");
    assert_eq!(ids(&page), all[50..100]);
    let page = page.follow("Previous");
    assert_eq!((ids(&page), page.has_link("Previous")), (first, false));
}

fn the_requests_of_another_organization_are_not_there(world: World) {
    world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    let id = asked(&world, &bob, "bob@example.com", "cks_admin");
    let eve = other_administrator(&world);
    for path in ["", "/approve", "/deny"] {
        assert_eq!(eve.get(&format!("{REQUESTS}/{id}{path}")).status, StatusCode::NOT_FOUND, "{path}");
    }
    for name in ["approve", "deny", "withdraw", "give-back", "end"] {
        assert_eq!(act(&eve, id, name).status, StatusCode::NOT_FOUND, "{name}");
        assert_eq!(act(&eve, AccessRequestId::new(), name).status, StatusCode::NOT_FOUND, "{name}");
    }
    assert_eq!(eve.post(&format!("{REQUESTS}/nonsense/approve"), &[]).status, StatusCode::NOT_FOUND);
    assert!(!eve.opens(REQUESTS).has_row("Bob"));
    assert_eq!(state_of(&world, id), "pending");
}

fn the_navigation_counts_what_waits_for_an_approver(world: World) {
    let ada = world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    let count = |person: &crate::support::person::Person| {
        let page = person.opens("/account/settings");
        page.whole().all("nav[aria-label=Main] .count").map(crate::support::page::text_of).next()
    };
    assert_eq!(count(&ada), None);
    let id = asked(&world, &bob, "bob@example.com", "cks_admin");
    asked(&world, &bob, "bob@example.com", "billing_viewer");
    // One's own is for others.
    asked(&world, &ada, ADMINISTRATOR, "billing_viewer");
    assert_eq!((count(&ada).as_deref(), count(&bob)), (Some("2 waiting"), None));
    act(&ada, id, "deny");
    assert_eq!(count(&ada).as_deref(), Some("1 waiting"));
    world.later(Duration::hours(2));
    assert_eq!(count(&ada), None, "what has expired does not wait");
}

fn one_person_asks_for_twenty_roles_at_a_time_at_most(world: World) {
    world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    let user = id_of(&world, "bob@example.com");
    for nth in 0..19 {
        settled(&world, user, &format!("role_{nth}"), "pending", 1);
    }
    assert_eq!(asks(&bob, "cks_admin", "60").status, StatusCode::SEE_OTHER);
    let page = asks(&bob, "billing_viewer", "60");
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("20 of your requests wait"), "{}", page.text());
    world.later(Duration::hours(2));
    assert_eq!(
        asks(&bob, "billing_viewer", "60").status,
        StatusCode::SEE_OTHER,
        "what has expired waits no more"
    );
}

#[test]
fn the_operator_settles_for_how_long_a_role_can_be_asked_for() {
    let world = World::with(Database::Sqlite, &[("access_request_hours", "1")]);
    world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    let page = asks(&bob, "cks_admin", "61");
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("Choose a time from 15 minutes to 1 hour."), "{}", page.text());
    let form = page.form("Send request").choose("For how long", "1 hour");
    assert!(form.press().toast().expect("a toast").contains("CKS Admin"));
}
