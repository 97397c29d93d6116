//! The list: by name, searched, page by page.

use reqwest::StatusCode;

use super::{POLICIES, creates};
use crate::support::on_both;
use crate::support::page::{Page, text_of};
use crate::support::people::ADMINISTRATOR;
use crate::support::world::World;
use crate::users::organization;

on_both!(
    the_policies_an_organization_begins_with_wear_a_badge,
    policies_are_found_by_their_names,
    long_lists_have_pages_and_a_lost_place_is_the_first,
    a_rule_with_many_people_names_the_first_of_them,
);

fn names(page: &Page) -> Vec<String> {
    page.whole().all("tbody .policy a").map(text_of).collect()
}

fn the_policies_an_organization_begins_with_wear_a_badge(world: World) {
    let ada = world.administrator();
    let page = ada.opens("/organization/users").follow("Access policies");
    assert_eq!(page.heading(), "Access policies");
    assert_eq!(names(&page), ["admin", "billing_viewer", "metrics", "read", "write"]);
    let row = page.row("metrics");
    assert!(
        row.says("Default") && row.says("1 rule") && row.says("Observability Viewer to metrics"),
        "{}",
        row.text()
    );
    assert!(!row.has_link("Delete metrics") && row.says("A Default policy stays"));
    creates(&ada, &world, "Own", &["cks_viewer"], &[ADMINISTRATOR], &[]);
    assert!(!ada.opens(POLICIES).row("Own").says("Default"));
}

fn policies_are_found_by_their_names(world: World) {
    let ada = world.administrator();
    creates(&ada, &world, "100% of Clusters", &["cks_viewer"], &[ADMINISTRATOR], &[]);
    for (typed, found) in [
        ("CLUST", vec!["100% of Clusters"]),
        ("%", vec!["100% of Clusters"]),
        ("_v", vec!["billing_viewer"]),
        ("nothing like it", vec![]),
    ] {
        let page = ada.get(&format!("{POLICIES}?q={}", roster::web::url::encoded(typed)));
        assert_eq!(names(&page), found, "{typed}");
        assert_eq!(page.says("No policy matches"), found.is_empty(), "{typed}");
    }
}

fn long_lists_have_pages_and_a_lost_place_is_the_first(world: World) {
    let ada = world.administrator();
    let of = organization(&world);
    let fill = |tx: &mut roster::db::Tx<'_>| {
        use diesel::{ExpressionMethods, RunQueryDsl};
        use roster::db::schema::policies;
        for n in 0..120 {
            let name = format!("policy {n:03}");
            let row = (
                policies::id.eq(roster::base::ids::PolicyId::new()),
                policies::organization_id.eq(of),
                policies::name.eq(&name),
                policies::name_key.eq(&name),
                policies::created_at.eq(tx.now()),
                policies::updated_at.eq(tx.now()),
            );
            diesel::insert_into(policies::table).values(row).execute(tx.conn())?;
        }
        Ok::<_, roster::db::Fault>(())
    };
    world.db().write_now(None, fill).expect("policies");
    let first = ada.opens(POLICIES);
    assert!(first.says("125 policies"), "{}", first.text());
    let second = first.follow("Next");
    let third = second.follow("Next");
    let all = [names(&first), names(&second), names(&third)].concat();
    assert_eq!(all.len(), 125);
    assert!(all.windows(2).all(|pair| pair[0] < pair[1]), "{all:?}");
    assert_eq!(names(&third.follow("Previous")), names(&second));
    assert_eq!(names(&second.follow("Previous")), names(&first));
    assert!(!third.has_link("Next") && !first.has_link("Previous"));
    for lost in ["nonsense", "cCAx", "%ff"] {
        let page = ada.get(&format!("{POLICIES}?after={lost}"));
        assert_eq!((page.status, names(&page)), (StatusCode::OK, names(&first)));
        assert!(page.says("cannot be found"), "{}", page.text());
    }
    let found = ada.get(&format!("{POLICIES}?q=policy"));
    assert!(
        found.says("120 policies") && found.link("Next").query().is_some_and(|it| it.contains("q=policy"))
    );
}

fn a_rule_with_many_people_names_the_first_of_them(world: World) {
    let ada = world.administrator();
    let emails: Vec<String> = (0..8).map(|n| format!("p{n}@example.com")).collect();
    let residents: Vec<_> =
        emails.iter().map(|email| crate::users::Resident::new(email.as_str(), "")).collect();
    crate::users::settle(&world, &residents);
    let emails: Vec<&str> = emails.iter().map(String::as_str).collect();
    let page = creates(&ada, &world, "Many", &["cks_viewer"], &emails, &[]);
    assert!(page.row("Many").says("p3@example.com, p4@example.com and 3 more"), "{}", page.text());
}
