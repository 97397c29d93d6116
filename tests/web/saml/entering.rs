//! Signing in by SAML.

use chrono::Duration;
use reqwest::StatusCode;

use super::way::{FORM, asked, asks, at, comes, deploys, filled, posts, sends, with_saml};
use crate::snapshot::texts;
use crate::support::people::ADMINISTRATOR;
use crate::support::saml::idp::somebody;
use crate::support::saml::{Draft, Key, NEXT};
use crate::support::world::World;
use crate::support::{at_once, on_both};
use crate::users::{lines, path, status_of};

on_both!(
    somebody_new_has_an_account_at_once_and_is_known_from_then_on,
    an_account_of_the_same_address_is_linked_and_told,
    an_invited_person_accepts_by_it,
    whoever_is_deactivated_stays_out,
    an_address_of_another_domain_lets_nobody_in,
    mapped_groups_follow_the_provider,
    the_second_certificate_signs_as_well,
    a_list_of_applications_leads_in,
    an_answer_nobody_asked_for_is_only_a_hint_and_never_twice,
    another_browser_does_not_end_the_way,
    of_many_at_once_one_enters,
    a_fresh_proof_asks_the_person_anew,
    whoever_begins_very_often_waits,
);

fn bob() -> Draft {
    somebody("bob@example.com", ["Bob", "Babbage"])
}

fn somebody_new_has_an_account_at_once_and_is_known_from_then_on(world: World) {
    let ada = with_saml(&world);
    let visitor = world.visitor();
    comes(&world, &visitor, &bob());
    assert!(visitor.is_signed_in() && ada.users().has_row("Bob Babbage"));
    assert_eq!((status_of(&world, "bob@example.com").as_str(), lines(&world, "sso.join")), ("active", 1));
    let moved = Draft { name_id: "bob@example.com".into(), ..somebody("robert@example.com", ["Robert", ""]) };
    let again = world.visitor();
    comes(&world, &again, &moved);
    assert!(again.is_signed_in() && again.opens("/account/settings").says("Bob Babbage"));
    assert_eq!((lines(&world, "sso.join"), lines(&world, "account.sign_in")), (1, 2), "the subject decides");
}

fn an_account_of_the_same_address_is_linked_and_told(world: World) {
    with_saml(&world);
    let visitor = world.visitor();
    comes(&world, &visitor, &Draft { name_id: "a-1".into(), ..somebody(ADMINISTRATOR, ["A", "L"]) });
    assert!(visitor.opens("/account/settings").says("Ada Lovelace"));
    let told = |letter: &crate::support::letter::Letter| letter.text.contains("single sign-on (idp.example)");
    world.mailbox.wait_for(ADMINISTRATOR, told);
    let eve = world.visitor();
    let page = comes(&world, &eve, &Draft { name_id: "a-2".into(), ..somebody(ADMINISTRATOR, ["A", "L"]) });
    assert_eq!(page.heading(), "Your address belongs to another account of the provider");
    assert!(!eve.is_signed_in() && page.has_link("Back to sign in"));
    assert_eq!((lines(&world, "account.linked"), lines(&world, "account.sign_in_refused")), (1, 1));
}

fn an_invited_person_accepts_by_it(world: World) {
    let ada = with_saml(&world);
    ada.invites("bob@example.com", &["read"]);
    let visitor = world.visitor();
    comes(&world, &visitor, &bob());
    assert_eq!(visitor.users().status, StatusCode::OK, "with the groups of the invitation");
    assert_eq!((lines(&world, "invitation.accept"), lines(&world, "sso.join")), (1, 0));
}

fn whoever_is_deactivated_stays_out(world: World) {
    let ada = with_saml(&world);
    comes(&world, &world.visitor(), &bob());
    assert!(ada.post(&path(&world, "bob@example.com", "deactivate"), &[]).status.is_redirection());
    let visitor = world.visitor();
    let page = comes(&world, &visitor, &bob());
    assert_eq!(
        (page.status, page.heading().as_str()),
        (StatusCode::FORBIDDEN, "Your account is deactivated")
    );
    assert!(!visitor.is_signed_in());
    assert_eq!(status_of(&world, "bob@example.com"), "deactivated");
}

fn an_address_of_another_domain_lets_nobody_in(world: World) {
    with_saml(&world);
    for email in ["eve@sub.example.com", "eve@elsewhere.example"] {
        let eve = world.visitor();
        let page = comes(&world, &eve, &somebody(email, ["Eve", ""]));
        assert_eq!(page.heading(), "Your address is in another domain", "{email}");
        assert!(!eve.is_signed_in());
    }
    assert_eq!(lines(&world, "sso.refused"), 2);
}

fn mapped_groups_follow_the_provider(world: World) {
    let ada = world.administrator();
    let form = filled(&ada).fill("Attribute value 1", "Readers").choose("Group 1", crate::sso::READ);
    deploys(&form.fill("Groups attribute", "memberOf").fill("Email attribute", "mail"));
    let with = |groups: Option<&[&str]>| {
        let mut who = bob();
        who.attributes[0].0 = "mail".into();
        let values = |groups: &[&str]| groups.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        who.attributes.extend(groups.map(|groups| ("memberOf".to_owned(), values(groups))));
        let visitor = world.visitor();
        comes(&world, &visitor, &who);
        assert!(visitor.is_signed_in());
        visitor.users().status
    };
    assert_eq!(with(Some(&["Readers", "admin"])), StatusCode::OK, "only what is mapped");
    assert_eq!(with(None), StatusCode::OK, "nothing is said of groups, so they stay");
    assert_eq!(with(Some(&["Writers"])), StatusCode::FORBIDDEN);
    assert_eq!(lines(&world, "sso.memberships"), 2);
}

fn the_second_certificate_signs_as_well(world: World) {
    let ada = with_saml(&world);
    let by_next = Draft { key: Key::Next, ..bob() };
    let page = comes(&world, &world.visitor(), &by_next);
    assert_eq!(
        (page.status, page.heading().as_str()),
        (StatusCode::FORBIDDEN, "The provider’s answer was refused")
    );
    deploys(&ada.opens(FORM).form("Next").fill("Second certificate", NEXT));
    for who in [by_next, bob()] {
        let visitor = world.visitor();
        comes(&world, &visitor, &who);
        assert!(visitor.is_signed_in());
    }
}

fn a_list_of_applications_leads_in(world: World) {
    with_saml(&world);
    let visitor = world.visitor();
    let asked = asked(&visitor.opens(&format!("{}?return_to=/account/settings", at(&world, "login"))));
    let page = visitor.opens(&sends(&world, &asked, &asked.answer(&bob(), world.db().now())));
    assert_eq!(page.url.path(), "/account/settings", "{}", page.text());
    assert_ne!(visitor.opens(&at(&world, "login")).url.path(), at(&world, "login"), "who is in needs it not");
    for code in ["ffffff0", "nonsense"] {
        assert_eq!(visitor.get(&format!("/accounts/saml/{code}/login")).status, StatusCode::NOT_FOUND);
    }
}

fn an_answer_nobody_asked_for_is_only_a_hint_and_never_twice(world: World) {
    with_saml(&world);
    let visitor = world.visitor();
    let acs = world.base_url().join(&at(&world, "acs")).expect("an address").to_string();
    let answer = Draft { in_response_to: String::new(), ..bob() }.sent();
    let hint = || {
        let page =
            posts(&world, &acs, &[("SAMLResponse", &answer), ("RelayState", "https://elsewhere.example/")]);
        page.leads_to().expect("a way on").to_string()
    };
    let page = visitor.opens(&hint());
    assert!(page.heading().starts_with("On to") && !visitor.is_signed_in());
    let page = visitor.get(&hint());
    assert_eq!(page.status, StatusCode::CONFLICT, "round and round it would go");
    assert_eq!(page.follow("Continue with SSO").heading(), "Continue with SSO");
    world.later(Duration::minutes(2));
    let asked = asked(&visitor.opens(&hint()));
    visitor.opens(&sends(&world, &asked, &asked.answer(&bob(), world.db().now())));
    assert!(visitor.is_signed_in());
    let page = world.visitor().opens(&at(&world, "acs"));
    assert_eq!(page.heading(), "Continue with SSO", "whoever opens it has no answer");
}

fn another_browser_does_not_end_the_way(world: World) {
    with_saml(&world);
    let (bob_s, other) = (world.visitor(), world.visitor());
    let asked = asks(&bob_s, "bob@example.com");
    let early = format!("{}?state={}", at(&world, "finish"), asked.relay_state);
    assert_eq!(other.get(&early).status, StatusCode::GONE);
    let finish = sends(&world, &asked, &asked.answer(&bob(), world.db().now()));
    asks(&other, "eve@example.com");
    for visitor in [&other, &world.visitor()] {
        let page = visitor.get(&finish);
        assert_eq!((page.status, page.heading().as_str()), (StatusCode::GONE, "This way is over"));
        assert!(page.says("begun in another browser") && !visitor.is_signed_in());
    }
    assert!(bob_s.get(&finish).status.is_redirection(), "others do not use it up");
    assert_eq!(bob_s.get(&finish).status, StatusCode::GONE, "once");
    let late = asks(&other, "eve@example.com");
    let finish = sends(&world, &late, &late.answer(&bob(), world.db().now()));
    world.later(Duration::minutes(10));
    assert_eq!(other.get(&finish).status, StatusCode::GONE);
    assert!(!other.is_signed_in());
}

fn of_many_at_once_one_enters(world: World) {
    with_saml(&world);
    let visitor = world.visitor();
    let asked = asks(&visitor, "bob@example.com");
    let answer = asked.answer(&bob(), world.db().now());
    let ways = at_once(32, |_| sends(&world, &asked, &answer));
    assert!(ways.iter().all(|way| *way == ways[0]), "{ways:?}");
    let statuses = at_once(32, |_| visitor.get(&ways[0]).status);
    assert_eq!(statuses.iter().filter(|status| status.is_redirection()).count(), 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| status.is_redirection() || *status == StatusCode::GONE));
    assert_eq!((lines(&world, "sso.join"), lines(&world, "sso.refused")), (1, 0));
    assert_eq!(texts(&world, "SELECT key_hash FROM saml_replays").len(), 2);
}

fn a_fresh_proof_asks_the_person_anew(world: World) {
    with_saml(&world);
    let visitor = world.visitor();
    comes(&world, &visitor, &bob());
    world.later(Duration::minutes(11));
    let begins = || {
        let page = visitor.opens("/account/prove?return_to=/account/profile");
        asked(&page.form("Continue with SSO").press())
    };
    let asked = begins();
    assert!(asked.is_forced);
    let now = world.db().now();
    let honest = asked.answer(&bob(), now);
    let an_hour_ago = asked.answer(&bob(), now.minus(Duration::hours(1))).authenticated;
    let stale = Draft { authenticated: an_hour_ago, ..honest.clone() };
    let page = visitor.get(&sends(&world, &asked, &stale));
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.says("did not ask the person anew"), "{}", page.text());
    let asked = begins();
    let page = visitor.opens(&sends(&world, &asked, &asked.answer(&bob(), world.db().now())));
    assert_eq!(page.url.path(), "/account/profile", "{}", page.text());
}

fn whoever_begins_very_often_waits(world: World) {
    with_saml(&world);
    let login = at(&world, "login");
    let often = || world.visitor().get(&login).status;
    let first = (0..41).map(|_| often()).filter(|status| *status == StatusCode::OK).count();
    assert_eq!(first, 41);
    assert_eq!(often(), StatusCode::TOO_MANY_REQUESTS);
}
