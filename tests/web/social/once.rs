//! A way to a provider is gone back once, by who began it, in time.

use chrono::Duration;
use reqwest::StatusCode;

use super::{links, way_back, with_providers};
use crate::snapshot::texts;
use crate::support::at_once;
use crate::support::providers::Providers;
use crate::support::world::World;

with_providers!(
    a_way_back_signs_in_once_however_many_take_it_at_the_same_moment,
    a_way_back_works_only_in_the_browser_that_began_it,
    a_way_back_is_open_for_ten_minutes,
    a_state_that_was_never_given_out_leads_nowhere,
);

fn a_way_back_signs_in_once_however_many_take_it_at_the_same_moment(world: World, providers: Providers) {
    let ada = world.administrator();
    providers.knows("1001", "ada@elsewhere.example", "Ada");
    for provider in ["Google", "GitHub"] {
        links(&ada, provider);
        let visitor = world.visitor();
        let back = way_back(&visitor, provider);
        let signed_in = "SELECT user_id FROM sessions WHERE user_id IS NOT NULL";
        let before = texts(&world, signed_in).len();
        let statuses = at_once(32, |_| visitor.get(&back).status);
        let through = statuses.iter().filter(|status| status.is_redirection()).count();
        assert_eq!(through, 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| status.is_redirection() || *status == StatusCode::GONE));
        assert_eq!(texts(&world, signed_in).len(), before + 1);
    }
}

fn a_way_back_works_only_in_the_browser_that_began_it(world: World, providers: Providers) {
    let ada = world.administrator();
    providers.knows("1001", "ada@elsewhere.example", "Ada");
    links(&ada, "Google");
    let (eve, other) = (world.visitor(), world.visitor());
    let back = way_back(&eve, "Google");
    way_back(&other, "Google");
    for person in [&other, &world.visitor()] {
        let page = person.get(&back);
        assert_eq!((page.status, page.heading().as_str()), (StatusCode::GONE, "This way is over"));
        assert!(!person.is_signed_in());
    }
    let elsewhere = back.replace("/auth/google/", "/auth/github/");
    assert!(eve.get(&back).status.is_redirection(), "others do not use it up");
    assert_eq!(eve.get(&elsewhere).status, StatusCode::GONE);
}

fn a_way_back_is_open_for_ten_minutes(world: World, providers: Providers) {
    let ada = world.administrator();
    providers.knows("1001", "ada@elsewhere.example", "Ada");
    links(&ada, "GitHub");
    let visitor = world.visitor();
    let back = way_back(&visitor, "GitHub");
    world.later(Duration::minutes(10));
    assert_eq!(visitor.get(&back).status, StatusCode::GONE);
    assert!(!visitor.is_signed_in());
}

fn a_state_that_was_never_given_out_leads_nowhere(world: World, providers: Providers) {
    world.administrator();
    providers.knows("1001", "ada@elsewhere.example", "Ada");
    let visitor = world.visitor();
    way_back(&visitor, "Google");
    for query in ["", "?code=x", "?state=", "?state=nonsense&code=x", "?error=access_denied"] {
        let page = visitor.get(&format!("/auth/google/callback{query}"));
        assert_eq!(page.status, StatusCode::GONE, "{query}");
    }
}
