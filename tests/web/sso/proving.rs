//! A fresh proof by the organization's provider.

use chrono::Duration;

use super::{comes, goes_on, with_a_provider, with_sso};
use crate::support::people::ADMINISTRATOR;
use crate::support::providers::Providers;
use crate::support::world::World;

with_a_provider!(
    whoever_has_no_password_proves_it_anew_by_the_provider,
    somebody_else_at_the_provider_proves_nothing,
);

fn whoever_has_no_password_proves_it_anew_by_the_provider(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    providers.knows("2002", "bob@example.com", "Bob");
    let bob = world.visitor();
    comes(&bob, "bob@example.com");
    world.later(Duration::minutes(11));
    let proof = "/account/prove?return_to=/account/profile";
    let going = bob.opens(proof).form("Continue with SSO").press();
    assert!(going.link("Go on to 127.0.0.1").query().is_some_and(|query| query.contains("max_age=0")));
    let page = goes_on(&going);
    assert_eq!(page.url.path(), "/account/profile", "{}", page.text());
    assert!(!ada.opens(proof).has_button("Continue with SSO"), "she does not come by it");
}

fn somebody_else_at_the_provider_proves_nothing(world: World, providers: Providers) {
    with_sso(&world, &providers);
    providers.knows("1001", ADMINISTRATOR, "Ada");
    let ada = world.visitor();
    comes(&ada, ADMINISTRATOR);
    providers.knows("6666", ADMINISTRATOR, "Eve");
    let page =
        goes_on(&ada.opens("/account/prove?return_to=/account/profile").form("Continue with SSO").press());
    assert_eq!(page.heading(), "Prove that it is you");
    assert!(page.toast().is_some_and(|toast| toast.contains("proves nothing")), "{}", page.text());
}
