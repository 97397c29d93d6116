//! Passwords: changed, forgotten, required anew, recovered.

mod change;
mod forgotten;
mod minimum;
mod require;
mod reset;

use chrono::Duration;
use diesel::prelude::*;
use roster::base::ids::{OrganizationId, PasswordResetId, UserId};
use roster::crypto::signing::{Named, Purpose};
use roster::db::Fault;
use roster::db::schema::{jobs, password_credentials, password_resets, users as people};

use crate::support::page::Page;
use crate::support::people::PASSWORD;
use crate::support::person::Person;
use crate::support::world::World;
use crate::users::{ask, id_of};

pub const NEW_PASSWORD: &str = "eleven amber kites over Lisbon";
const SETTINGS: &str = "/account/settings";
const FORGOTTEN: &str = "/password/forgotten";

/// The path of a link that sets a new password for somebody within the hour.
pub fn reset_link(world: &World, user: UserId, why: &str) -> String {
    let id = PasswordResetId::new();
    let make = |tx: &mut roster::db::Tx<'_>| {
        let now = tx.now();
        let of: OrganizationId =
            people::table.filter(people::id.eq(user)).select(people::organization_id).first(tx.conn())?;
        diesel::insert_into(password_resets::table)
            .values((
                password_resets::id.eq(id),
                password_resets::organization_id.eq(of),
                password_resets::user_id.eq(user),
                password_resets::why.eq(why),
                password_resets::state.eq("pending"),
                password_resets::created_at.eq(now),
                password_resets::expires_at.eq(now.plus(Duration::hours(1))),
            ))
            .execute(tx.conn())?;
        Ok::<_, Fault>(())
    };
    world.db().write_now(None, make).expect("a link");
    let token = world.site().signer.token(Purpose::PasswordReset, Named { id: id.uuid(), generation: 1 });
    format!("/password/reset/{token}")
}

/// What is stored of somebody's password.
fn credential(world: &World, email: &str) -> (String, bool) {
    let user = id_of(world, email);
    ask(world, |conn| {
        password_credentials::table
            .find(user)
            .select((password_credentials::hash, password_credentials::disabled))
            .first(conn)
    })
}

/// How many letters, or other work, there are of this kind.
fn letters(world: &World, kind: &str) -> i64 {
    ask(world, |conn| jobs::table.filter(jobs::kind.eq(kind)).count().get_result(conn))
}

/// How many letters tell somebody of this event.
fn notices(world: &World, event: &str) -> i64 {
    let told = format!("%\"event\":\"{event}\"%");
    ask(world, |conn| {
        let notices = jobs::table.filter(jobs::kind.eq("account_notice"));
        notices.filter(jobs::parameters.like(told)).count().get_result(conn)
    })
}

/// Somebody of the organization with a browser in which they are signed in.
fn bob(world: &World, admin: &Person) -> Person {
    world.member(admin, BOB, "Bob Babbage", &["read"])
}

const BOB: &str = "bob@example.com";

/// Whether this password lets somebody in, from a browser and a machine of their own.
fn opens(world: &World, email: &str, password: &str) -> bool {
    let person = world.visitor_from(77);
    person.signs_in(email, password);
    person.is_signed_in()
}

fn asks_for_a_link(world: &World, email: &str) -> Page {
    world
        .visitor()
        .opens("/sign-in")
        .follow("Forgot your password?")
        .form("Send the link")
        .fill("Email", email)
        .press()
}

/// The link in the newest letter of this kind to somebody.
fn mailed_link(world: &World, email: &str, count: usize) -> String {
    let is_reset = |letter: &&crate::support::letter::Letter| letter.subject.contains("Set a new password");
    let path = |letter: &crate::support::letter::Letter| letter.link("/password/reset/");
    crate::support::element::until(
        || {
            let letters = world.mailbox.letters();
            let found: Vec<_> =
                letters.iter().filter(|it| it.is_to(email)).filter(is_reset).map(path).collect();
            found.get(count - 1).cloned().ok_or_else(|| format!("{} have come", found.len()))
        },
        |why| format!("{count} letters with a link to {email}: {why}"),
    )
}

/// Sets the new password by a link.
fn sets(person: &Person, link: &str) -> Page {
    person.opens(link).form("Save password").fill("New password", NEW_PASSWORD).press()
}

fn is_password(world: &World, email: &str, new: bool) {
    assert_eq!((opens(world, email, PASSWORD), opens(world, email, NEW_PASSWORD)), (!new, new));
}
