//! Invitations: sent, opened, accepted, sent anew, taken back.

mod accept;
mod asking;
mod input;
mod invite;
mod once;
mod pending;
mod rights;

use diesel::prelude::*;
use roster::base::ids::{GroupId, InvitationId, UserId};
use roster::db::AnyConnection;
use roster::db::schema::{audit_lines, groups, invitations, jobs, memberships, organization_settings, users};

use crate::support::page::Page;
use crate::support::people::PASSWORD;
use crate::support::person::Person;
use crate::support::world::World;

pub const INVITE: &str = "/organization/users/invite";

/// An invitation as it lies in the database.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub id: InvitationId,
    pub user: Option<UserId>,
    pub state: String,
    pub generation: i64,
}

impl Row {
    pub fn path(&self, act: &str) -> String {
        format!("/organization/users/invitations/{}/{act}", self.id)
    }
}

/// Invites without the users page: the form stands at an address of its own.
pub fn invite(admin: &Person, email: &str, groups: &[&str]) -> Page {
    let form = admin.opens(INVITE).form("Send invitation").fill("Email", email);
    groups.iter().fold(form, |form, group| form.check(group)).press_once()
}

/// Does an act of a row, as its form sends it.
pub fn act(admin: &Person, row: &Row, act: &str) -> Page {
    admin.post(&row.path(act), &[("generation", &row.generation.to_string())])
}

pub fn ask<T>(world: &World, question: impl FnOnce(&mut AnyConnection) -> QueryResult<T>) -> T {
    world.db().read_now(|conn| question(conn).map_err(roster::db::Fault::from)).expect("an answer")
}

/// The newest invitation of an address.
pub fn row(world: &World, email: &str) -> Row {
    let (id, user, state, generation) = ask(world, |conn| {
        invitations::table
            .filter(invitations::email.eq(email))
            .order(invitations::id.desc())
            .select((invitations::id, invitations::user_id, invitations::state, invitations::generation))
            .first(conn)
    });
    Row { id, user, state, generation }
}

/// How many people of this status there are, by their rows and by the count that is kept beside.
pub fn people(world: &World, status: &str) -> (i64, i64) {
    use roster::db::schema::organizations;
    let rows = ask(world, |conn| users::table.filter(users::status.eq(status)).count().get_result(conn));
    let (invited, active, deactivated): (i64, i64, i64) = ask(world, |conn| {
        organizations::table
            .select((
                organizations::users_invited,
                organizations::users_active,
                organizations::users_deactivated,
            ))
            .first(conn)
    });
    (
        rows,
        match status {
            "invited" => invited,
            "active" => active,
            _ => deactivated,
        },
    )
}

/// Whether the groups' counts of members are what their memberships are.
pub fn assert_counted(world: &World) {
    let counted: Vec<(GroupId, i64)> =
        ask(world, |conn| groups::table.select((groups::id, groups::members)).load(conn));
    for (group, members) in counted {
        let rows: i64 = ask(world, |conn| {
            memberships::table.filter(memberships::group_id.eq(group)).count().get_result(conn)
        });
        assert_eq!(members, rows);
    }
    for status in ["invited", "active", "deactivated"] {
        let (rows, count) = people(world, status);
        assert_eq!(rows, count, "{status}");
    }
}

/// How many audit lines an action has.
pub fn lines(world: &World, action: &str) -> i64 {
    ask(world, |conn| audit_lines::table.filter(audit_lines::action.eq(action)).count().get_result(conn))
}

/// The letters of a kind that were queued and not taken back.
pub fn letters(world: &World, kind: &str) -> i64 {
    ask(world, |conn| {
        jobs::table.filter(jobs::kind.eq(kind)).filter(jobs::state.ne("cancelled")).count().get_result(conn)
    })
}

/// Changes a setting of the only organization, which has no page of its own yet.
pub fn invites_only_to(world: &World, domains: &str) {
    let domains = domains.to_owned();
    world
        .db()
        .write_now(None, |tx| {
            diesel::update(organization_settings::table)
                .set(organization_settings::invitation_domains.eq(&domains))
                .execute(tx.conn())?;
            Ok::<_, roster::db::Fault>(())
        })
        .expect("a setting");
}

/// Somebody who was invited and has accepted.
pub fn member(world: &World, admin: &Person, email: &str, name: &str, groups: &[&str]) -> Person {
    invite(admin, email, groups);
    world.accepts(&world.invitation_link(email), name, PASSWORD)
}
