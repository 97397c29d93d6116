//! Linked accounts in the settings, and signing in with them.

use chrono::Duration;
use reqwest::StatusCode;

use super::{BOTH, comes_with, links, with_providers};
use crate::cast::another_organization;
use crate::snapshot::{Snapshot, texts};
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::providers::Providers;
use crate::support::world::World;

with_providers!(
    a_linked_account_signs_in_and_its_owner_is_told,
    an_address_alone_links_nothing,
    linking_and_unlinking_need_a_fresh_proof,
    an_account_that_signs_in_somebody_else_is_not_linked,
    the_last_way_to_sign_in_is_not_unlinked,
    whoever_joined_without_a_password_sets_one_by_mail,
    unlinking_ends_the_other_sessions,
    the_account_of_a_deactivated_person_lets_nobody_in,
    a_linked_account_asks_for_the_second_factor_all_the_same,
    somebody_with_accounts_in_two_organizations_chooses,
    nothing_is_offered_that_is_not_set_up,
);

fn a_linked_account_signs_in_and_its_owner_is_told(world: World, providers: Providers) {
    let ada = world.administrator();
    for provider in BOTH {
        providers.knows("1001", "ada@elsewhere.example", "Ada");
        let page = links(&ada, provider);
        assert_eq!(page.url.path(), "/account/settings");
        assert!(page.toast().is_some_and(|toast| toast.contains(provider)), "{}", page.text());
        assert!(page.row(provider).text().contains("ada@elsewhere.example"));
        let told = |letter: &crate::support::letter::Letter| {
            letter.subject.contains("An account was linked") && letter.text.contains(provider)
        };
        world.mailbox.wait_for(ADMINISTRATOR, told);

        let other = world.visitor();
        let page = comes_with(&other, provider);
        assert_eq!(page.url.path(), "/organization/users", "{}", page.text());
        assert!(other.is_signed_in());
    }
    world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.subject.contains("A sign-in from a new browser"));
    let lines =
        texts(&world, "SELECT action FROM audit_lines WHERE action LIKE 'account.%' ORDER BY sequence");
    assert_eq!(lines, ["account.linked", "account.sign_in", "account.linked", "account.sign_in"]);
    let details = texts(&world, "SELECT details FROM audit_details").join("\n");
    assert!(details.contains("\"by\":\"google\"") && !details.contains("the-token"), "{details}");
    let kept = texts(&world, "SELECT state FROM sessions").join("\n");
    assert!(!kept.contains("the-token") && !kept.contains("the secret"), "{kept}");
    let settings = ada.opens("/account/settings");
    assert!(!settings.body.contains("the secret"));
}

fn an_address_alone_links_nothing(world: World, providers: Providers) {
    world.administrator();
    providers.knows("1001", ADMINISTRATOR, "Ada");
    let somebody = world.visitor();
    let page = comes_with(&somebody, "Google");
    assert_eq!(page.heading(), "You need an invitation");
    assert!(page.says("An address alone never links anything"), "{}", page.text());
    assert!(!somebody.is_signed_in() && texts(&world, "SELECT id FROM identities").is_empty());
}

fn linking_and_unlinking_need_a_fresh_proof(world: World, providers: Providers) {
    let ada = world.administrator();
    providers.knows("1001", ADMINISTRATOR, "Ada");
    links(&ada, "Google");
    world.later(Duration::minutes(11));
    let before = Snapshot::of(&world);
    for path in ["/account/linked/github", "/account/linked/google/unlink"] {
        let page = ada.post(path, &[("act", "on")]);
        assert_eq!(page.leads_to().map(|url| url.path().to_owned()).as_deref(), Some("/account/prove"));
        let stranger = world.visitor().post(path, &[("act", "on")]);
        assert_eq!(stranger.leads_to().map(|url| url.path().to_owned()).as_deref(), Some("/sign-in"));
    }
    assert_eq!(Snapshot::of(&world), before);
}

fn an_account_that_signs_in_somebody_else_is_not_linked(world: World, providers: Providers) {
    let ada = world.administrator();
    let bob = world.member(&ada, "bob@example.com", "Bob Babbage", &[]);
    providers.knows("1001", ADMINISTRATOR, "Ada");
    links(&ada, "GitHub");
    let before = texts(&world, "SELECT user_id FROM identities");
    let page = links(&bob, "GitHub");
    assert!(page.toast().is_some_and(|it| it.contains("signs in somebody else")), "{}", page.text());
    assert_eq!(texts(&world, "SELECT user_id FROM identities"), before);
    assert_eq!(ada.post("/account/linked/nonsense", &[("act", "link")]).status, StatusCode::NOT_FOUND);
    assert_eq!(bob.get("/account/linked/github/unlink").status, StatusCode::NOT_FOUND, "it is another's");
}

fn the_last_way_to_sign_in_is_not_unlinked(world: World, providers: Providers) {
    let ada = world.administrator();
    ada.invites("bob@example.com", &[]);
    providers.knows("2002", "bob@example.com", "Bob Babbage");
    let bob = world.visitor();
    comes_with(&bob, "Google").form("Join Analytical Engines").press();
    let page = bob.opens("/account/settings").follow("Unlink Google").form("Unlink Google").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("This is your only way to sign in"), "{}", page.text());
    providers.knows("2003", "bob@example.com", "Bob Babbage");
    links(&bob, "GitHub");
    let page = bob.opens("/account/settings").follow("Unlink Google").form("Unlink Google").press();
    assert!(page.toast().is_some_and(|toast| toast.contains("unlinked")), "{}", page.text());
    let page = bob.opens("/account/linked/github/unlink").form("Unlink GitHub").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
}

fn whoever_joined_without_a_password_sets_one_by_mail(world: World, providers: Providers) {
    let ada = world.administrator();
    ada.invites("bob@example.com", &[]);
    providers.knows("2002", "bob@example.com", "Bob Babbage");
    let bob = world.visitor();
    comes_with(&bob, "Google").form("Join Analytical Engines").press();
    let page = world.visitor().opens("/password/forgotten");
    page.form("Send the link").fill("Email", "bob@example.com").press();
    let letter = world.mailbox.wait_for("bob@example.com", |it| it.subject.contains("Set a new password"));
    let page = bob.opens(&letter.link("/password/reset/"));
    page.form("Save password").fill("New password", PASSWORD).press();
    let again = world.visitor();
    again.signs_in("bob@example.com", PASSWORD);
    assert!(again.is_signed_in());
    let page = again.opens("/account/linked/google/unlink").form("Unlink Google").press();
    assert!(page.toast().is_some_and(|toast| toast.contains("unlinked")), "{}", page.text());
}

fn unlinking_ends_the_other_sessions(world: World, providers: Providers) {
    let ada = world.administrator();
    providers.knows("1001", "ada@elsewhere.example", "Ada");
    links(&ada, "Google");
    let other = world.visitor();
    comes_with(&other, "Google");
    assert!(other.is_signed_in());
    ada.opens("/account/linked/google/unlink").form("Unlink Google").press();
    assert!(ada.is_signed_in() && !other.is_signed_in());
    assert_eq!(comes_with(&world.visitor(), "Google").heading(), "You need an invitation");
    world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.subject.contains("An account was unlinked"));
    assert!(world.visitor().signs_in(ADMINISTRATOR, PASSWORD).status.is_success());
}

fn the_account_of_a_deactivated_person_lets_nobody_in(world: World, providers: Providers) {
    let ada = world.administrator();
    let bob = world.member(&ada, "bob@example.com", "Bob Babbage", &[]);
    providers.knows("2002", "bob@example.com", "Bob");
    links(&bob, "GitHub");
    ada.users().row("Bob Babbage").follow("Deactivate").form("Deactivate Bob Babbage").press();
    let visitor = world.visitor();
    let page = comes_with(&visitor, "GitHub");
    assert_eq!(
        (page.status, page.heading().as_str()),
        (StatusCode::FORBIDDEN, "Your account is deactivated")
    );
    assert!(!visitor.is_signed_in());
    let line = "SELECT action FROM audit_lines WHERE action = 'account.sign_in_refused'";
    assert_eq!(texts(&world, line).len(), 1);
}

fn a_linked_account_asks_for_the_second_factor_all_the_same(world: World, providers: Providers) {
    let ada = world.administrator();
    providers.knows("1001", "ada@elsewhere.example", "Ada");
    links(&ada, "Google");
    let (app, _) = crate::second_factor::switches_on(&world, &ada);
    crate::second_factor::next_step(&world);
    let visitor = world.visitor();
    let page = comes_with(&visitor, "Google");
    assert_eq!(page.heading(), "Second step");
    assert!(!visitor.is_signed_in());
    page.form("Verify").fill("Code", app.code(world.db().now())).press();
    assert!(visitor.is_signed_in());
}

fn somebody_with_accounts_in_two_organizations_chooses(world: World, providers: Providers) {
    let ada = world.administrator();
    let other = another_organization(&world, "Difference Engines", ADMINISTRATOR, PASSWORD);
    providers.knows("1001", "ada@elsewhere.example", "Ada");
    links(&ada, "Google");
    links(&other, "Google");
    let visitor = world.visitor();
    let page = comes_with(&visitor, "Google");
    assert_eq!(page.heading(), "Choose an organization");
    assert!(!visitor.is_signed_in());
    page.form("Difference Engines").press();
    assert!(visitor.opens("/account/settings").says("Difference Engines"));
}

fn nothing_is_offered_that_is_not_set_up(_: World, _: Providers) {
    let world = World::on(crate::support::world::Database::Sqlite);
    let ada = world.administrator();
    assert!(
        !world.visitor().opens("/sign-in").says("Google") && !ada.opens("/account/settings").says("Linked")
    );
    for path in ["/auth/google/start", "/auth/github/start", "/auth/other/start", "/account/linked/google"] {
        assert_eq!(ada.post(path, &[("act", "on")]).status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(ada.get("/auth/google/callback?state=x&code=y").status, StatusCode::NOT_FOUND);
}
