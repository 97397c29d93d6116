//! A fresh proof by an account elsewhere.

use chrono::Duration;

use super::{comes_with, continues, links, with_providers};
use crate::support::providers::Providers;
use crate::support::world::World;

with_providers!(
    whoever_has_no_password_proves_it_anew_by_their_account,
    an_account_that_is_not_linked_proves_nothing,
    the_second_step_is_asked_for_anew_as_well,
);

fn whoever_has_no_password_proves_it_anew_by_their_account(world: World, providers: Providers) {
    let ada = world.administrator();
    ada.invites("bob@example.com", &[]);
    providers.knows("2002", "bob@example.com", "Bob");
    let bob = world.visitor();
    comes_with(&bob, "Google").form("Join Analytical Engines").press();
    world.later(Duration::minutes(11));
    let page = bob.opens("/account/settings").form("Link GitHub").press().followed();
    assert_eq!(page.heading(), "Prove that it is you");
    assert!(!page.has_button("Continue with GitHub"), "only what is linked");
    let page = continues(&page, "Google");
    assert_eq!(page.url.path(), "/account/linked/github", "{}", page.text());
    let page = page.form("Link GitHub").press().follow("Go on to GitHub");
    assert!(page.toast().is_some_and(|toast| toast.contains("GitHub")), "{}", page.text());
}

fn an_account_that_is_not_linked_proves_nothing(world: World, providers: Providers) {
    let ada = world.administrator();
    providers.knows("1001", "ada@elsewhere.example", "Ada");
    links(&ada, "GitHub");
    world.later(Duration::minutes(11));
    let page = ada.opens("/account/prove?return_to=/account/settings");
    providers.knows("6666", "ada@elsewhere.example", "Ada");
    let page = continues(&page, "GitHub");
    assert_eq!(page.heading(), "Prove that it is you");
    assert!(page.toast().is_some_and(|toast| toast.contains("proves nothing")), "{}", page.text());
}

fn the_second_step_is_asked_for_anew_as_well(world: World, providers: Providers) {
    let ada = world.administrator();
    providers.knows("1001", "ada@elsewhere.example", "Ada");
    links(&ada, "Google");
    let (app, _) = crate::second_factor::switches_on(&world, &ada);
    world.later(Duration::minutes(11));
    let page = continues(&ada.opens("/account/prove?return_to=/account/profile"), "Google");
    assert_eq!(page.heading(), "Second step");
    let page = page.form("Verify").fill("Code", app.code(world.db().now())).press();
    assert_eq!(page.url.path(), "/account/profile", "{}", page.text());
}
