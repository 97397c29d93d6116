//! Invitations accepted with an account elsewhere, and strangers who come with one.

use chrono::Duration;
use reqwest::StatusCode;
use serde_json::json;

use super::{BOTH, comes_with, continues, with_providers};
use crate::snapshot::{Snapshot, texts};
use crate::support::providers::Providers;
use crate::support::world::World;

with_providers!(
    an_invitation_is_accepted_with_an_account_of_the_invited_address,
    an_invitation_is_not_accepted_with_an_account_of_another_address,
    an_address_that_is_not_said_to_be_verified_is_none,
    a_stranger_is_told_what_is_missing_and_the_proof_is_kept_for_the_invitation,
    what_was_vouched_for_is_kept_for_an_hour,
    an_open_invitation_of_the_address_is_offered_at_once,
    an_invitation_that_was_taken_back_meanwhile_is_not_joined,
    whoever_joins_where_a_factor_is_required_sets_one_up_first,
);

fn an_invitation_is_accepted_with_an_account_of_the_invited_address(world: World, providers: Providers) {
    let ada = world.administrator();
    for (nth, provider) in BOTH.into_iter().enumerate() {
        let email = format!("bob{nth}@example.com");
        ada.invites(&email, &[]);
        providers.knows(&format!("200{nth}"), &email.to_uppercase(), "Bob Babbage");
        let bob = world.visitor();
        let page = continues(&bob.opens(&world.invitation_link(&email)), provider);
        assert_eq!(page.heading(), "Join Analytical Engines");
        assert!(!bob.is_signed_in(), "nothing happens before it is pressed");
        let page = page.form("Join Analytical Engines").press();
        assert!(page.toast().is_some_and(|toast| toast.contains("Welcome")), "{}", page.text());
        let settings = bob.opens("/account/settings");
        assert!(settings.says("Bob Babbage") && settings.row(provider).text().contains("linked"));
        let again = world.visitor();
        comes_with(&again, provider);
        assert!(again.is_signed_in());
    }
    let accepted = "SELECT action FROM audit_lines WHERE action = 'invitation.accept'";
    assert_eq!(texts(&world, accepted).len(), 2);
    assert_eq!(texts(&world, "SELECT user_id FROM password_credentials").len(), 1, "only Ada has a password");
}

fn an_invitation_is_not_accepted_with_an_account_of_another_address(world: World, providers: Providers) {
    let ada = world.administrator();
    ada.invites("bob@example.com", &[]);
    let link = world.invitation_link("bob@example.com");
    providers.knows("6666", "eve@elsewhere.example", "Eve");
    let eve = world.visitor();
    let page = continues(&eve.opens(&link), "Google");
    assert!(page.says("This invitation is for bob@example.com"), "{}", page.text());
    assert!(page.says("Google vouches for eve@elsewhere.example"), "{}", page.text());
    let before = Snapshot::of(&world);
    let path = url::Url::parse(&link).expect("an address").path().to_owned();
    let page = eve.post(&format!("{path}/join"), &[("name", "Eve")]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    let pending = texts(&world, "SELECT id FROM invitations WHERE state = 'pending'");
    let page = eve.post("/invitations/join", &[("name", "Eve"), ("invitation", &pending[0])]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(Snapshot::of(&world), before);
    assert!(!eve.is_signed_in());
}

fn an_address_that_is_not_said_to_be_verified_is_none(world: World, providers: Providers) {
    let ada = world.administrator();
    ada.invites("bob@example.com", &[]);
    let link = world.invitation_link("bob@example.com");
    for verified in [json!(false), json!("true"), json!(1), json!(null)] {
        providers.knows_addresses(
            "6666",
            json!([{ "email": "bob@example.com", "verified": verified, "primary": true }]),
        );
        for provider in BOTH {
            let eve = world.visitor();
            let page = continues(&eve.opens(&link), provider);
            assert!(page.says(&format!("{provider} vouches for no address of yours")), "{}", page.text());
            assert!(!comes_with(&world.visitor(), provider).has_button("Join Analytical Engines"));
        }
    }
}

fn a_stranger_is_told_what_is_missing_and_the_proof_is_kept_for_the_invitation(
    world: World,
    providers: Providers,
) {
    let ada = world.administrator();
    providers.knows("2002", "bob@example.com", "Bob Babbage");
    let bob = world.visitor();
    let page = comes_with(&bob, "GitHub");
    assert_eq!(page.heading(), "You need an invitation");
    assert!(page.says("GitHub vouches for bob@example.com"), "{}", page.text());
    ada.invites("bob@example.com", &[]);
    let page = bob.opens(&world.invitation_link("bob@example.com"));
    page.form("Join Analytical Engines").fill("Your name", "Bob B.").press();
    assert!(bob.opens("/account/settings").says("Bob B."));
}

fn what_was_vouched_for_is_kept_for_an_hour(world: World, providers: Providers) {
    let ada = world.administrator();
    providers.knows("2002", "bob@example.com", "Bob Babbage");
    let bob = world.visitor();
    comes_with(&bob, "GitHub");
    ada.invites("bob@example.com", &[]);
    let link = world.invitation_link("bob@example.com");
    assert!(bob.opens(&link).has_button("Join Analytical Engines"));
    assert!(bob.opens(&format!("{link}?with=password")).has_button("Accept invitation"));
    world.later(Duration::minutes(61));
    assert!(!bob.opens(&link).has_button("Join Analytical Engines"));
    assert_eq!(bob.opens("/invitations/join").heading(), "Sign in");
}

fn an_open_invitation_of_the_address_is_offered_at_once(world: World, providers: Providers) {
    let ada = world.administrator();
    ada.invites("bob@example.com", &["read"]);
    providers.knows("2002", "bob@example.com", "");
    let bob = world.visitor();
    let page = comes_with(&bob, "Google");
    assert!(page.says("Ada Lovelace (ada@example.com) invites you to Analytical Engines"), "{}", page.text());
    assert!(page.says("Groups read") && page.says("Invited address bob@example.com"), "{}", page.text());
    let page = page.form("Join Analytical Engines").fill("Your name", " ").press();
    assert!(page.error_for("Your name").is_some());
    page.form("Join Analytical Engines").fill("Your name", "Bob Babbage").press();
    assert!(bob.is_signed_in() && ada.users().has_row("Bob Babbage"));
    assert!(bob.users().has_row("Ada Lovelace"), "the groups of the invitation are in force");
}

fn an_invitation_that_was_taken_back_meanwhile_is_not_joined(world: World, providers: Providers) {
    let ada = world.administrator();
    ada.invites("bob@example.com", &[]);
    providers.knows("2002", "bob@example.com", "Bob");
    let bob = world.visitor();
    let page = comes_with(&bob, "Google");
    let id = texts(&world, "SELECT id FROM invitations").remove(0);
    ada.post(&format!("/organization/users/invitations/{id}/revoke"), &[("generation", "1")]);
    let page = page.form("Join Analytical Engines").press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("not open any more") && !bob.is_signed_in(), "{}", page.text());
    assert!(texts(&world, "SELECT id FROM identities").is_empty());
}

fn whoever_joins_where_a_factor_is_required_sets_one_up_first(world: World, providers: Providers) {
    let ada = world.administrator();
    ada.invites("bob@example.com", &[]);
    crate::second_factor::require_a_factor(&world);
    providers.knows("2002", "bob@example.com", "Bob");
    let bob = world.visitor();
    let page = comes_with(&bob, "Google").form("Join Analytical Engines").press();
    assert_eq!(page.url.path(), "/sign-in/second-factor/set-up", "{}", page.text());
    assert!(!bob.is_signed_in());
}
