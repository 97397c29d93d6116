//! The main job: set up, invite, accept, sign in, deactivate.

use crate::support::on_both;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::World;

on_both!(
    setup_makes_the_first_administrator_and_leads_to_the_users,
    an_invited_person_accepts_and_is_active,
    a_deactivated_person_is_signed_out_on_the_next_request_and_can_come_back,
);

fn setup_makes_the_first_administrator_and_leads_to_the_users(world: World) {
    let link = world.setup_link();
    let ada = world.administrator();
    let page = ada.users();
    assert_eq!(page.heading(), "Users");
    assert!(page.row(ADMINISTRATOR).says("Active"));
    assert!(!world.visitor().opens(&link).has_button("Create organization"), "the setup link works once");
}

fn an_invited_person_accepts_and_is_active(world: World) {
    let ada = world.administrator();
    ada.invites("bob@example.com", &["read"]);
    assert!(ada.users().row("bob@example.com").says("Invited"));

    let link = world.invitation_link("bob@example.com");
    let invitation = world.visitor().opens(&link);
    assert!(
        invitation.says("Ada Lovelace") && invitation.says("Analytical Engines"),
        "{}",
        invitation.text()
    );

    world.accepts(&link, "Bob Babbage", PASSWORD);
    let page = ada.users();
    let row = page.row("bob@example.com");
    assert!(row.says("Bob Babbage") && row.says("Active"), "{}", row.text());
    assert!(signs_in(&world, "BOB@example.com"));
}

fn a_deactivated_person_is_signed_out_on_the_next_request_and_can_come_back(world: World) {
    let ada = world.administrator();
    let bob = world.member(&ada, "bob@example.com", "Bob Babbage", &["read"]);
    assert!(bob.is_signed_in());

    ada.users().row("bob@example.com").follow("Deactivate").form("Deactivate Bob Babbage").press();
    assert!(ada.users().row("bob@example.com").says("Deactivated"));
    assert!(!bob.is_signed_in());
    assert!(!signs_in(&world, "bob@example.com"));

    ada.users().row("bob@example.com").form("Reactivate").press();
    assert!(signs_in(&world, "bob@example.com"));
}

fn signs_in(world: &World, email: &str) -> bool {
    let person = world.visitor();
    person.signs_in(email, PASSWORD);
    person.is_signed_in()
}
