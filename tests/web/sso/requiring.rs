//! Requiring single sign-on: of whom, who is named before, and who comes in all the same.

use reqwest::StatusCode;

use super::{comes, goes_on, with_a_provider, with_sso};
use crate::second_factor::{next_step, switches_on};
use crate::snapshot::Snapshot;
use crate::support::at_once;
use crate::support::page::Page;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::providers::Providers;
use crate::support::world::World;
use crate::users::lines;

const PAGE: &str = "/organization/iam/sso/require";
const DOMAINS: &str = "People with an address in its domains";

with_a_provider!(
    the_summary_names_who_could_not_sign_in_any_more,
    whoever_is_concerned_comes_by_single_sign_on_only_from_the_next_sign_in_on,
    an_administrator_with_a_password_and_a_second_factor_comes_in_all_the_same,
    it_is_not_required_when_no_administrator_could_sign_in_any_more,
    an_administrator_whom_it_locks_out_does_not_count,
    the_second_factor_that_everything_depends_on_stays_on,
    an_invitation_is_accepted_by_single_sign_on_only,
    an_invitation_that_single_sign_on_does_not_lead_from_says_what_to_ask_for,
    a_stale_page_requires_nothing,
    of_two_who_lock_each_other_out_at_once_one_is_refused,
);

fn previews(ada: &Person, of: &str) -> Page {
    ada.opens(PAGE).form("Preview").choose("Required of", of).press()
}

/// Ada comes by the provider from now on.
fn is_known(world: &World, providers: &Providers) {
    providers.knows("1001", ADMINISTRATOR, "Ada");
    comes(&world.visitor(), ADMINISTRATOR);
}

fn the_summary_names_who_could_not_sign_in_any_more(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    is_known(&world, &providers);
    for email in ["bob@example.com", "grace@elsewhere.example", "eve@sub.example.com"] {
        world.member(&ada, email, email.split('@').next().expect("a name"), &[]);
    }
    let before = Snapshot::of(&world);
    let page = previews(&ada, "Everybody");
    assert!(page.says("2 people could not sign in any more"), "{}", page.text());
    assert!(page.says("grace (grace@elsewhere.example)") && page.says("eve (eve@sub.example.com)"));
    assert!(page.says("One person has not come by it yet") && page.says("bob (bob@example.com)"));
    assert!(page.says("No administrator has a password and a second factor"));
    assert!(!page.says("Ada Lovelace (ada"), "she comes by it");
    let page = previews(&ada, DOMAINS);
    assert!(page.says("bob@example.com") && !page.says("grace@elsewhere.example"));
    assert_eq!(Snapshot::of(&world), before, "looking changes nothing");
    switches_on(&world, &ada);
    let page = page.form("Save requirement").press();
    assert!(page.says("Whoever has an address in its domains has to come by it."), "{}", page.text());
    assert_eq!(lines(&world, "iam.sso.write"), 2);
}

fn whoever_is_concerned_comes_by_single_sign_on_only_from_the_next_sign_in_on(
    world: World,
    providers: Providers,
) {
    let ada = with_sso(&world, &providers);
    switches_on(&world, &ada);
    let bob = world.member(&ada, "bob@example.com", "Bob", &[]);
    world.member(&ada, "grace@elsewhere.example", "Grace", &[]);
    previews(&ada, DOMAINS).form("Save requirement").press();
    assert!(bob.is_signed_in(), "a session that is there goes on");

    let visitor = world.visitor();
    let page = visitor.signs_in("bob@example.com", PASSWORD);
    assert_eq!((page.status, page.heading().as_str()), (StatusCode::FORBIDDEN, "Sign in with SSO"));
    assert!(!visitor.is_signed_in() && page.has_link("Continue with SSO"));
    assert_eq!(lines(&world, "account.sign_in_refused"), 1);
    let wrong = world.visitor().signs_in("bob@example.com", "another password altogether");
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "it is told only after the right one");
    let grace = world.visitor();
    grace.signs_in("grace@elsewhere.example", PASSWORD);
    assert!(grace.is_signed_in(), "of another domain");
    providers.knows("2002", "bob@example.com", "Bob");
    comes(&visitor, "bob@example.com");
    assert!(visitor.is_signed_in());

    previews(&ada, "Everybody").form("Save requirement").press();
    assert!(!signs_in(&world, "grace@elsewhere.example"));
    ada.opens("/organization/iam/sso").form("Disable SSO").press();
    assert!(signs_in(&world, "grace@elsewhere.example"), "off, it is required of nobody");
}

fn signs_in(world: &World, email: &str) -> bool {
    let visitor = world.visitor();
    visitor.signs_in(email, PASSWORD);
    visitor.is_signed_in()
}

fn an_administrator_with_a_password_and_a_second_factor_comes_in_all_the_same(
    world: World,
    providers: Providers,
) {
    let ada = with_sso(&world, &providers);
    let (app, _) = switches_on(&world, &ada);
    let bob = world.member(&ada, "bob@example.com", "Bob", &[]);
    let (other, _) = switches_on(&world, &bob);
    let page = previews(&ada, "Everybody");
    assert!(
        page.says("One administrator comes in by a password and a second factor all the same"),
        "{}",
        page.text()
    );
    page.form("Save requirement").press();
    next_step(&world);
    let visitor = world.visitor();
    let page = visitor.signs_in(ADMINISTRATOR, PASSWORD);
    assert_eq!(page.heading(), "Second step");
    page.form("Verify").fill("Code", app.code(world.db().now())).press();
    assert!(visitor.is_signed_in());
    let page = world.visitor().signs_in("bob@example.com", PASSWORD);
    assert_eq!(page.heading(), "Sign in with SSO", "he administers nothing");
    assert!(!other.code(world.db().now()).is_empty());
}

fn it_is_not_required_when_no_administrator_could_sign_in_any_more(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    let before = Snapshot::of(&world);
    for of in [DOMAINS, "Everybody"] {
        let page = previews(&ada, of).form("Save requirement").press();
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            page.says("Nobody who administers the organization could sign in any more"),
            "{}",
            page.text()
        );
    }
    assert_eq!(Snapshot::of(&world), before);
    is_known(&world, &providers);
    let page = previews(&ada, "Everybody").form("Save requirement").press();
    assert!(page.says("not while the provider fails"), "{}", page.text());
    switches_on(&world, &ada);
    assert!(previews(&ada, "Everybody").form("Save requirement").press().toast().is_some());
}

fn an_administrator_whom_it_locks_out_does_not_count(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    switches_on(&world, &ada);
    let bob = world.member(&ada, "bob@example.com", "Bob", &["admin"]);
    previews(&ada, "Everybody").form("Save requirement").press();
    let path = crate::users::path(&world, ADMINISTRATOR, "deactivate");
    let page = bob.post(&path, &[]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "Bob could not come back: {}", page.text());
    providers.knows("2002", "bob@example.com", "Bob");
    comes(&world.visitor(), "bob@example.com");
    let page = bob.post(&path, &[]);
    assert_eq!(
        page.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "nor while the provider fails: {}",
        page.text()
    );
    switches_on(&world, &bob);
    assert!(bob.post(&path, &[]).status.is_redirection());
}

fn the_second_factor_that_everything_depends_on_stays_on(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    let (_, codes) = switches_on(&world, &ada);
    let bob = world.member(&ada, "bob@example.com", "Bob", &["admin"]);
    previews(&ada, "Everybody").form("Save requirement").press();
    let off = |code: &str| {
        let form = ada.opens("/account/two-factor/disable").form("Turn off two-factor");
        form.fill("Password", PASSWORD).fill("Code", code).press()
    };
    let page = off(&codes[0]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("while its provider fails only you could administer it"), "{}", page.text());
    switches_on(&world, &bob);
    off(&codes[1]);
    assert!(ada.opens("/account/settings").has_button("Enable two-factor"), "Bob has both now");
}

fn an_invitation_is_accepted_by_single_sign_on_only(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    switches_on(&world, &ada);
    ada.invites("bob@example.com", &["read"]);
    let (bob, link) = (world.visitor(), world.invitation_link("bob@example.com"));
    let form = bob.opens(&link).form("Accept invitation");
    previews(&ada, DOMAINS).form("Save requirement").press();
    let before = Snapshot::of(&world);
    let page = form.fill("Your name", "Bob").fill("Password", PASSWORD).press();
    assert_eq!((page.status, page.heading().as_str()), (StatusCode::FORBIDDEN, "Sign in with SSO"));
    assert_eq!(Snapshot::of(&world), before);
    let page = bob.opens(&link);
    assert!(page.says("lets its people in by its single sign-on only"), "{}", page.text());
    assert!(!page.has_button("Accept invitation"), "nothing is asked that would be refused");
    providers.knows("2002", "bob@example.com", "Bob");
    goes_on(&page.form("Continue with SSO").press());
    assert!(bob.is_signed_in() && bob.users().status.is_success());
    ada.invites("grace@elsewhere.example", &[]);
    world.accepts(&world.invitation_link("grace@elsewhere.example"), "Grace", PASSWORD);
}

fn an_invitation_that_single_sign_on_does_not_lead_from_says_what_to_ask_for(
    world: World,
    providers: Providers,
) {
    let ada = with_sso(&world, &providers);
    switches_on(&world, &ada);
    previews(&ada, "Everybody").form("Save requirement").press();
    ada.invites("grace@elsewhere.example", &[]);
    let page = world.visitor().opens(&world.invitation_link("grace@elsewhere.example"));
    assert!(
        page.says("it does not lead from grace@elsewhere.example. Ask whoever invited you"),
        "{}",
        page.text()
    );
    assert!(!page.has_button("Accept invitation") && !page.has_button("Continue with SSO"));
}

fn a_stale_page_requires_nothing(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    switches_on(&world, &ada);
    let (first, second) = (
        previews(&ada, DOMAINS).form("Save requirement"),
        previews(&ada, "Everybody").form("Save requirement"),
    );
    first.press();
    let page = second.press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("Somebody changed single sign-on meanwhile"), "{}", page.text());
    ada.opens("/organization/iam/sso").form("Disable SSO").press();
    let page = previews(&ada, "Everybody").form("Save requirement").press();
    assert!(page.says("Single sign-on is off"), "{}", page.text());
    assert_eq!(ada.post(PAGE, &[("required_of", "nonsense")]).status, StatusCode::NOT_FOUND);
}

fn of_two_who_lock_each_other_out_at_once_one_is_refused(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    switches_on(&world, &ada);
    let bob = world.member(&ada, "bob@example.com", "Bob", &["admin"]);
    // One requires it, which locks Bob out; the other deactivates Ada, who alone has a second factor.
    let require = previews(&ada, "Everybody").form("Save requirement");
    let path = crate::users::path(&world, ADMINISTRATOR, "deactivate");
    let done = at_once(2, |nth| match nth {
        0 => require.press_once().status.is_redirection(),
        _ => bob.post(&path, &[]).status.is_redirection(),
    });
    assert_eq!(lines(&world, "iam.sso.write") - 1 + lines(&world, "iam.users.deactivate"), 1, "{done:?}");
}
