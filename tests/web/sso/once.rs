//! Many at the same moment, and ways that are used twice, late or elsewhere.

use chrono::Duration;
use reqwest::StatusCode;

use super::{deploys, filled, way_back, with_a_provider, with_sso};
use crate::snapshot::texts;
use crate::support::at_once;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::providers::Providers;
use crate::support::world::World;
use crate::users::lines;

with_a_provider!(
    whoever_comes_many_times_at_once_is_one_person,
    a_way_back_signs_in_once_however_many_take_it_at_the_same_moment,
    a_way_back_works_only_in_the_browser_that_began_it_and_in_time,
    a_way_back_leads_into_no_other_organization,
    a_way_that_was_begun_before_it_was_turned_off_leads_nowhere,
);

fn whoever_comes_many_times_at_once_is_one_person(world: World, providers: Providers) {
    with_sso(&world, &providers);
    providers.knows("2002", "bob@example.com", "Bob");
    let tries: Vec<_> = (0..32)
        .map(|_| {
            let visitor = world.visitor();
            let back = way_back(&visitor, "bob@example.com");
            (visitor, back)
        })
        .collect();
    let statuses = at_once(32, |nth| tries[nth].0.get(&tries[nth].1).status);
    assert!(statuses.iter().all(|status| *status == StatusCode::SEE_OTHER), "{statuses:?}");
    assert_eq!(texts(&world, "SELECT id FROM users WHERE email = 'bob@example.com'").len(), 1);
    assert_eq!(
        (lines(&world, "sso.join"), texts(&world, "SELECT user_id FROM sso_identities").len()),
        (1, 1)
    );
    assert!(tries.iter().all(|(visitor, _)| visitor.is_signed_in()));
}

fn a_way_back_signs_in_once_however_many_take_it_at_the_same_moment(world: World, providers: Providers) {
    with_sso(&world, &providers);
    providers.knows("1001", ADMINISTRATOR, "Ada");
    let visitor = world.visitor();
    let back = way_back(&visitor, ADMINISTRATOR);
    let statuses = at_once(32, |_| visitor.get(&back).status);
    let through = statuses.iter().filter(|status| status.is_redirection()).count();
    assert_eq!(through, 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| status.is_redirection() || *status == StatusCode::GONE));
}

fn a_way_back_works_only_in_the_browser_that_began_it_and_in_time(world: World, providers: Providers) {
    with_sso(&world, &providers);
    providers.knows("1001", ADMINISTRATOR, "Ada");
    let (eve, other) = (world.visitor(), world.visitor());
    let back = way_back(&eve, ADMINISTRATOR);
    let late = way_back(&other, ADMINISTRATOR);
    for person in [&other, &world.visitor()] {
        let page = person.get(&back);
        assert_eq!((page.status, page.heading().as_str()), (StatusCode::GONE, "This way is over"));
        assert!(!person.is_signed_in());
    }
    assert!(eve.get(&back).status.is_redirection(), "others do not use it up");
    world.later(Duration::minutes(10));
    assert_eq!(other.get(&late).status, StatusCode::GONE);
    assert!(!other.is_signed_in());
}

fn a_way_back_leads_into_no_other_organization(world: World, providers: Providers) {
    with_sso(&world, &providers);
    let grace = crate::cast::another_organization(&world, "Second", "grace@second.example", PASSWORD);
    deploys(&filled(&grace, &providers).fill("Domains", "second.example"));
    providers.knows("1001", ADMINISTRATOR, "Ada");
    let codes = texts(&world, "SELECT code FROM organizations ORDER BY id");
    let visitor = world.visitor();
    let elsewhere = way_back(&visitor, ADMINISTRATOR).replace(&codes[0], &codes[1]);
    assert_eq!(visitor.get(&elsewhere).status, StatusCode::GONE);
    assert!(!visitor.is_signed_in());
    for query in ["", "?code=x", "?state=", "?state=nonsense&code=x", "?error=access_denied"] {
        for code in [codes[0].as_str(), "ffffff", "nonsense"] {
            let page = visitor.get(&format!("/accounts/oidc/{code}/callback{query}"));
            assert_eq!(page.status, StatusCode::GONE, "{code} {query}");
        }
    }
}

fn a_way_that_was_begun_before_it_was_turned_off_leads_nowhere(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    providers.knows("1001", ADMINISTRATOR, "Ada");
    let visitor = world.visitor();
    let back = way_back(&visitor, ADMINISTRATOR);
    ada.opens("/organization/iam/sso").form("Disable SSO").press();
    assert_eq!(visitor.get(&back).status, StatusCode::GONE);
    assert!(!visitor.is_signed_in());
}
