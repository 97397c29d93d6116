//! Providers that lie, are away, or answer rubbish.

use reqwest::StatusCode;

use super::{comes, is_led, way_back, with_a_provider, with_sso};
use crate::support::people::ADMINISTRATOR;
use crate::support::providers::{Lie, Providers};
use crate::support::world::World;
use crate::users::lines;

with_a_provider!(
    a_forged_word_lets_nobody_in_and_leaves_a_line,
    an_answer_that_cannot_be_read_is_a_page_with_a_way_back,
    a_provider_that_is_silent_is_given_up,
    whoever_says_no_at_the_provider_comes_back_to_a_page_that_says_so,
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
    with_sso(&world, &providers);
    providers.knows("1001", ADMINISTRATOR, "Ada");
    for (nth, lie) in FORGED.into_iter().enumerate() {
        providers.lies(lie);
        let visitor = world.visitor();
        let page = comes(&visitor, ADMINISTRATOR);
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{lie:?}: {}", page.text());
        assert_eq!(page.heading(), "The provider’s answer cannot be trusted", "{lie:?}");
        assert!(page.has_link("Back to sign in") && !visitor.is_signed_in(), "{lie:?}");
        assert_eq!(lines(&world, "sso.refused"), nth as i64 + 1, "{lie:?}");
    }
    providers.lies(None);
    let visitor = world.visitor();
    comes(&visitor, ADMINISTRATOR);
    assert!(visitor.is_signed_in(), "and an honest word does");
}

fn an_answer_that_cannot_be_read_is_a_page_with_a_way_back(world: World, providers: Providers) {
    with_sso(&world, &providers);
    providers.knows("1001", ADMINISTRATOR, "Ada");
    for lie in [Lie::Rubbish, Lie::Fault] {
        let visitor = world.visitor();
        let back = way_back(&visitor, ADMINISTRATOR);
        providers.lies(lie);
        for page in [visitor.get(&back), is_led(&visitor, ADMINISTRATOR)] {
            assert_eq!(page.status, StatusCode::BAD_GATEWAY, "{lie:?}");
            assert_eq!(page.heading(), "The provider gave an answer that cannot be read");
            assert!(page.has_link("Back to sign in") && !visitor.is_signed_in());
        }
        providers.lies(None);
    }
    providers.lies(Lie::OtherDocument);
    let page = is_led(&world.visitor(), ADMINISTRATOR);
    assert_eq!((page.status, page.has_link("Back to sign in")), (StatusCode::FORBIDDEN, true));
}

fn a_provider_that_is_silent_is_given_up(world: World, providers: Providers) {
    with_sso(&world, &providers);
    providers.lies(Lie::Silence);
    let page = is_led(&world.visitor(), ADMINISTRATOR);
    assert_eq!(
        (page.status, page.heading().as_str()),
        (StatusCode::BAD_GATEWAY, "The provider does not answer")
    );
}

fn whoever_says_no_at_the_provider_comes_back_to_a_page_that_says_so(world: World, providers: Providers) {
    with_sso(&world, &providers);
    providers.lies(Lie::NoCode);
    let page = comes(&world.visitor(), ADMINISTRATOR);
    assert_eq!(page.heading(), "Single sign-on was not used");
    assert_eq!(page.follow("Back to sign in").heading(), "Sign in");
    assert_eq!(lines(&world, "sso.refused"), 0);
}
