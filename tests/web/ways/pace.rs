//! Nobody begins ways to providers, or tries tokens of providers, at will.

use chrono::Duration;
use reqwest::{Method, StatusCode};

use super::with_every_way;
use crate::cast::with_token;
use crate::scim::{Provider, error};
use crate::sso::{comes, with_sso};
use crate::support::on_both;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::providers::Providers;
use crate::support::world::World;

with_every_way!(
    whoever_begins_ways_to_providers_very_often_waits,
    whoever_begins_fresh_proofs_very_often_waits,
    ways_that_end_here_are_not_held_against_anybody,
);

on_both!(whoever_sends_unknown_tokens_very_often_waits_and_whoever_has_one_does_not);

const START: &str = "/auth/google/start";

fn whoever_begins_ways_to_providers_very_often_waits(world: World, _: Providers) {
    world.administrator();
    let visitor = world.visitor();
    for begun in 0..41 {
        assert_eq!(visitor.post(START, &[]).status, StatusCode::OK, "{begun}");
    }
    for start in [START, "/auth/github/start"] {
        let page = visitor.post(start, &[]);
        assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS, "{start}");
        assert!(page.headers.contains_key("retry-after"));
    }
    assert_eq!(world.visitor_from(9).post(START, &[]).status, StatusCode::OK, "others are not slowed");
    assert!(world.visitor().signs_in(ADMINISTRATOR, PASSWORD).status.is_success(), "nor is another way");
    world.later(Duration::minutes(1));
    assert_eq!(visitor.post(START, &[]).status, StatusCode::OK, "whoever waits may try again");
}

fn whoever_begins_fresh_proofs_very_often_waits(world: World, providers: Providers) {
    with_sso(&world, &providers);
    providers.knows("1001", ADMINISTRATOR, "Ada");
    let ada = world.visitor();
    comes(&ada, ADMINISTRATOR);
    for begun in 0..41 {
        assert_eq!(ada.post("/account/prove/sso", &[]).status, StatusCode::OK, "{begun}");
    }
    assert_eq!(ada.post("/account/prove/sso", &[]).status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(ada.post("/auth/google/prove", &[]).status, StatusCode::TOO_MANY_REQUESTS, "counted together");
}

fn ways_that_end_here_are_not_held_against_anybody(world: World, providers: Providers) {
    with_sso(&world, &providers);
    providers.knows("1001", ADMINISTRATOR, "Ada");
    for _ in 0..42 {
        let visitor = world.visitor();
        comes(&visitor, ADMINISTRATOR);
        assert!(visitor.is_signed_in());
    }
}

fn whoever_sends_unknown_tokens_very_often_waits_and_whoever_has_one_does_not(world: World) {
    world.administrator();
    let provider = Provider::of(&world);
    let stranger = with_token(&world.visitor(), roster::base::scim_secret::ScimSecret::random().reveal());
    let users = format!("{}/Users", provider.base);
    let asks = |person: &crate::support::person::Person| crate::api::asks(person, Method::GET, &users);
    for tried in 0..41 {
        assert_eq!(error(&asks(&stranger)).0, 401, "{tried}");
    }
    for wrong in [stranger, with_token(&world.visitor(), "nonsense")] {
        let page = asks(&wrong);
        assert_eq!(error(&page).0, 429);
        assert!(page.headers.contains_key("retry-after"));
    }
    assert_eq!(provider.asks(Method::GET, "/Users").status, StatusCode::OK);
}
