//! Who may, and who may not.

use reqwest::StatusCode;

use super::{INVITE, act, invite, lines, people, row};
use crate::support::on_both;
use crate::support::people::PASSWORD;
use crate::support::world::World;

on_both!(
    whoever_may_not_invite_is_refused_everywhere,
    nobody_reaches_the_invitations_of_another_organization,
    whoever_is_signed_out_is_asked_to_sign_in,
    an_unknown_invitation_is_not_found,
    a_demoted_administrator_does_nothing_any_more,
    a_form_of_another_site_does_nothing,
);

const ACTS: [&str; 4] = ["resend", "revoke", "undo", "address"];

fn whoever_may_not_invite_is_refused_everywhere(world: World) {
    let ada = world.administrator();
    let reader = super::member(&world, &ada, "grace@example.com", "Grace Hopper", &["read"]);
    invite(&ada, "alan@example.com", &["admin"]);
    let pending = row(&world, "alan@example.com");
    assert_eq!(reader.get(INVITE).status, StatusCode::FORBIDDEN);
    assert_eq!(reader.post(INVITE, &[("email", "eve@example.com")]).status, StatusCode::FORBIDDEN);
    assert_eq!(
        reader.post(INVITE, &[("email", "a@example.com b@example.com")]).status,
        StatusCode::FORBIDDEN
    );
    for path in ["link", "address"] {
        assert_eq!(reader.get(&pending.path(path)).status, StatusCode::FORBIDDEN, "{path}");
    }
    for path in ACTS {
        let fields = [("generation", "1"), ("email", "grace@example.com")];
        assert_eq!(reader.post(&pending.path(path), &fields).status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(row(&world, "alan@example.com"), pending, "nothing was changed");
    assert_eq!((lines(&world, "iam.users.invite"), people(&world, "invited")), (2, (1, 1)));
}

fn nobody_reaches_the_invitations_of_another_organization(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &["admin"]);
    let pending = row(&world, "grace@example.com");
    let eve = other_administrator(&world);
    for path in ["link", "address"] {
        assert_eq!(eve.get(&pending.path(path)).status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in ACTS {
        let fields = [("generation", "1"), ("email", "eve@other.example")];
        assert_eq!(eve.post(&pending.path(path), &fields).status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(row(&world, "grace@example.com"), pending, "nothing was changed");
    let group = ada.opens(INVITE);
    let group = group.whole().control("admin").attr("value").unwrap();
    let page = eve.post(INVITE, &[("email", "x@other.example"), ("group", group)]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        invite(&eve, "grace@example.com", &[]).status,
        StatusCode::SEE_OTHER,
        "an address may have several accounts"
    );
}

/// The administrator of a second organization, made as the operator's command makes one.
fn other_administrator(world: &World) -> crate::support::person::Person {
    use roster::{access, organization, people};
    let hash = super::ask(world, |conn| {
        use diesel::prelude::*;
        use roster::db::schema::password_credentials;
        password_credentials::table.select(password_credentials::hash).first::<String>(conn)
    });
    let _ = people::Status::Active;
    let new = organization::NewOrganization {
        name: organization::OrganizationName::parse("Other").unwrap(),
        administrator: organization::PersonName::parse("Eve").unwrap(),
        email: "eve@other.example".parse().unwrap(),
        password_hash: hash,
    };
    let catalogue = access::Catalogue::built_in().unwrap();
    world
        .db()
        .write_now(None, |tx| organization::begin(tx, &catalogue, &new, &access::Origin::default()))
        .expect("an organization");
    let eve = world.visitor();
    eve.signs_in("eve@other.example", PASSWORD);
    assert!(eve.is_signed_in());
    eve
}

fn whoever_is_signed_out_is_asked_to_sign_in(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    let pending = row(&world, "grace@example.com");
    let nobody = world.visitor();
    assert_eq!(nobody.opens(INVITE).heading(), "Sign in");
    for path in ACTS {
        let page = nobody.post(&pending.path(path), &[("generation", "1")]);
        assert!(page.leads_to().unwrap().path().starts_with("/sign-in"), "{path}");
    }
    assert_eq!(row(&world, "grace@example.com"), pending);
}

fn an_unknown_invitation_is_not_found(world: World) {
    let ada = world.administrator();
    let unknown = roster::base::ids::InvitationId::new();
    for id in [unknown.to_string(), "x".to_owned()] {
        let path = |act: &str| format!("/organization/users/invitations/{id}/{act}");
        assert_eq!(ada.get(&path("link")).status, StatusCode::NOT_FOUND);
        for act in ACTS {
            assert_eq!(ada.post(&path(act), &[("generation", "1")]).status, StatusCode::NOT_FOUND, "{act}");
        }
    }
}

fn a_demoted_administrator_does_nothing_any_more(world: World) {
    let ada = world.administrator();
    let alan = super::member(&world, &ada, "alan@example.com", "Alan Turing", &["admin"]);
    invite(&alan, "grace@example.com", &[]);
    let pending = row(&world, "grace@example.com");
    demoted(&world, row(&world, "alan@example.com").user.unwrap());
    assert_eq!(act(&alan, &pending, "revoke").status, StatusCode::FORBIDDEN);
    assert_eq!(invite_status(&alan), StatusCode::FORBIDDEN);
    assert_eq!(row(&world, "grace@example.com"), pending);
}

fn invite_status(person: &crate::support::person::Person) -> StatusCode {
    person.post(INVITE, &[("email", "x@example.com")]).status
}

fn demoted(world: &World, user: roster::base::ids::UserId) {
    use diesel::prelude::*;
    use roster::db::schema::users;
    let organization = super::ask(world, |conn| users::table.select(users::organization_id).first(conn));
    world
        .db()
        .write_now(organization, |tx| {
            roster::groups::set_memberships(tx, organization, user, &std::collections::BTreeSet::new())
        })
        .expect("a write");
}

fn a_form_of_another_site_does_nothing(world: World) {
    let ada = world.administrator();
    invite(&ada, "grace@example.com", &[]);
    let pending = row(&world, "grace@example.com");
    let forged = ada.with("sec-fetch-site", "cross-site").with("origin", "https://evil.example");
    let request = forged.request(reqwest::Method::POST, &pending.path("revoke")).form(&[("generation", "1")]);
    assert_eq!(forged.send(request, world.base_url()).status, StatusCode::FORBIDDEN);
    assert_eq!(row(&world, "grace@example.com"), pending);
}
