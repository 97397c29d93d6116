//! Access requests: asked, answered, ended by time and by people.

mod api;
mod asking;
mod deciding;
mod ending;
mod once;

use chrono::Duration;
use diesel::prelude::*;
use roster::base::ids::{AccessRequestId, PolicyId, RuleId, UserId};
use roster::db::schema::{access_requests, jobs, policies, rule_roles, rule_users, rules};

use crate::support::element::until;
use crate::support::page::Page;
use crate::support::person::Person;
use crate::support::world::World;
use crate::users::{access_changed, ask, id_of, organization};

pub const REQUESTS: &str = "/organization/iam/access-requests";

/// Asks as the form does, without following where it leads.
pub fn asks(person: &Person, role: &str, minutes: &str) -> Page {
    person.post(
        &format!("{REQUESTS}/new"),
        &[("role", role), ("minutes", minutes), ("reason", "A cluster is down.")],
    )
}

/// The newest request of somebody.
pub fn request_of(world: &World, email: &str) -> AccessRequestId {
    let user = id_of(world, email);
    ask(world, |conn| {
        access_requests::table
            .filter(access_requests::user_id.eq(user))
            .order(access_requests::id.desc())
            .select(access_requests::id)
            .first(conn)
    })
}

pub fn state_of(world: &World, id: AccessRequestId) -> String {
    ask(world, |conn| access_requests::table.find(id).select(access_requests::state).first(conn))
}

/// Does an act of a request, as its form sends it.
pub fn act(person: &Person, id: AccessRequestId, act: &str) -> Page {
    person.post(&format!("{REQUESTS}/{id}/{act}"), &[("note", "")])
}

/// Asks in the name of somebody and returns the request.
pub fn asked(world: &World, person: &Person, email: &str, role: &str) -> AccessRequestId {
    let page = asks(person, role, "60");
    assert!(page.status.is_redirection(), "{}: {}", page.status, page.text());
    request_of(world, email)
}

/// Gives somebody one role by a policy of its own.
pub fn gives(world: &World, email: &str, role: &str) {
    let (of, user) = (organization(world), id_of(world, email));
    let (policy, rule) = (PolicyId::new(), RuleId::new());
    let name = format!("{role} for {email}");
    let give = |tx: &mut roster::db::Tx<'_>| {
        let now = tx.now();
        let values = (
            policies::id.eq(policy),
            policies::organization_id.eq(of),
            policies::name.eq(&name),
            policies::name_key.eq(&name),
            policies::description.eq(""),
            policies::standard.eq(false),
            policies::version.eq(1),
            policies::created_at.eq(now),
            policies::updated_at.eq(now),
        );
        diesel::insert_into(policies::table).values(values).execute(tx.conn())?;
        let values = (
            rules::id.eq(rule),
            rules::organization_id.eq(of),
            rules::policy_id.eq(policy),
            rules::position.eq(1),
        );
        diesel::insert_into(rules::table).values(values).execute(tx.conn())?;
        let values =
            (rule_roles::rule_id.eq(rule), rule_roles::role.eq(role), rule_roles::organization_id.eq(of));
        diesel::insert_into(rule_roles::table).values(values).execute(tx.conn())?;
        let values =
            (rule_users::rule_id.eq(rule), rule_users::user_id.eq(user), rule_users::organization_id.eq(of));
        diesel::insert_into(rule_users::table).values(values).execute(tx.conn())?;
        access_changed(tx)
    };
    world.db().write_now(of, give).expect("a policy");
}

/// A request as it lies in the table, without letters and audit: `minutes_ago` is when it was made.
pub fn settled(world: &World, user: UserId, role: &str, state: &str, minutes_ago: i64) -> AccessRequestId {
    let (of, id) = (organization(world), AccessRequestId::new());
    let settle = |tx: &mut roster::db::Tx<'_>| {
        let at = tx.now().minus(Duration::minutes(minutes_ago));
        let ends_at = (state == "approved").then(|| at.plus(Duration::minutes(60)));
        let values = (
            access_requests::id.eq(id),
            access_requests::organization_id.eq(of),
            access_requests::user_id.eq(user),
            access_requests::role.eq(role),
            access_requests::reason.eq("It was needed."),
            access_requests::minutes.eq(60),
            access_requests::state.eq(state),
            access_requests::created_at.eq(at),
            access_requests::expires_at.eq(at.plus(Duration::hours(2))),
            access_requests::ends_at.eq(ends_at),
        );
        diesel::insert_into(access_requests::table).values(values).execute(tx.conn())?;
        access_changed(tx)
    };
    world.db().write_now(of, settle).expect("a request");
    id
}

/// The letters of a kind that were queued and not taken back.
pub fn letters(world: &World, kind: &str) -> i64 {
    ask(world, |conn| {
        jobs::table.filter(jobs::kind.eq(kind)).filter(jobs::state.ne("cancelled")).count().get_result(conn)
    })
}

/// Waits until the work in the background has brought a request to this state.
pub fn comes_to(world: &World, id: AccessRequestId, state: &str) {
    let is_there = || match state_of(world, id) {
        found if found == state => Ok(()),
        found => Err(found),
    };
    until(is_there, |why| format!("a request does not become {state}: it is {why}"));
}
