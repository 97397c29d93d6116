//! The table: search, filters, order, pages.

use std::collections::BTreeSet;

use reqwest::StatusCode;
use roster::people::Status;

use super::{Resident, USERS, group_id, member, other_administrator, settle, shown};
use crate::support::on_both;
use crate::support::page::Page;
use crate::support::person::Person;
use crate::support::world::World;

on_both!(
    people_and_invitations_stand_in_one_table_with_their_groups,
    a_search_finds_parts_of_names_and_addresses_whatever_is_typed,
    every_view_walks_over_everybody_who_matches_exactly_once,
    a_common_word_shows_whose_name_begins_with_it_and_says_so,
    a_place_that_cannot_be_read_leads_to_the_first_page_and_says_so,
    whoever_may_not_read_users_is_told_and_whoever_is_signed_out_signs_in,
    another_organization_sees_its_own_people_only,
    acts_that_somebody_may_not_do_stay_visible_and_say_why,
    htmx_gets_the_listing_alone,
    a_list_without_anybody_offers_the_way_back,
    the_state_of_the_list_is_kept_by_every_form_and_link,
    counts_are_those_of_the_organization,
);

fn people_and_invitations_stand_in_one_table_with_their_groups(world: World) {
    let ada = world.administrator();
    ada.invites("grace@example.com", &["read", "metrics"]);
    let page = ada.users();
    assert_eq!(page.whole().all("caption").count(), 1);
    let row = page.row("ada@example.com");
    assert!(
        row.says("Ada Lovelace") && row.says("You") && row.says("Active") && row.says("admin"),
        "{}",
        row.text()
    );
    let row = page.row("grace@example.com");
    assert!(row.says("Invited by Ada Lovelace") && row.says("Invited"), "{}", row.text());
    assert!(row.says("read") && row.says("metrics"), "{}", row.text());
    assert!(row.has_link("Copy link") && row.has_button("Resend") && row.has_button("Revoke"));
}

fn search(person: &Person, typed: &str) -> Page {
    person.opens(USERS).form("Search").fill("Search name or e-mail", typed).press()
}

fn a_search_finds_parts_of_names_and_addresses_whatever_is_typed(world: World) {
    let ada = world.administrator();
    let people = [
        ("zoe@example.com", "Zoë O'Neil"),
        ("per.cent@example.com", "50% Off"),
        ("under@example.com", "a_b_c"),
        ("any@example.com", "aXbXc"),
        ("smith@other.example", "Ken Blacksmith"),
        ("li@example.com", "李雷"),
        ("back@example.com", "back\\slash"),
    ];
    settle(&world, &people.map(|(email, name)| Resident::new(email, name)));
    for (typed, found) in [
        ("ZOE", vec!["zoe@example.com"]),
        ("zoë o'n", vec!["zoe@example.com"]),
        ("50%", vec!["per.cent@example.com"]),
        ("0%", vec![]),
        ("a_b", vec!["under@example.com"]),
        ("smith", vec!["smith@other.example"]),
        ("other.example", vec!["smith@other.example"]),
        ("李", vec!["li@example.com"]),
        ("k\\s", vec!["back@example.com"]),
        ("<script>", vec![]),
        ("nobody at all", vec![]),
    ] {
        let page = search(&ada, typed);
        assert_eq!(page.status, StatusCode::OK);
        let shown: BTreeSet<_> = shown(&page).into_iter().collect();
        assert_eq!(shown, found.iter().map(|it| (*it).to_owned()).collect(), "{typed}");
        assert_eq!(page.form("Search").value("Search name or e-mail"), typed);
    }
}

fn population(world: &World) -> Vec<Resident<'static>> {
    let (read, write) = (group_id(world, "read"), group_id(world, "write"));
    let names = ["Ada Smith", "Adele Smithson", "Zoe", "Ken Black", "Ken Black", "Émile"];
    (0..130)
        .map(|nth| {
            let status = [Status::Active, Status::Invited, Status::Active, Status::Deactivated][nth % 4];
            Resident {
                name: if status == Status::Invited { "" } else { names[nth % 6] },
                status,
                second_factor: ["none", "app", "none", "passkey", "none"][nth % 5],
                groups: [vec![], vec![read], vec![read, write]][nth % 3].clone(),
                days_away: (nth as i64 * 7) % 200,
                ..Resident::new(format!("p{nth:03}@example.com"), "")
            }
        })
        .collect()
}

/// Follows Next to the end; then Previous back to the first page.
fn walk(person: &Person, address: &str) -> Vec<String> {
    let mut page = person.opens(address);
    let mut all = shown(&page);
    while page.has_link("Next") {
        page = page.follow("Next");
        all.extend(shown(&page));
    }
    let mut last = page;
    while last.has_link("Previous") {
        last = last.follow("Previous");
    }
    assert_eq!(shown(&last), all[..all.len().min(50)], "back on the first page of {address}");
    all
}

fn every_view_walks_over_everybody_who_matches_exactly_once(world: World) {
    let ada = world.administrator();
    let mut everybody = population(&world);
    settle(&world, &everybody);
    everybody.push(Resident {
        groups: vec![group_id(&world, "admin")],
        ..Resident::new("ada@example.com", "Ada Lovelace")
    });
    let read = group_id(&world, "read");
    let mut sorts = ["person", "-person", "active", "-active", ""].into_iter().cycle();
    for status in [None, Some(Status::Active), Some(Status::Invited)] {
        for second_factor in [None, Some("on"), Some("off")] {
            for (group, inactive) in
                [(None, None), (Some(read), None), (None, Some(90)), (Some(read), Some(90))]
            {
                let mut address = format!("{USERS}?sort={}", sorts.next().expect("a sort"));
                address += &status.map(|it| format!("&status={}", it.as_str())).unwrap_or_default();
                address += &second_factor.map(|it| format!("&second_factor={it}")).unwrap_or_default();
                address += &group.map(|it| format!("&group={it}")).unwrap_or_default();
                address += &inactive.map(|it| format!("&inactive={it}")).unwrap_or_default();
                let expected: BTreeSet<_> = everybody
                    .iter()
                    .filter(|one| status.is_none_or(|it| one.status == it))
                    .filter(|one| {
                        second_factor.is_none_or(|it| (it == "on") == (one.second_factor != "none"))
                    })
                    .filter(|one| group.is_none_or(|it| one.groups.contains(&it)))
                    .filter(|one| inactive.is_none_or(|it| one.days_away > it))
                    .map(|one| one.email.clone())
                    .collect();
                let met = walk(&ada, &address);
                assert_eq!(met.len(), expected.len(), "{address}");
                assert_eq!(met.into_iter().collect::<BTreeSet<_>>(), expected, "{address}");
            }
        }
    }
}

fn a_common_word_shows_whose_name_begins_with_it_and_says_so(world: World) {
    let ada = world.administrator();
    let mut many: Vec<_> =
        (0..1_005).map(|nth| Resident::new(format!("n{nth}@smith.example"), "Zed Zebra")).collect();
    many.push(Resident::new("first@smith.example", "Smith One"));
    many.push(Resident::new("second@smith.example", "Smithson Two"));
    settle(&world, &many);
    let page = search(&ada, "smith");
    assert_eq!(shown(&page), ["first@smith.example", "second@smith.example"]);
    assert!(
        page.says("More than 1,000 people match “smith”. Showing those whose name begins with it; type more to narrow."),
        "{}",
        page.text()
    );
    let page = search(&ada, "mith.ex");
    assert!(page.says("More than 1,000 people match “mith.ex”. Showing some of them"), "{}", page.text());
    assert_eq!(walk(&ada, page.url.as_str()).len(), 1_000);
    let page = search(&ada, "zebra");
    assert!(page.says("More than 1,000 people match"), "{}", page.text());
    assert_eq!(search(&ada, "n1004@").rows().len(), 1);
}

fn a_place_that_cannot_be_read_leads_to_the_first_page_and_says_so(world: World) {
    let ada = world.administrator();
    settle(&world, &population(&world));
    let next = ada.users().link("Next");
    let after = next.query_pairs().find(|(name, _)| name == "after").expect("a place").1.into_owned();
    for place in ["nonsense", "%01", "AAAA", &"A".repeat(5_000), &format!("{after}&sort=active")] {
        for side in ["after", "before"] {
            let page = ada.opens(&format!("{USERS}?{side}={place}"));
            assert_eq!(page.status, StatusCode::OK);
            assert!(page.says("cannot be found. This is its first page."), "{side}={place}");
            assert_eq!(page.rows().len(), 50);
        }
    }
}

fn whoever_may_not_read_users_is_told_and_whoever_is_signed_out_signs_in(world: World) {
    world.administrator();
    let nobody = member(&world, "n@example.com", "No Body", &[]);
    for path in [USERS.to_owned(), format!("{USERS}.csv"), super::path(&world, "ada@example.com", "")] {
        let page = nobody.get(&path);
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
        assert!(page.says("An administrator of your organization can give you access."), "{}", page.text());
        let page = world.visitor().get(&path);
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{path}");
        assert!(page.leads_to().is_some_and(|to| to.path() == "/sign-in"));
    }
    assert!(!nobody.opens("/account/settings").has_link("Users"));
}

fn another_organization_sees_its_own_people_only(world: World) {
    let ada = world.administrator();
    settle(&world, &population(&world));
    let eve = other_administrator(&world);
    assert_eq!(shown(&eve.users()), ["eve@other.example"]);
    for query in ["q=ada", "q=example", &format!("group={}", group_id(&world, "read")), "q=p"] {
        assert!(!eve.opens(&format!("{USERS}?{query}")).body.contains("@example.com"), "{query}");
    }
    let after = ada.users().link("Next");
    let after = after.query().expect("a place");
    assert!(!eve.opens(&format!("{USERS}?{after}")).body.contains("@example.com"));
    assert_eq!(search(&ada, "eve@").rows().len(), 0);
}

fn acts_that_somebody_may_not_do_stay_visible_and_say_why(world: World) {
    let ada = world.administrator();
    ada.invites("grace@example.com", &[]);
    settle(&world, &[Resident { status: Status::Deactivated, ..Resident::new("ken@example.com", "Ken") }]);
    let reader = member(&world, "r@example.com", "A Reader", &["read"]);
    let page = reader.users();
    for (row, acts) in [
        ("ada@example.com", &["Deactivate"][..]),
        ("ken@example.com", &["Reactivate"]),
        ("grace@example.com", &["Copy link", "Resend", "Revoke"]),
    ] {
        let row = page.row(row);
        for act in acts {
            assert!(row.says(act) && !row.has_link(act) && !row.has_button(act), "{act}");
        }
        assert!(row.says("Your access does not include this."), "{}", row.text());
    }
    assert!(page.says("Invite User") && !page.has_link("Invite User"));
    assert_eq!(page.whole().all("tbody input").count(), 0, "nothing to select for");
    let row = ada.users();
    let row = row.row("ada@example.com");
    assert!(row.says("last administrator who can sign in") && !row.has_link("Deactivate"), "{}", row.text());
}

fn htmx_gets_the_listing_alone(world: World) {
    let ada = world.administrator();
    let page = ada.by_htmx("div#people").get(&format!("{USERS}?q=ada"));
    assert!(page.body.trim_start().starts_with("<div class=\"listing\" id=\"people\">"), "{}", page.body);
    assert!(!page.body.contains("<html") && !page.body.contains("<h1"));
    assert!(page.has_row("ada@example.com"));
    let vary = page.headers.get("vary").expect("Vary").to_str().expect("text");
    assert!(vary.contains("HX-Request") && vary.contains("HX-Target"));
    assert!(ada.get(&format!("{USERS}?q=ada")).body.contains("<html"));
}

fn a_list_without_anybody_offers_the_way_back(world: World) {
    let ada = world.administrator();
    let page = ada.opens(&format!("{USERS}?q=nobody&status=active"));
    assert!(page.says("No one matches"), "{}", page.text());
    assert_eq!(shown(&page.follow("Clear search")), ["ada@example.com"]);
    assert_eq!(page.follow("Clear filters").url.query(), None);
}

fn the_state_of_the_list_is_kept_by_every_form_and_link(world: World) {
    let ada = world.administrator();
    settle(&world, &population(&world));
    let read = group_id(&world, "read");
    let address =
        format!("{USERS}?q=ad&status=active&group={read}&second_factor=off&inactive=30&sort=-active");
    let page = ada.opens(&address);
    let query = |page: &Page| -> BTreeSet<(String, String)> { page.url.query_pairs().into_owned().collect() };
    let all = query(&page);
    assert_eq!(query(&page.form("Search").press()), all);
    let filtered = page.form("Apply").press();
    assert_eq!(
        query(&filtered).into_iter().filter(|(_, value)| !value.is_empty()).collect::<BTreeSet<_>>(),
        all
    );
    let status = ("status".to_owned(), "active".to_owned());
    assert!(!query(&page.whole().page.follow("All 131")).contains(&status));
    let export = page.link("Export");
    assert_eq!(export.query_pairs().into_owned().collect::<BTreeSet<_>>(), all);
    let without = page.follow("Remove the filter Group read");
    assert_eq!(query(&without).len(), all.len() - 1);
    let page = ada.opens(&format!("{USERS}?sort=-active"));
    let sorted: Vec<_> = page.whole().all("[aria-sort]").map(|head| head.attr("aria-sort")).collect();
    assert_eq!(sorted, [Some("descending")], "one column is the sorted one");
}

fn counts_are_those_of_the_organization(world: World) {
    let ada = world.administrator();
    settle(&world, &population(&world));
    let page = ada.users();
    for (label, count) in [("All", 131), ("Active", 66), ("Invited", 33), ("Deactivated", 32)] {
        assert!(page.has_link(&format!("{label} {count}")), "{label}: {}", page.text());
    }
    assert!(page.says("131 people") && page.says("1–50 of 131"), "{}", page.text());
    assert!(page.follow("Next").says("51–100 of 131"));
    let page = ada.opens(&format!("{USERS}?status=invited"));
    assert!(page.says("33 people match") && page.says("1–33 of 33"), "{}", page.text());
}
