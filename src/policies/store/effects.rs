//! What people and groups hold at this moment of a transaction, asked of the engine before a change and after it.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::{
    access::{roles_given_to_groups, roles_of_people},
    base::{
        clock::Moment,
        ids::{GroupId, OrganizationId, UserId},
    },
    db::{
        AnyConnection, Fault,
        schema::{groups, memberships},
    },
    people::{self, Someone, Status},
    policies::model::Principal,
};

/// Of a group with more members than this, each member is not looked at; nor are more than [`MOST_PEOPLE`] in all.
const MOST_MEMBERS: i64 = 500;
const MOST_PEOPLE: usize = 5_000;

/// Who is touched by a change, and what each holds.
#[derive(Debug, Default)]
pub struct Held {
    /// Those who are named, and whoever is in a group that is named and small enough.
    pub people: BTreeMap<UserId, BTreeSet<String>>,
    pub persons: BTreeMap<UserId, Someone>,
    pub named: BTreeSet<UserId>,
    pub groups: BTreeMap<GroupId, HeldByGroup>,
}

#[derive(Debug)]
pub struct HeldByGroup {
    pub name: String,
    pub members: i64,
    /// Whether each member is among the people.
    pub is_seen: bool,
    /// What policies give to all members.
    pub roles: BTreeSet<String>,
}

/// What these hold now, from every policy and approved request.
pub fn held(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    touched: &BTreeSet<Principal>,
    now: Moment,
) -> Result<Held, Fault> {
    let mut held = Held::default();
    let mut ids = Vec::new();
    for principal in touched {
        match principal {
            Principal::User(user) => drop(held.named.insert(*user)),
            Principal::Group(group) => ids.push(*group),
        }
    }
    let mut people = held.named.clone();
    let rows: Vec<(GroupId, String, i64)> = groups::table
        .filter(groups::id.eq_any(&ids))
        .filter(groups::organization_id.eq(organization))
        .order(groups::name_key)
        .select((groups::id, groups::name, groups::members))
        .load(conn)?;
    let mut given = roles_given_to_groups(conn, organization, &ids)?;
    for (id, name, members) in rows {
        let is_seen = members <= MOST_MEMBERS && people.len() < MOST_PEOPLE;
        if is_seen {
            people.extend(members_of(conn, id)?);
        }
        let roles = given.remove(&id).unwrap_or_default();
        held.groups.insert(id, HeldByGroup { name, members, is_seen, roles });
    }
    let people: Vec<UserId> = people.into_iter().collect();
    let persons = people::these(conn, organization, &people)?;
    held.persons = persons.into_iter().map(|person| (person.id, person)).collect();
    held.people = roles_of_people(conn, organization, &people, now)?;
    Ok(held)
}

fn members_of(conn: &mut AnyConnection, group: GroupId) -> Result<Vec<UserId>, Fault> {
    Ok(memberships::table
        .filter(memberships::group_id.eq(group))
        .order(memberships::user_id)
        .limit(MOST_MEMBERS)
        .select(memberships::user_id)
        .load(conn)?)
}

impl Held {
    /// The roles of somebody; none for whom nothing gives any.
    pub fn roles(&self, user: UserId) -> BTreeSet<String> {
        self.people.get(&user).cloned().unwrap_or_default()
    }

    pub fn is_active(&self, user: UserId) -> bool {
        self.persons.get(&user).is_some_and(|person| person.status == Status::Active)
    }
}
