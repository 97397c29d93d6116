//! An invitation, and the organization's provider: accepted by the invited address, and by no other.

use reqwest::StatusCode;

use super::{changes, with_every_way};
use crate::snapshot::texts;
use crate::sso::{goes_on, with_sso};
use crate::support::people::ADMINISTRATOR;
use crate::support::providers::Providers;
use crate::support::world::World;
use crate::users::{lines, status_of};

with_every_way!(
    an_invitation_is_accepted_by_single_sign_on_from_its_page,
    another_address_than_the_invited_one_is_told_with_both,
    it_is_offered_only_where_the_address_leads_there,
);

const BOB: &str = "bob@example.com";

fn an_invitation_is_accepted_by_single_sign_on_from_its_page(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    ada.invites(BOB, &["read"]);
    providers.knows("2002", "Bob@Example.com", "Bob Babbage");
    let bob = world.visitor();
    let going = bob.opens(&world.invitation_link(BOB)).form("Continue with SSO").press();
    assert!(!bob.is_signed_in());
    let page = goes_on(&going);
    assert!(bob.is_signed_in(), "{}", page.text());
    assert_eq!((status_of(&world, BOB).as_str(), bob.users().status), ("active", StatusCode::OK));
    assert_eq!((lines(&world, "invitation.accept"), lines(&world, "account.sign_in")), (1, 1));
    world.mailbox.wait_for(ADMINISTRATOR, |letter| letter.text.contains("Bob Babbage"));
}

fn another_address_than_the_invited_one_is_told_with_both(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    ada.invites(BOB, &[]);
    let link = world.invitation_link(BOB);
    // Whom the provider knows already, and whom it does not.
    providers.knows("1001", ADMINISTRATOR, "Ada");
    crate::sso::comes(&world.visitor(), ADMINISTRATOR);
    for (subject, email) in [("1001", ADMINISTRATOR), ("6666", "eve@example.com"), ("6667", "nonsense")] {
        providers.knows(subject, email, "Eve");
        let eve = world.visitor();
        let people = || texts(&world, "SELECT id || status || version FROM users ORDER BY id");
        let (before, refused) = (people(), lines(&world, "sso.refused"));
        let page = goes_on(&eve.opens(&link).form("Continue with SSO").press());
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert_eq!(page.heading(), "The invitation is for another address");
        assert!(
            page.says(&format!("It invites {BOB}")) && page.says(&format!("vouches for {email}")),
            "{}",
            page.text()
        );
        assert!(!eve.is_signed_in());
        assert_eq!((people(), lines(&world, "sso.refused")), (before, refused + 1));
        assert!(page.follow("Back to the invitation").has_button("Accept invitation"));
    }
    assert!(
        texts(&world, "SELECT details FROM audit_details")
            .join(" ")
            .contains("another address than the invited one")
    );
}

fn it_is_offered_only_where_the_address_leads_there(world: World, providers: Providers) {
    let ada = with_sso(&world, &providers);
    let offers =
        |email: &str| world.visitor().opens(&world.invitation_link(email)).has_button("Continue with SSO");
    for email in [BOB, "eve@elsewhere.example", "eve@sub.example.com"] {
        ada.invites(email, &[]);
    }
    assert_eq!([BOB, "eve@elsewhere.example", "eve@sub.example.com"].map(offers), [true, false, false]);
    changes(&world, "UPDATE sso_connections SET enabled = FALSE");
    assert!(!offers(BOB), "it is off");
}
