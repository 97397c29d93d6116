//! One's own single sign-on in the settings: seen, and unlinked where that is possible.

use chrono::Duration;
use reqwest::StatusCode;

use super::{is_required_of, with_every_way};
use crate::second_factor::switches_on;
use crate::snapshot::Snapshot;
use crate::sso::{comes, with_sso};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::providers::Providers;
use crate::support::world::World;
use crate::users::{lines, member};

with_every_way!(
    somebody_sees_how_the_provider_knows_them_and_unlinks_it,
    it_stays_while_the_organization_requires_it,
    it_stays_when_it_is_the_only_way_to_sign_in,
    whom_no_provider_knows_has_nothing_to_unlink,
    unlinking_needs_a_fresh_proof,
);

const PAGE: &str = "/account/single-sign-on";
const UNLINK: &str = "/account/single-sign-on/unlink";

fn ada_by_sso(world: &World, providers: &Providers) -> Person {
    with_sso(world, providers);
    providers.knows("1001", ADMINISTRATOR, "Ada");
    let ada = world.visitor();
    comes(&ada, ADMINISTRATOR);
    ada
}

fn somebody_sees_how_the_provider_knows_them_and_unlinks_it(world: World, providers: Providers) {
    let ada = ada_by_sso(&world, &providers);
    let other = world.visitor();
    other.signs_in(ADMINISTRATOR, PASSWORD);
    let settings = ada.opens("/account/settings");
    let section = settings.part("single-sign-on");
    assert!(
        section.says("127.0.0.1") && section.says("ada@example.com · linked 23 Nov 2026"),
        "{}",
        section.text()
    );
    assert!(ada.opens(PAGE).says("Your organization’s own provider signs you in"));
    let page = ada.opens("/account/settings").follow("Unlink single sign-on");
    assert!(page.says("it is linked anew"), "{}", page.text());
    let page = page.form("Unlink single sign-on").press();
    assert!(
        page.toast().is_some_and(|toast| toast.contains("Single sign-on is unlinked")),
        "{}",
        page.text()
    );
    assert!(ada.is_signed_in() && !other.is_signed_in(), "the other sessions have ended");
    assert!(!ada.opens("/account/prove").has_button("Continue with SSO"));
    assert_eq!(lines(&world, "account.unlinked"), 1);
    let is_it = |letter: &crate::support::letter::Letter| letter.subject.contains("unlinked");
    let letter = world.mailbox.wait_for(ADMINISTRATOR, is_it);
    assert!(letter.text.contains("single sign-on (127.0.0.1)"), "{}", letter.text);

    let again = world.visitor();
    comes(&again, ADMINISTRATOR);
    assert!(again.is_signed_in());
    assert_eq!(lines(&world, "account.linked"), 2, "linked anew, and told");
}

fn it_stays_while_the_organization_requires_it(world: World, providers: Providers) {
    let ada = ada_by_sso(&world, &providers);
    switches_on(&world, &ada);
    let form = ada.opens(UNLINK).form("Unlink single sign-on");
    is_required_of(&world, "domains");
    let settings = ada.opens("/account/settings");
    let section = settings.part("single-sign-on");
    assert!(section.says("Your organization requires it of you"), "{}", section.text());
    assert!(!section.has_link("Unlink single sign-on"));
    let before = Snapshot::of(&world);
    let page = form.press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("requires single sign-on of you"), "{}", page.text());
    assert_eq!(Snapshot::of(&world), before);
}

fn it_stays_when_it_is_the_only_way_to_sign_in(world: World, providers: Providers) {
    with_sso(&world, &providers);
    providers.knows("2002", "bob@example.com", "Bob");
    let bob = world.visitor();
    comes(&bob, "bob@example.com");
    let before = Snapshot::of(&world);
    let page = bob.opens(UNLINK).form("Unlink single sign-on").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("This is your only way to sign in"), "{}", page.text());
    assert_eq!(Snapshot::of(&world), before);
}

fn whom_no_provider_knows_has_nothing_to_unlink(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    for person in [ada, bob] {
        assert!(!person.opens("/account/settings").has_link("Unlink single sign-on"));
        assert_eq!(person.get(PAGE).status, StatusCode::NOT_FOUND);
        assert_eq!(person.get(UNLINK).status, StatusCode::NOT_FOUND);
        assert_eq!(person.post(UNLINK, &[]).status, StatusCode::NOT_FOUND);
    }
}

fn unlinking_needs_a_fresh_proof(world: World, providers: Providers) {
    let ada = ada_by_sso(&world, &providers);
    world.later(Duration::minutes(11));
    let page = ada.opens(UNLINK).form("Unlink single sign-on").press();
    assert_eq!(page.url.path(), "/account/prove", "{}", page.text());
    assert_eq!(lines(&world, "account.unlinked"), 0);
}
