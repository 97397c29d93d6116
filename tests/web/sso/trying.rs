//! A dry run by OpenID Connect: it shows what would happen and changes nothing.

use super::{comes, goes_on, with_a_provider, with_sso};
use crate::snapshot::texts;
use crate::support::people::ADMINISTRATOR;
use crate::support::providers::{Lie, Providers};
use crate::support::world::World;
use crate::users::lines;

const PAGE: &str = "/organization/iam/sso";

with_a_provider!(a_dry_run_shows_what_would_happen_and_changes_nothing);

fn a_dry_run_shows_what_would_happen_and_changes_nothing(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    let tries = || goes_on(&ada.opens(PAGE).form("Try it").press());
    providers.knows("2002", "bob@example.com", "Bob Babbage");
    let page = tries();
    assert!(page.says("Bob Babbage would get an account") && page.says("2002"), "{}", page.text());
    providers.knows("1001", ADMINISTRATOR, "Ada");
    assert!(tries().says("Ada Lovelace would be signed in"));
    providers.lies(Lie::Audience);
    let page = tries();
    assert!(
        page.says("The provider’s answer cannot be trusted") && page.says("Not let in"),
        "{}",
        page.text()
    );
    providers.lies(None);
    assert_eq!((lines(&world, "sso.dry_run"), lines(&world, "sso.refused")), (3, 0));
    assert_eq!(texts(&world, "SELECT user_id FROM sso_identities").len(), 0);
    assert_eq!(texts(&world, "SELECT id FROM users").len(), 1);

    ada.opens(PAGE).form("Disable SSO").press();
    let page = tries();
    assert!(page.says("if single sign-on were on") && page.says("Ada Lovelace would be signed in"));
    ada.opens(PAGE).form("Enable SSO").press();
    let visitor = world.visitor();
    comes(&visitor, ADMINISTRATOR);
    assert!(visitor.is_signed_in());
}
