//! An administrator requires a new password.

use chrono::Duration;
use diesel::prelude::*;
use reqwest::StatusCode;
use roster::db::Fault;
use roster::db::schema::password_credentials;

use super::{
    BOB, NEW_PASSWORD, asks_for_a_link, bob, credential, is_password, letters, mailed_link, opens, sets,
};
use crate::support::on_both;
use crate::support::people::{ADMINISTRATOR, PASSWORD};
use crate::support::world::World;
use crate::users::{Resident, id_of, lines, member, other_administrator, path, settle};

on_both!(
    the_old_password_ends_at_once_and_the_mailed_link_sets_another,
    it_must_be_another_password,
    whoever_has_lost_the_letter_asks_for_another_link,
    the_last_administrator_who_can_sign_in_keeps_theirs,
    two_administrators_cannot_lock_each_other_out,
    nobody_requires_it_of_themselves_or_of_who_cannot_sign_in,
    whoever_may_not_is_refused_and_nothing_changes,
);

fn requires(by: &crate::support::person::Person, world: &World, email: &str) -> StatusCode {
    by.post(&path(world, email, "password"), &[]).status
}

fn the_old_password_ends_at_once_and_the_mailed_link_sets_another(world: World) {
    let ada = world.administrator();
    let bob = bob(&world, &ada);
    let page = ada.opens(&path(&world, BOB, "")).follow("Require new password");
    assert_eq!(page.heading(), "Require new password");
    assert!(page.says("1 session ends at once") && page.says(BOB), "{}", page.text());
    assert!(bob.is_signed_in(), "looking does nothing");
    let page = page.form("Require new password").press();
    assert_eq!(page.url.path(), path(&world, BOB, ""));
    assert!(page.toast().is_some_and(|it| it.contains("works no more")), "{}", page.text());
    assert!(!bob.is_signed_in() && !opens(&world, BOB, PASSWORD));
    let link = mailed_link(&world, BOB, 1);
    let shown =
        world.mailbox.wait_for(BOB, |it| it.text.contains("An administrator of Analytical Engines requires"));
    assert_eq!(shown.link("/password/reset/"), link);
    world.later(Duration::days(2));
    sets(&world.visitor(), &link);
    is_password(&world, BOB, true);
    assert!(!credential(&world, BOB).1);
    assert_eq!(
        (lines(&world, "iam.users.require_password"), lines(&world, "account.password_reset")),
        (1, 1)
    );
}

fn it_must_be_another_password(world: World) {
    let ada = world.administrator();
    bob(&world, &ada);
    requires(&ada, &world, BOB);
    let link = mailed_link(&world, BOB, 1);
    let page = world.visitor().opens(&link).form("Save password").fill("New password", PASSWORD).press();
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.error_for("New password").is_some_and(|it| it.contains("choose another")));
    assert_eq!(sets(&world.visitor(), &link).heading(), "Sign in");
}

fn whoever_has_lost_the_letter_asks_for_another_link(world: World) {
    let ada = world.administrator();
    bob(&world, &ada);
    requires(&ada, &world, BOB);
    let required = mailed_link(&world, BOB, 1);
    asks_for_a_link(&world, BOB);
    let asked = mailed_link(&world, BOB, 2);
    assert_eq!(
        world.visitor().get(&required).status,
        StatusCode::OK,
        "what a stranger asks for ends nothing"
    );
    sets(&world.visitor(), &asked);
    is_password(&world, BOB, true);
    assert_eq!(world.visitor().get(&required).status, StatusCode::GONE);
}

fn the_last_administrator_who_can_sign_in_keeps_theirs(world: World) {
    let ada = world.administrator();
    let bob = member(&world, BOB, "Bob Babbage", &["admin"]);
    disables(&world, ADMINISTRATOR);
    let before = credential(&world, BOB);
    let summary = ada.opens(&path(&world, BOB, "password"));
    assert!(
        summary.says("last administrator who can sign in") && !summary.has_button("Require new password")
    );
    let page = ada.post(&path(&world, BOB, "password"), &[]);
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.says("Nothing was changed"), "{}", page.text());
    assert_eq!(credential(&world, BOB), before);
    assert!(bob.is_signed_in());
    assert_eq!((lines(&world, "iam.users.require_password"), letters(&world, "password_reset")), (0, 0));
}

fn disables(world: &World, email: &str) {
    let user = id_of(world, email);
    let disable = |tx: &mut roster::db::Tx<'_>| {
        let row = diesel::update(password_credentials::table.find(user));
        row.set(password_credentials::disabled.eq(true)).execute(tx.conn())?;
        Ok::<_, Fault>(())
    };
    world.db().write_now(None, disable).expect("a change");
}

fn two_administrators_cannot_lock_each_other_out(world: World) {
    let ada = world.administrator();
    let bob = member(&world, BOB, "Bob Babbage", &["admin"]);
    let statuses = crate::support::at_once(32, |nth| match nth % 2 {
        0 => requires(&ada, &world, BOB),
        _ => requires(&bob, &world, ADMINISTRATOR),
    });
    let disabled = [ADMINISTRATOR, BOB].map(|email| credential(&world, email).1);
    assert_eq!(disabled.iter().filter(|it| **it).count(), 1, "{statuses:?}");
}

fn nobody_requires_it_of_themselves_or_of_who_cannot_sign_in(world: World) {
    let ada = world.administrator();
    member(&world, BOB, "Bob Babbage", &["admin"]);
    ada.invites("grace@example.com", &[]);
    settle(&world, &[Resident::new("no-password@example.com", "Nora")]);
    assert!(!ada.opens(&path(&world, ADMINISTRATOR, "")).has_link("Require new password"));
    for email in [ADMINISTRATOR, "grace@example.com", "no-password@example.com"] {
        assert_eq!(requires(&ada, &world, email), StatusCode::UNPROCESSABLE_ENTITY, "{email}");
    }
    ada.post(&path(&world, BOB, "deactivate"), &[]);
    assert_eq!(requires(&ada, &world, BOB), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(ada.is_signed_in());
    assert_eq!((lines(&world, "iam.users.require_password"), letters(&world, "password_reset")), (0, 0));
}

fn whoever_may_not_is_refused_and_nothing_changes(world: World) {
    let ada = world.administrator();
    bob(&world, &ada);
    let rita = member(&world, "rita@example.com", "Rita", &["read"]);
    let eve = other_administrator(&world);
    assert!(!rita.opens(&path(&world, BOB, "")).has_link("Require new password"));
    assert_eq!(requires(&rita, &world, BOB), StatusCode::FORBIDDEN);
    assert_eq!(rita.get(&path(&world, BOB, "password")).status, StatusCode::FORBIDDEN);
    assert_eq!(requires(&eve, &world, BOB), StatusCode::NOT_FOUND);
    assert_eq!(eve.get(&path(&world, BOB, "password")).status, StatusCode::NOT_FOUND);
    assert!(opens(&world, BOB, PASSWORD) && !opens(&world, BOB, NEW_PASSWORD));
}
