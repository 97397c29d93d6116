//! The users page: the table, one person, letting go and having back, export, many at once.

mod bulk;
mod export;
mod groups;
mod list;
mod never_lost;
mod status;

use std::collections::BTreeSet;

use chrono::Duration;
use diesel::prelude::*;
use roster::base::ids::{GroupId, OrganizationId, UserId};
use roster::db::schema::{audit_lines, groups as group_rows, organizations, password_credentials, users};
use roster::db::{AnyConnection, Fault, Tx};
use roster::people::{self, NewPerson, Status};

use crate::support::page::Page;
use crate::support::people::PASSWORD;
use crate::support::person::Person;
use crate::support::world::World;

pub const USERS: &str = "/organization/users";

pub fn ask<T>(world: &World, question: impl FnOnce(&mut AnyConnection) -> QueryResult<T>) -> T {
    world.db().read_now(|conn| question(conn).map_err(Fault::from)).expect("an answer")
}

/// What every act of the console says when it may change what somebody may do; so must a test that writes past it.
pub fn access_changed(tx: &mut Tx<'_>) -> Result<(), Fault> {
    let raised = organizations::access_epoch.eq(organizations::access_epoch + 1);
    diesel::update(organizations::table).set(raised).execute(tx.conn())?;
    Ok(())
}

/// The organization that the administrator has set up.
pub fn organization(world: &World) -> OrganizationId {
    ask(world, |conn| {
        organizations::table
            .filter(organizations::name.eq("Analytical Engines"))
            .select(organizations::id)
            .first(conn)
    })
}

pub fn id_of(world: &World, email: &str) -> UserId {
    ask(world, |conn| users::table.filter(users::email.eq(email)).select(users::id).first(conn))
}

pub fn status_of(world: &World, email: &str) -> String {
    ask(world, |conn| users::table.filter(users::email.eq(email)).select(users::status).first(conn))
}

pub fn group_id(world: &World, name: &str) -> GroupId {
    let of = organization(world);
    ask(world, |conn| {
        group_rows::table
            .filter(group_rows::organization_id.eq(of))
            .filter(group_rows::name.eq(name))
            .select(group_rows::id)
            .first(conn)
    })
}

/// How many audit lines there are of this action.
pub fn lines(world: &World, action: &str) -> i64 {
    ask(world, |conn| audit_lines::table.filter(audit_lines::action.eq(action)).count().get_result(conn))
}

pub fn path(world: &World, email: &str, act: &str) -> String {
    let id = id_of(world, email);
    if act.is_empty() { format!("{USERS}/{id}") } else { format!("{USERS}/{id}/{act}") }
}

/// Somebody who was there before the test began.
pub struct Resident<'a> {
    pub email: String,
    pub name: &'a str,
    pub status: Status,
    pub second_factor: &'a str,
    pub groups: Vec<GroupId>,
    pub days_away: i64,
}

impl<'a> Resident<'a> {
    pub fn new(email: impl Into<String>, name: &'a str) -> Self {
        Self {
            email: email.into(),
            name,
            status: Status::Active,
            second_factor: "none",
            groups: Vec::new(),
            days_away: 0,
        }
    }
}

/// Writes people into the table without letters and passwords.
pub fn settle(world: &World, residents: &[Resident<'_>]) {
    let of = organization(world);
    let settle = |tx: &mut roster::db::Tx<'_>| {
        for resident in residents {
            let id = UserId::new();
            let person = NewPerson {
                id,
                organization: of,
                email: resident.email.parse().expect("an address"),
                name: resident.name.to_owned(),
                status: resident.status,
            };
            people::insert(tx, &person)?;
            let active = tx.now().minus(Duration::days(resident.days_away));
            diesel::update(users::table.filter(users::id.eq(id)))
                .set((users::second_factor.eq(resident.second_factor), users::last_active_at.eq(active)))
                .execute(tx.conn())?;
            if !resident.groups.is_empty() {
                let wanted: BTreeSet<_> = resident.groups.iter().copied().collect();
                roster::groups::set_memberships(tx, of, id, &wanted)?;
            }
        }
        Ok::<_, Fault>(())
    };
    world.db().write_now(of, settle).expect("people");
}

/// Gives somebody the password that everybody has, and signs them in.
pub fn enters(world: &World, email: &str) -> Person {
    let (of, id) = (organization(world), id_of(world, email));
    let hash: String =
        ask(world, |conn| password_credentials::table.select(password_credentials::hash).first(conn));
    world
        .db()
        .write_now(of, |tx| {
            let change = roster::passwords::Change { organization: of, user: id, hash: &hash };
            roster::passwords::set(tx, &change)
        })
        .expect("a password");
    let person = world.visitor();
    person.signs_in(email, PASSWORD);
    assert!(person.is_signed_in(), "{email}");
    person
}

/// Somebody active in these groups, signed in.
pub fn member(world: &World, email: &str, name: &str, groups: &[&str]) -> Person {
    let groups = groups.iter().map(|name| group_id(world, name)).collect();
    settle(world, &[Resident { groups, ..Resident::new(email, name) }]);
    enters(world, email)
}

/// The administrator of a second organization, made as the operator's command makes one.
pub fn other_administrator(world: &World) -> Person {
    use roster::{access, organization};
    let hash: String =
        ask(world, |conn| password_credentials::table.select(password_credentials::hash).first(conn));
    let new = organization::NewOrganization {
        name: organization::OrganizationName::parse("Other").expect("a name"),
        administrator: organization::PersonName::parse("Eve").expect("a name"),
        email: "eve@other.example".parse().expect("an address"),
        password_hash: hash,
    };
    let catalogue = access::Catalogue::built_in().expect("a catalogue");
    world
        .db()
        .write_now(None, |tx| organization::begin(tx, &catalogue, &new, &access::Origin::default()))
        .expect("an organization");
    let eve = world.visitor();
    eve.signs_in("eve@other.example", PASSWORD);
    assert!(eve.is_signed_in());
    eve
}

/// The addresses of the people on a page, in order.
pub fn shown(page: &Page) -> Vec<String> {
    let persons = page.whole().all("tbody .person").map(crate::support::page::text_of);
    persons
        .map(|words| words.split_whitespace().find(|word| word.contains('@')).unwrap_or_default().to_owned())
        .collect()
}
