//! Providers that lie, are away, or answer rubbish.

use reqwest::StatusCode;

use super::{BOTH, comes_with, links, with_providers};
use crate::snapshot::texts;
use crate::support::providers::{Lie, Providers};
use crate::support::world::World;

with_providers!(
    a_forged_word_lets_nobody_in_and_leaves_a_line,
    a_provider_may_change_its_keys,
    an_answer_that_cannot_be_read_is_a_page_with_a_way_back,
    a_discovery_document_of_another_issuer_is_not_followed,
    whoever_says_no_at_the_provider_comes_back_to_a_page_that_says_so,
    a_provider_that_is_silent_is_given_up,
);

const FORGED: [Lie; 11] = [
    Lie::Issuer,
    Lie::Audience,
    Lie::TwoAudiences,
    Lie::Nonce,
    Lie::NoNonce,
    Lie::Expired,
    Lie::Future,
    Lie::NoAlgorithm,
    Lie::SharedSecret,
    Lie::OtherKey,
    Lie::Claims,
];

fn a_forged_word_lets_nobody_in_and_leaves_a_line(world: World, providers: Providers) {
    let ada = world.administrator();
    providers.knows("1001", "ada@elsewhere.example", "Ada");
    links(&ada, "Google");
    let failed = "SELECT action FROM audit_lines WHERE action = 'account.sign_in_failed'";
    for (nth, lie) in FORGED.into_iter().enumerate() {
        providers.lies(lie);
        let visitor = world.visitor();
        let page = comes_with(&visitor, "Google");
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{lie:?}: {}", page.text());
        assert_eq!(page.heading(), "The answer of Google cannot be trusted", "{lie:?}");
        assert!(page.has_link("Back to sign in") && !visitor.is_signed_in(), "{lie:?}");
        assert_eq!(texts(&world, failed).len(), nth + 1, "{lie:?}");
    }
    providers.lies(None);
    let visitor = world.visitor();
    comes_with(&visitor, "Google");
    assert!(visitor.is_signed_in(), "and an honest word does");
}

fn a_provider_may_change_its_keys(world: World, providers: Providers) {
    let ada = world.administrator();
    providers.knows("1001", "ada@elsewhere.example", "Ada");
    links(&ada, "Google");
    providers.changes_its_key();
    let visitor = world.visitor();
    comes_with(&visitor, "Google");
    assert!(visitor.is_signed_in());
}

fn an_answer_that_cannot_be_read_is_a_page_with_a_way_back(world: World, providers: Providers) {
    world.administrator();
    providers.knows("1001", "ada@elsewhere.example", "Ada");
    for provider in BOTH {
        for lie in [Lie::Rubbish, Lie::Fault] {
            let visitor = world.visitor();
            let going = visitor.opens("/sign-in").form(&format!("Continue with {provider}")).press();
            let at_provider = visitor.get(going.link(&format!("Go on to {provider}")).as_str());
            providers.lies(lie);
            let page = visitor.get(at_provider.leads_to().expect("a way back").as_str());
            assert_eq!(page.status, StatusCode::BAD_GATEWAY, "{provider} {lie:?}");
            assert!(page.heading().contains("cannot be read") && page.has_link("Back to sign in"));
            if provider == "Google" {
                let page = visitor.opens("/sign-in").form("Continue with Google").press();
                assert_eq!(page.status, StatusCode::BAD_GATEWAY, "{provider} {lie:?}");
            }
            providers.lies(None);
        }
    }
}

fn a_discovery_document_of_another_issuer_is_not_followed(world: World, providers: Providers) {
    world.administrator();
    providers.lies(Lie::OtherDocument);
    let page = world.visitor().opens("/sign-in").form("Continue with Google").press();
    assert_eq!((page.status, page.has_link("Back to sign in")), (StatusCode::FORBIDDEN, true));
}

fn whoever_says_no_at_the_provider_comes_back_to_a_page_that_says_so(world: World, providers: Providers) {
    world.administrator();
    providers.lies(Lie::NoCode);
    for provider in BOTH {
        let page = comes_with(&world.visitor(), provider);
        assert_eq!(page.heading(), format!("{provider} was not used"));
        assert_eq!(page.follow("Back to sign in").heading(), "Sign in");
    }
}

fn a_provider_that_is_silent_is_given_up(world: World, providers: Providers) {
    world.administrator();
    providers.lies(Lie::Silence);
    let page = world.visitor().opens("/sign-in").form("Continue with Google").press();
    assert_eq!((page.status, page.heading().as_str()), (StatusCode::BAD_GATEWAY, "Google does not answer"));
}
