//! Single sign-on is required while somebody is on another way in: none of those ways ends inside.

use chrono::Duration;
use reqwest::StatusCode;

use super::{is_required_of, with_every_way};
use crate::passkeys::{adds, question};
use crate::passwords::{NEW_PASSWORD, reset_link};
use crate::second_factor::{key_on, next_step, require_a_factor, switches_on};
use crate::snapshot::texts;
use crate::social::{comes_with, continues, links, way_back};
use crate::sso::with_sso;
use crate::support::authenticator::Authenticator;
use crate::support::page::Page;
use crate::support::passkey::Passkey;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::person::Person;
use crate::support::providers::Providers;
use crate::support::world::World;
use crate::users::{id_of, lines, member};

with_every_way!(
    a_second_step_that_stands_leads_nobody_in,
    setting_up_a_second_factor_leads_nobody_in,
    a_way_to_a_provider_that_was_begun_leads_nobody_in,
    a_passkey_that_was_asked_for_leads_nobody_in,
    an_invitation_that_is_open_on_the_screen_leads_nobody_in,
    a_link_to_a_new_password_leads_nobody_in,
    an_administrator_with_a_password_and_a_second_factor_completes_the_sign_in,
    whoever_is_in_goes_on_proving_anew_that_it_is_them,
);

const BOB: &str = "bob@example.com";
const ENROL: &str = "/sign-in/second-factor/set-up";

fn is_turned_away(page: &Page, person: &Person) {
    assert_eq!((page.status, page.heading().as_str()), (StatusCode::FORBIDDEN, "Sign in with SSO"));
    assert!(page.has_link("Continue with SSO") && !person.is_signed_in());
    assert_eq!(
        person.opens("/sign-in/second-factor").heading(),
        "Sign in",
        "nothing stands half-way any more"
    );
}

/// The audit line names the way, and that nobody was let in.
fn are_noted(world: &World, ways: &[&str]) {
    let told = texts(
        world,
        "SELECT d.details FROM audit_details d JOIN audit_lines l
         ON l.organization_id = d.organization_id AND l.sequence = d.sequence
         WHERE l.action = 'account.sign_in_refused' ORDER BY l.sequence",
    );
    assert_eq!(told.len(), ways.len(), "{told:?}");
    for (told, way) in told.iter().zip(ways) {
        assert!(told.contains("single sign-on is required") && told.contains(way), "{way}: {told}");
    }
}

fn a_second_step_that_stands_leads_nobody_in(world: World, providers: Providers) {
    with_sso(&world, &providers);
    let bob = member(&world, BOB, "Bob", &[]);
    providers.knows("2002", BOB, "Bob");
    links(&bob, "Google");
    let passkey = adds(&bob);
    let (app, _) = switches_on(&world, &bob);
    next_step(&world);
    let [by_password, by_google, by_passkey] = [(); 3].map(|()| world.visitor());
    let second = by_password.signs_in(BOB, PASSWORD);
    let google = comes_with(&by_google, "Google");
    assert_eq!((second.heading().as_str(), google.heading().as_str()), ("Second step", "Second step"));
    by_passkey.signs_in(BOB, PASSWORD);
    let asked = question(&by_passkey.post("/sign-in/passkey/begin", &[]));
    is_required_of(&world, "domains");

    let page = second.form("Verify").fill("Code", "000000").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "a wrong code is a wrong code");
    is_turned_away(&page.form("Verify").fill("Code", app.code(world.db().now())).press(), &by_password);
    next_step(&world);
    is_turned_away(&google.form("Verify").fill("Code", app.code(world.db().now())).press(), &by_google);
    let page = by_passkey.post("/sign-in/passkey", &[("credential", &passkey.answers(&asked))]);
    is_turned_away(&page, &by_passkey);
    are_noted(&world, &["password", "social", "password"]);
    assert_eq!(texts(&world, "SELECT id FROM sessions WHERE stage = 'half'").len(), 0);
}

fn setting_up_a_second_factor_leads_nobody_in(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    ada.invites("carol@example.com", &[]);
    member(&world, BOB, "Bob", &[]);
    require_a_factor(&world);
    let [by_app, by_passkey, carol] = [(); 3].map(|()| world.visitor());
    let shows_key = |page: &Page| page.form("Use an app").press();
    let key = shows_key(&by_app.signs_in(BOB, PASSWORD));
    assert_eq!(by_passkey.signs_in(BOB, PASSWORD).heading(), "Set up a second factor");
    let asked = question(&by_passkey.post(&format!("{ENROL}/passkey/begin"), &[]));
    let (_, answer) = Passkey::made(&by_passkey, &asked);
    let form = carol.opens(&world.invitation_link("carol@example.com")).form("Accept invitation");
    let joined = shows_key(&form.fill("Your name", "Carol").fill("Password", PASSWORD).press());
    is_required_of(&world, "everybody");

    for (page, person) in [(key, &by_app), (joined, &carol)] {
        let code = Authenticator::typed(&key_on(&page)).code(world.db().now());
        is_turned_away(&page.form("Verify").fill("Code", code).press(), person);
    }
    let page = by_passkey.post(&format!("{ENROL}/passkey"), &[("credential", &answer)]);
    is_turned_away(&page, &by_passkey);
    assert!(texts(&world, "SELECT user_id FROM totp_credentials").is_empty());
    assert!(texts(&world, "SELECT id FROM passkeys").is_empty());
    are_noted(&world, &["password", "acceptance", "password"]);
}

fn a_way_to_a_provider_that_was_begun_leads_nobody_in(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    let bob = member(&world, BOB, "Bob", &[]);
    ada.invites("carol@example.com", &[]);
    providers.knows("2002", BOB, "Bob");
    links(&bob, "Google");
    links(&bob, "GitHub");
    let [by_google, by_github, carol] = [(); 3].map(|()| world.visitor());
    let (google, github) = (way_back(&by_google, "Google"), way_back(&by_github, "GitHub"));
    providers.knows("2003", "carol@example.com", "Carol");
    let join = continues(&carol.opens(&world.invitation_link("carol@example.com")), "GitHub");
    providers.knows("2002", BOB, "Bob");
    is_required_of(&world, "domains");
    is_turned_away(&by_google.opens(&google), &by_google);
    is_turned_away(&by_github.opens(&github), &by_github);
    are_noted(&world, &["google", "github"]);
    is_turned_away(&join.form("Join Analytical Engines").press(), &carol);
    assert_eq!(lines(&world, "invitation.accept"), 0);
}

fn a_passkey_that_was_asked_for_leads_nobody_in(world: World, providers: Providers) {
    with_sso(&world, &providers);
    let passkey = adds(&member(&world, BOB, "Bob", &[]));
    let visitor = world.visitor();
    let asked = question(&visitor.post("/sign-in/passkey/begin", &[]));
    is_required_of(&world, "everybody");
    let page = visitor.post("/sign-in/passkey", &[("credential", &passkey.answers(&asked))]);
    is_turned_away(&page, &visitor);
    are_noted(&world, &["passkey"]);
}

fn an_invitation_that_is_open_on_the_screen_leads_nobody_in(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    ada.invites(BOB, &[]);
    let bob = world.visitor();
    let form = bob.opens(&world.invitation_link(BOB)).form("Accept invitation");
    is_required_of(&world, "domains");
    is_turned_away(&form.fill("Your name", "Bob").fill("Password", PASSWORD).press(), &bob);
    assert_eq!(crate::users::status_of(&world, BOB), "invited");
}

fn a_link_to_a_new_password_leads_nobody_in(world: World, providers: Providers) {
    with_sso(&world, &providers);
    member(&world, BOB, "Bob", &[]);
    let link = reset_link(&world, id_of(&world, BOB), "forgotten");
    let bob = world.visitor();
    let form = bob.opens(&link).form("Save password");
    is_required_of(&world, "domains");
    form.fill("New password", NEW_PASSWORD).press();
    assert!(!bob.is_signed_in());
    is_turned_away(&bob.signs_in(BOB, NEW_PASSWORD), &bob);
    are_noted(&world, &["single sign-on is required"]);
}

fn an_administrator_with_a_password_and_a_second_factor_completes_the_sign_in(
    world: World,
    providers: Providers,
) {
    let ada = with_sso(&world, &providers);
    providers.knows("1001", "ada@elsewhere.example", "Ada");
    links(&ada, "Google");
    let (app, _) = switches_on(&world, &ada);
    next_step(&world);
    let (visitor, by_google) = (world.visitor(), world.visitor());
    let second = visitor.signs_in(ADMINISTRATOR, PASSWORD);
    let google = comes_with(&by_google, "Google");
    is_required_of(&world, "everybody");
    second.form("Verify").fill("Code", app.code(world.db().now())).press();
    assert!(visitor.is_signed_in());
    next_step(&world);
    let page = google.form("Verify").fill("Code", app.code(world.db().now())).press();
    is_turned_away(&page, &by_google);
}

fn whoever_is_in_goes_on_proving_anew_that_it_is_them(world: World, providers: Providers) {
    with_sso(&world, &providers);
    let bob = member(&world, BOB, "Bob", &[]);
    providers.knows("2002", BOB, "Bob");
    links(&bob, "Google");
    let (app, _) = switches_on(&world, &bob);
    is_required_of(&world, "everybody");
    world.later(Duration::minutes(11));
    let page = continues(&bob.opens("/account/prove?return_to=/account/profile"), "Google");
    assert_eq!(page.heading(), "Second step");
    let page = page.form("Verify").fill("Code", app.code(world.db().now())).press();
    assert_eq!(page.url.path(), "/account/profile", "{}", page.text());
}
