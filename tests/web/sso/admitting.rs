//! Whom a provider's word lets in.

use chrono::Duration;
use reqwest::StatusCode;
use serde_json::json;

use super::{ADMIN, BILLING, READ, comes, deploys, filled, with_a_provider, with_sso};
use crate::second_factor::{require_a_factor, switches_on};
use crate::snapshot::texts;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::providers::Providers;
use crate::support::world::World;
use crate::users::{lines, path, status_of};

with_a_provider!(
    somebody_new_has_an_account_at_once_and_is_known_from_then_on,
    an_account_of_the_same_address_is_linked_once_and_its_owner_is_told,
    an_account_that_is_linked_belongs_to_no_other_subject,
    an_invited_person_accepts_their_invitation_by_it,
    an_invitation_that_is_over_is_not_accepted,
    whoever_is_deactivated_stays_so_and_is_told,
    an_address_that_is_not_verified_lets_nobody_in,
    an_address_of_another_domain_lets_nobody_in,
    a_word_without_an_address_lets_nobody_in,
    mapped_groups_follow_the_provider_and_others_stay,
    the_last_administrator_keeps_their_group,
    a_second_factor_is_asked_for_all_the_same,
    a_provider_that_is_trusted_does_for_the_second_factor,
    two_organizations_know_the_same_subject_as_two_people,
);

fn refusals(world: &World) -> i64 {
    lines(world, "sso.refused")
}

fn somebody_new_has_an_account_at_once_and_is_known_from_then_on(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    providers.knows("2002", "Bob@example.com", "Bob Babbage");
    let bob = world.visitor();
    comes(&bob, "bob@example.com");
    assert!(bob.is_signed_in());
    assert_eq!((status_of(&world, "Bob@example.com").as_str(), lines(&world, "sso.join")), ("active", 1));
    assert!(ada.users().has_row("Bob Babbage"));
    assert_eq!(bob.users().status, StatusCode::FORBIDDEN, "in no group, so with no right");

    providers.knows("2002", "bob@elsewhere.example", "Robert");
    let again = world.visitor();
    comes(&again, "anybody@example.com");
    assert!(again.is_signed_in() && again.opens("/account/settings").says("Bob Babbage"));
    assert_eq!(lines(&world, "sso.join"), 1, "the subject decides, whatever the address");
}

fn an_account_of_the_same_address_is_linked_once_and_its_owner_is_told(world: World, providers: Providers) {
    with_sso(&world, &providers);
    providers.knows("1001", ADMINISTRATOR, "Somebody Else");
    for _ in 0..2 {
        let visitor = world.visitor();
        comes(&visitor, ADMINISTRATOR);
        assert!(visitor.is_signed_in() && visitor.opens("/account/settings").says("Ada Lovelace"));
    }
    assert_eq!((lines(&world, "account.linked"), lines(&world, "sso.join")), (1, 0));
    let letter =
        world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.text.contains("single sign-on (127.0.0.1)"));
    assert!(letter.text.contains(ADMINISTRATOR), "{}", letter.text);
    assert!(world.visitor().signs_in(ADMINISTRATOR, PASSWORD).status.is_success(), "the password stays");
}

fn an_account_that_is_linked_belongs_to_no_other_subject(world: World, providers: Providers) {
    with_sso(&world, &providers);
    providers.knows("1001", ADMINISTRATOR, "Ada");
    comes(&world.visitor(), ADMINISTRATOR);
    providers.knows("6666", ADMINISTRATOR, "Ada");
    let eve = world.visitor();
    let page = comes(&eve, ADMINISTRATOR);
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert_eq!(page.heading(), "Your address belongs to another account of the provider");
    assert!(!eve.is_signed_in() && page.has_link("Back to sign in"));
    assert_eq!(lines(&world, "account.sign_in_refused"), 1);
}

fn an_invited_person_accepts_their_invitation_by_it(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    ada.invites("bob@example.com", &["read"]);
    let link = world.invitation_link("bob@example.com");
    providers.knows("2002", "bob@example.com", "Bob Babbage");
    let bob = world.visitor();
    comes(&bob, "bob@example.com");
    assert!(bob.is_signed_in());
    assert_eq!(bob.users().status, StatusCode::OK, "with the groups of the invitation");
    assert!(bob.users().has_row("Bob Babbage"));
    assert_eq!((lines(&world, "invitation.accept"), lines(&world, "sso.join")), (1, 0));
    assert_eq!(world.visitor().get(&link).status, StatusCode::GONE);
}

fn an_invitation_that_is_over_is_not_accepted(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    ada.invites("bob@example.com", &["read"]);
    world.later(Duration::days(8));
    providers.knows("2002", "bob@example.com", "Bob");
    let bob = world.visitor();
    let page = comes(&bob, "bob@example.com");
    assert_eq!(
        (page.status, page.heading().as_str()),
        (StatusCode::FORBIDDEN, "Your invitation has expired")
    );
    assert!(!bob.is_signed_in());
    assert_eq!(status_of(&world, "bob@example.com"), "invited");
}

fn whoever_is_deactivated_stays_so_and_is_told(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    providers.knows("2002", "bob@example.com", "Bob");
    comes(&world.visitor(), "bob@example.com");
    world.member(&ada, "cyd@example.com", "Cyd", &[]);
    for (subject, email) in [("2002", "bob@example.com"), ("2003", "cyd@example.com")] {
        assert!(ada.post(&path(&world, email, "deactivate"), &[]).status.is_redirection());
        providers.knows(subject, email, "Somebody");
        let visitor = world.visitor();
        let page = comes(&visitor, email);
        assert_eq!(
            (page.status, page.heading().as_str()),
            (StatusCode::FORBIDDEN, "Your account is deactivated")
        );
        assert!(page.says("Ada Lovelace") && !visitor.is_signed_in());
        assert_eq!(status_of(&world, email), "deactivated");
    }
    assert_eq!(lines(&world, "account.sign_in_refused"), 2);
}

fn an_address_that_is_not_verified_lets_nobody_in(world: World, providers: Providers) {
    with_sso(&world, &providers);
    for (nth, verified) in [json!(false), json!("true"), json!(1), json!(null)].into_iter().enumerate() {
        for email in [ADMINISTRATOR, "new@example.com"] {
            providers.knows_addresses("6666", json!([{ "email": email, "verified": verified }]));
            let people = || texts(&world, "SELECT id || status || version FROM users");
            let before = people();
            let eve = world.visitor();
            let page = comes(&eve, email);
            assert_eq!(page.heading(), "Your address is not verified", "{verified}");
            assert!(!eve.is_signed_in());
            assert_eq!(people(), before);
        }
        assert_eq!(refusals(&world), 2 * (nth as i64 + 1));
    }
}

fn an_address_of_another_domain_lets_nobody_in(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    world.member(&ada, "eve@sub.example.com", "Eve", &[]);
    for email in ["eve@sub.example.com", "eve@elsewhere.example", "eve@example.com.evil.example"] {
        providers.knows("6666", email, "Eve");
        let eve = world.visitor();
        let page = comes(&eve, "eve@example.com");
        assert_eq!(page.heading(), "Your address is in another domain", "{email}");
        assert!(!eve.is_signed_in());
    }
    assert_eq!((refusals(&world), lines(&world, "account.linked")), (3, 0));
}

fn a_word_without_an_address_lets_nobody_in(world: World, providers: Providers) {
    with_sso(&world, &providers);
    for addresses in [json!([]), json!([{ "email": "nonsense", "verified": true }])] {
        providers.knows_addresses("6666", addresses);
        let page = comes(&world.visitor(), "eve@example.com");
        assert_eq!(page.heading(), "The provider tells no address");
    }
    assert_eq!(refusals(&world), 2);
}

fn mapped_groups_follow_the_provider_and_others_stay(world: World, providers: Providers) {
    let ada = world.administrator();
    let form = filled(&ada, &providers).fill("Claim value 1", "Readers").choose("Group 1", READ);
    let form = form.fill("Claim value 2", "Money").choose("Group 2", BILLING);
    let page = deploys(&form);
    assert!(
        page.says("Readers → read") && page.says("It carries Access Token Viewer, CKS Viewer, IAM Viewer"),
        "{}",
        page.text()
    );
    let groups_of_bob = || {
        texts(
            &world,
            "SELECT g.name FROM memberships m JOIN groups g ON g.id = m.group_id JOIN users u ON u.id = m.user_id
             WHERE u.email = 'bob@example.com' ORDER BY g.name",
        )
    };
    providers.knows("2002", "bob@example.com", "Bob");
    let comes = |groups: Option<serde_json::Value>| {
        providers.knows_groups(groups);
        let bob = world.visitor();
        comes(&bob, "bob@example.com");
        assert!(bob.is_signed_in());
        groups_of_bob()
    };
    assert_eq!(
        comes(Some(json!(["Readers", "admin", "write", 7]))),
        ["read"],
        "only what is mapped, not names"
    );
    let chosen = [
        (
            "version",
            texts(&world, "SELECT CAST(version AS TEXT) FROM users WHERE email = 'bob@example.com'")
                .remove(0),
        ),
        ("group", crate::users::group_id(&world, "read").to_string()),
        ("group", crate::users::group_id(&world, "metrics").to_string()),
    ];
    let chosen: Vec<_> = chosen.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert!(ada.post(&path(&world, "bob@example.com", "groups"), &chosen).status.is_redirection());
    assert_eq!(comes(Some(json!("Money"))), ["billing_viewer", "metrics"]);
    assert_eq!(comes(None), ["billing_viewer", "metrics"], "nothing is said of groups");
    assert_eq!(comes(Some(json!([]))), ["metrics"]);
    assert_eq!(lines(&world, "sso.memberships"), 3);
}

fn the_last_administrator_keeps_their_group(world: World, providers: Providers) {
    let ada = world.administrator();
    deploys(&filled(&ada, &providers).fill("Claim value 1", "Bosses").choose("Group 1", ADMIN));
    let enters_without_groups = || {
        providers.knows("1001", ADMINISTRATOR, "Ada");
        providers.knows_groups(json!([]));
        let ada = world.visitor();
        comes(&ada, ADMINISTRATOR);
        ada.users().status
    };
    assert_eq!(enters_without_groups(), StatusCode::OK, "nobody else administers");
    assert_eq!(lines(&world, "sso.memberships"), 1);
    assert!(texts(&world, "SELECT details FROM audit_details").join(" ").contains("no group was taken away"));
    providers.knows("2002", "bob@example.com", "Bob");
    providers.knows_groups(json!(["Bosses"]));
    comes(&world.visitor(), "bob@example.com");
    assert_eq!(enters_without_groups(), StatusCode::FORBIDDEN, "now somebody else does");
}

fn a_second_factor_is_asked_for_all_the_same(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    let (app, _) = switches_on(&world, &ada);
    world.later(Duration::seconds(30));
    providers.knows("1001", ADMINISTRATOR, "Ada");
    let visitor = world.visitor();
    let page = comes(&visitor, ADMINISTRATOR);
    assert_eq!(page.heading(), "Second step");
    assert!(!visitor.is_signed_in());
    page.form("Verify").fill("Code", app.code(world.db().now())).press();
    assert!(visitor.is_signed_in());

    require_a_factor(&world);
    providers.knows("2002", "bob@example.com", "Bob");
    let bob = world.visitor();
    let page = comes(&bob, "bob@example.com");
    assert!(page.url.path().starts_with("/sign-in/second-factor/set-up"), "{}", page.url);
    assert!(!bob.is_signed_in());
}

fn a_provider_that_is_trusted_does_for_the_second_factor(world: World, providers: Providers) {
    let ada = world.administrator();
    switches_on(&world, &ada);
    require_a_factor(&world);
    deploys(&filled(&ada, &providers).check("Trust the provider for the second factor"));
    for (subject, email) in [("1001", ADMINISTRATOR), ("2002", "bob@example.com")] {
        providers.knows(subject, email, "Somebody");
        let visitor = world.visitor();
        comes(&visitor, email);
        assert!(visitor.is_signed_in(), "{email}");
    }
}

fn two_organizations_know_the_same_subject_as_two_people(world: World, providers: Providers) {
    with_sso(&world, &providers);
    let grace = crate::cast::another_organization(&world, "Second", "grace@second.example", PASSWORD);
    deploys(&filled(&grace, &providers).fill("Domains", "second.example"));
    providers.knows("2002", "bob@example.com", "Bob");
    comes(&world.visitor(), "bob@example.com");
    let visitor = world.visitor();
    let page = comes(&visitor, "bob@second.example");
    assert_eq!(page.heading(), "Your address is in another domain", "{}", page.text());
    providers.knows("2002", "bob@second.example", "Bob");
    comes(&visitor, "bob@second.example");
    assert!(visitor.is_signed_in() && visitor.opens("/account/settings").says("Second"));
    assert_eq!(texts(&world, "SELECT user_id FROM sso_identities").len(), 2);
}
