//! Several organizations in one installation: they share nothing but the sign-in page.

use chrono::Duration;
use reqwest::StatusCode;

use crate::cast::{Cast, Kind, another_organization};
use crate::routes;
use crate::snapshot::{Snapshot, texts};
use crate::support::on_both;
use crate::support::page::Page;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::world::World;

on_both!(
    whoever_has_one_password_in_several_organizations_chooses_between_them,
    a_password_that_opens_one_account_leads_straight_into_it,
    at_most_three_accounts_of_an_address_are_tried,
    the_choice_is_only_for_those_accounts_and_that_browser_and_not_for_long,
    whoever_is_deactivated_in_one_organization_is_at_home_in_the_other,
    nothing_of_another_organization_can_be_found_or_changed,
    groups_and_people_of_another_organization_cannot_be_named,
    lists_show_only_what_belongs_to_the_organization,
);

const OTHER_PASSWORD: &str = "nine loud mountains at dusk";

/// The organization whose member this browser is.
fn organization_of(person: &Person) -> String {
    let page = person.opens("/account/settings");
    let known = ["Analytical Engines", "Second", "Third", "Fourth"];
    let found: Vec<_> = known.into_iter().filter(|name| page.says(name)).collect();
    assert_eq!(found.len(), 1, "{found:?}: {}", page.text());
    found[0].to_owned()
}

fn choose(page: &Page, organization: &str) -> Page {
    page.form(organization).press()
}

fn whoever_has_one_password_in_several_organizations_chooses_between_them(world: World) {
    world.administrator();
    another_organization(&world, "Second", ADMINISTRATOR, PASSWORD);
    for organization in ["Analytical Engines", "Second"] {
        let ada = world.visitor();
        let form = ada.opens("/account/settings").form("Sign in").fill("Email", ADMINISTRATOR);
        let page = form.fill("Password", PASSWORD).press();
        assert_eq!(page.url.path(), "/sign-in/organization");
        assert!(page.has_button("Analytical Engines") && page.has_button("Second"), "{}", page.text());
        assert!(!ada.is_signed_in(), "not before the choice is made");
        let page = choose(&page, organization);
        assert_eq!(page.url.path(), "/account/settings", "the way back is kept over the choice");
        assert_eq!(organization_of(&ada), organization);
    }
}

fn a_password_that_opens_one_account_leads_straight_into_it(world: World) {
    world.administrator();
    another_organization(&world, "Second", ADMINISTRATOR, OTHER_PASSWORD);
    for (password, organization) in [(PASSWORD, "Analytical Engines"), (OTHER_PASSWORD, "Second")] {
        let ada = world.visitor();
        assert_eq!(ada.signs_in(ADMINISTRATOR, password).url.path(), "/organization/users");
        assert_eq!(organization_of(&ada), organization);
    }
}

fn at_most_three_accounts_of_an_address_are_tried(world: World) {
    world.administrator();
    for name in ["Second", "Third", "Fourth"] {
        another_organization(&world, name, ADMINISTRATOR, PASSWORD);
    }
    let page = world.visitor().signs_in(ADMINISTRATOR, PASSWORD);
    let offered = ["Analytical Engines", "Second", "Third", "Fourth"].map(|name| page.has_button(name));
    assert_eq!(offered, [true, true, true, false]);
}

fn the_choice_is_only_for_those_accounts_and_that_browser_and_not_for_long(world: World) {
    let cast = Cast::assemble(&world);
    another_organization(&world, "Second", ADMINISTRATOR, PASSWORD);
    let mine = texts(&world, &format!("SELECT id FROM users WHERE email = '{ADMINISTRATOR}' ORDER BY id"));
    let ada = world.visitor();
    let choice = ada.signs_in(ADMINISTRATOR, PASSWORD);
    assert!(choice.has_button("Second"), "{}", choice.text());

    let somebody = cast.user("moe@example.com");
    for account in [somebody.as_str(), "nonsense", ""] {
        let page = ada.post("/sign-in/organization", &[("account", account)]);
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{account:?}");
    }
    let thief = world.visitor();
    let page = thief.post("/sign-in/organization", &[("account", &mine[0])]);
    assert_eq!(page.leads_to().map(|url| url.path().to_owned()).as_deref(), Some("/sign-in"));
    assert!(!thief.is_signed_in() && !ada.is_signed_in());

    world.clock.advance(Duration::minutes(6));
    let page = choose(&choice, "Second");
    assert_eq!(page.url.path(), "/sign-in", "{}", page.text());
    assert!(!ada.is_signed_in());

    let choice = ada.signs_in(ADMINISTRATOR, PASSWORD);
    choose(&choice, "Second");
    assert_eq!(organization_of(&ada), "Second");
    let page = ada.post("/sign-in/organization", &[("account", &mine[0])]);
    assert_eq!(
        page.leads_to().map(|url| url.path().to_owned()).as_deref(),
        Some("/sign-in"),
        "it is used up"
    );
    assert_eq!(organization_of(&ada), "Second");
}

fn whoever_is_deactivated_in_one_organization_is_at_home_in_the_other(world: World) {
    let ada = world.administrator();
    let bob = world.member(&ada, "bob@example.com", "Bob Builder", &[]);
    another_organization(&world, "Second", "bob@example.com", PASSWORD);
    let here = texts(&world, "SELECT id FROM users WHERE email = 'bob@example.com' ORDER BY id").remove(0);
    let there = world.visitor();
    choose(&there.signs_in("bob@example.com", PASSWORD), "Second");

    let done = ada.post(&format!("/organization/users/{here}/deactivate"), &[]);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    assert!(!bob.is_signed_in(), "out of the one");
    assert_eq!(organization_of(&there), "Second", "still in the other");

    let page = world.visitor().signs_in("bob@example.com", PASSWORD);
    let refused = choose(&page, "Analytical Engines");
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.says("Analytical Engines") && refused.says(ADMINISTRATOR), "{}", refused.text());
    assert!(!page.reader.is_signed_in());
    choose(&page, "Second");
    assert_eq!(organization_of(&page.reader), "Second", "after that refusal the other can still be chosen");
}

fn nothing_of_another_organization_can_be_found_or_changed(world: World) {
    let cast = Cast::assemble(&world);
    for route in routes::all(&world).iter().filter(|route| route.names_something_of_an_organization()) {
        let grace = cast.asks(Kind::Elsewhere, route);
        let asked = cast.request_to(route);
        let before = Snapshot::of(&world);
        let page = cast.sends(&grace, route, &asked);
        let lists = ["/organization/users", "/account/settings", "/organization/iam/access-requests"];
        let is_blind = page.leads_to().is_some_and(|url| lists.contains(&url.path()));
        assert!(page.status == StatusCode::NOT_FOUND || is_blind, "{route}: {} {}", page.status, page.text());
        let nobodys = "01890000-0000-7000-8000-000000000000";
        let id = asked.path.split(['/', '?']).find(|part| part.len() == 36).expect("an id in the path");
        let asked = crate::cast::Asked { path: asked.path.replace(id, nobodys), ..asked };
        let unknown = cast.sends(&grace, route, &asked);
        let same = |page: &Page| {
            let body = match page.headers.get("x-request-id").and_then(|id| id.to_str().ok()) {
                Some(request) => page.body.replace(request, ""),
                None => page.body.clone(),
            };
            (page.status, body.replace(id, nobodys), page.headers.get("location").cloned())
        };
        assert_eq!(same(&page), same(&unknown), "{route} tells that there is such an id elsewhere");
        assert_eq!(Snapshot::of(&world), before, "{route} changed something");
    }
}

fn groups_and_people_of_another_organization_cannot_be_named(world: World) {
    let cast = Cast::assemble(&world);
    let grace = cast.enters(Kind::Elsewhere);
    let (theirs, somebody) = (cast.group("read"), cast.user("moe@example.com"));
    let me = cast.user("grace@elsewhere.example");
    let version =
        texts(&world, &format!("SELECT CAST(version AS TEXT) FROM users WHERE id = '{me}'")).remove(0);
    let guest = cast.a_guest().user;
    let tries: [(&str, &[(&str, &str)]); 5] = [
        ("/organization/users/invite", &[("email", "new@example.com"), ("group", &theirs)]),
        (&format!("/organization/users/{me}/groups"), &[("version", &version), ("group", &theirs)]),
        ("/organization/users/selected", &[("act", "deactivate"), ("user", &somebody)]),
        ("/organization/users/selected", &[("act", "deactivate"), ("user", &somebody), ("agreed", "1")]),
        ("/organization/users/selected", &[("act", "revoke"), ("user", &guest), ("agreed", "1")]),
    ];
    let before = Snapshot::of(&world);
    for (path, fields) in tries {
        let page = grace.post(path, fields);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {fields:?}: {}", page.text());
        assert!(!page.says("moe@") && !page.says("Moe"), "{}", page.text());
    }
    assert_eq!(Snapshot::of(&world), before);
}

fn lists_show_only_what_belongs_to_the_organization(world: World) {
    let cast = Cast::assemble(&world);
    let grace = cast.enters(Kind::Elsewhere);
    let pages = [
        "/organization/users",
        "/organization/users?q=example",
        "/organization/users?q=moe",
        "/organization/users?status=active",
        "/organization/users?sort=activity",
        "/organization/users.csv",
        "/organization/settings",
        "/organization/users/invite",
    ];
    let first = cast.enters(Kind::Administrator).get("/organization/users");
    assert!(first.says("Moe Member") && first.says("Rita Reader"), "{}", first.text());
    for path in pages {
        let page = grace.get(path);
        assert_eq!(page.status, StatusCode::OK, "{path}");
        for theirs in ["Moe", "Rita", "moe@", "Analytical Engines", "Lovelace"] {
            assert!(!page.body.contains(theirs), "{theirs} on {path}: {}", page.text());
        }
    }
}
