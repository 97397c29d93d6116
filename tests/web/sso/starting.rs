//! Continue with SSO: an address leads to its organization's provider, and tells strangers nothing of who exists.

use reqwest::StatusCode;

use super::{is_led, with_a_provider, with_sso};
use crate::support::page::Page;
use crate::support::people::ADMINISTRATOR;
use crate::support::providers::Providers;
use crate::support::world::World;

with_a_provider!(
    whether_anybody_has_an_address_is_not_told,
    whoever_wanted_a_page_comes_to_it,
    another_site_begins_no_way,
    whoever_begins_very_often_waits,
);

/// What a page says, without what differs each time.
fn told(page: &Page, address: &str) -> String {
    format!("{} {}", page.status, page.text().replace(address, "ADDRESS"))
}

fn whether_anybody_has_an_address_is_not_told(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    world.member(&ada, "grace@elsewhere.example", "Grace", &[]);
    let told = |address: &str| told(&is_led(&world.visitor(), address), address);
    assert_eq!(told(ADMINISTRATOR), told("nobody@example.com"));
    assert_eq!(told("grace@elsewhere.example"), told("nobody@elsewhere.example"));
    assert_eq!(told("grace@elsewhere.example"), told("nobody@unheard.example"));
    let page = is_led(&world.visitor(), "nobody@unheard.example");
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.error_for("Email").is_some_and(|error| error.contains("No single sign-on leads")));
    let page = is_led(&world.visitor(), "nonsense");
    assert!(page.error_for("Email").is_some_and(|error| error.contains("Enter your email address")));
    assert_eq!(page.follow("Sign in another way").heading(), "Sign in");
}

fn whoever_wanted_a_page_comes_to_it(world: World, providers: Providers) {
    with_sso(&world, &providers);
    providers.knows("1001", ADMINISTRATOR, "Ada");
    let visitor = world.visitor();
    let page = visitor.opens("/organization/groups");
    assert_eq!(page.heading(), "Sign in");
    let page = page.follow("Continue with SSO").form("Continue").fill("Email", ADMINISTRATOR).press();
    let page = super::goes_on(&page);
    assert_eq!(page.url.path(), "/organization/groups", "{}", page.text());
    assert_eq!(visitor.opens("/sign-in/sso").url.path(), "/organization/users", "who is in needs it not");
}

fn another_site_begins_no_way(world: World, providers: Providers) {
    with_sso(&world, &providers);
    let url = world.base_url().join("/sign-in/sso").expect("an address");
    let visitor = world.visitor();
    let request =
        visitor.bare_request(reqwest::Method::POST, "/sign-in/sso").header("sec-fetch-site", "cross-site");
    let page = visitor.send(request.form(&[("email", ADMINISTRATOR)]), url);
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}

fn whoever_begins_very_often_waits(world: World, providers: Providers) {
    with_sso(&world, &providers);
    let visitor = world.visitor();
    for _ in 0..41 {
        let page = visitor.post("/sign-in/sso", &[("email", "a@unheard.example")]);
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let page = visitor.post("/sign-in/sso", &[("email", "a@unheard.example")]);
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(world.visitor().signs_in(ADMINISTRATOR, crate::support::people::PASSWORD).status.is_success());
}
