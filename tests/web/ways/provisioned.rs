//! What an identity provider has come to settle since a link or a page was made is not changed by that any more.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::api::{problem, sends};
use crate::cast::{has_a_token, with_token};
use crate::invitations::{act, invite, row};
use crate::scim::Provider;
use crate::snapshot::{Snapshot, texts};
use crate::support::on_both;
use crate::support::people::ADMINISTRATOR;
use crate::support::world::World;
use crate::users::{group_id, member};

on_both!(
    the_links_of_a_change_of_address_work_no_more,
    nobody_is_invited_to_a_group_that_a_provider_fills,
    an_invitation_that_comes_back_leaves_out_what_a_provider_fills,
);

fn the_links_of_a_change_of_address_work_no_more(world: World) {
    world.administrator();
    let bob = member(&world, "bob@example.com", "Bob", &[]);
    let carol = member(&world, "carol@example.com", "Carol", &[]);
    let link = |email: &str, act: &str| {
        let path = format!("/account/email/{act}/");
        let is_it =
            |letter: &crate::support::letter::Letter| letter.links().iter().any(|it| it.contains(&path));
        world.mailbox.wait_for(email, is_it).link(&path)
    };
    let asks = |person: &crate::support::person::Person, email: &str| {
        person.opens("/account/settings").form("Change email").fill("New email", email).press();
        link(email, "confirm")
    };
    let pending = asks(&bob, "bobby@example.com");
    let confirm = asks(&carol, "caro@example.com");
    carol.opens(&confirm).form("Confirm address").press();
    let back = link("carol@example.com", "undo");
    let (looked, undo) =
        (bob.opens(&pending).form("Confirm address"), carol.opens(&back).form("Take the change back"));
    let provider = Provider::of(&world);
    provider.brings("bob@example.com");
    provider.brings("caro@example.com");

    let before = Snapshot::of(&world);
    for page in [looked.press(), undo.press(), bob.opens(&pending), carol.opens(&back)] {
        assert_eq!(page.status, StatusCode::GONE);
        assert_eq!(page.heading(), "Your identity provider settles the address");
        assert!(page.says("of Analytical Engines has come to settle your address"), "{}", page.text());
    }
    assert_eq!(Snapshot::of(&world), before);
}

fn nobody_is_invited_to_a_group_that_a_provider_fills(world: World) {
    let ada = world.administrator();
    Provider::of(&world).pushes("Crew", &[]);
    let crew = group_id(&world, "Crew").to_string();
    let fields = [("email", "bob@example.com"), ("group", crew.as_str()), ("step", "send")];
    let page = ada.post("/organization/users/invite", &fields);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("Your identity provider settles who is in one of these groups"), "{}", page.text());
    assert!(page.says("Your identity provider settles who is in it."), "beside the group: {}", page.text());
    let choice = page.whole().control("Crew Your identity provider settles who is in it.");
    assert!(choice.attr("disabled").is_some(), "it cannot be ticked");

    let robot = with_token(&world.visitor(), &has_a_token(&world, ADMINISTRATOR, None).1);
    let wanted = json!({ "addresses": ["eve@example.com"], "groups": [crew] });
    let answer = sends(&robot, Method::POST, "/api/v1/invitations", wanted);
    assert_eq!(problem(&answer), "conflict");
    assert!(answer.body.contains("Your identity provider settles"), "{}", answer.body);
    assert_eq!(texts(&world, "SELECT email FROM invitations").len(), 0);
}

fn an_invitation_that_comes_back_leaves_out_what_a_provider_fills(world: World) {
    let ada = world.administrator();
    Provider::of(&world);
    invite(&ada, "bob@example.com", &["read", "metrics"]);
    act(&ada, &row(&world, "bob@example.com"), "revoke");
    let undo = ada.opens("/organization/users/invite").form("Undo");
    let link = format!("/organization/iam/scim/groups/{}/link", group_id(&world, "metrics"));
    assert!(ada.opens(&link).form("Link group").press().toast().is_some());
    assert_eq!(undo.press_once().status, StatusCode::SEE_OTHER);
    let groups =
        "SELECT g.name FROM memberships m JOIN groups g ON g.id = m.group_id JOIN users u ON u.id = m.user_id
                  WHERE u.email = 'bob@example.com'";
    assert_eq!(texts(&world, groups), ["read"]);
}
