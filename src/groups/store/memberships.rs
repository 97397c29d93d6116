//! Rows of groups and memberships.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::{
    base::ids::{GroupId, OrganizationId, UserId},
    db::{
        AnyConnection, Fault, Tx, among, on_each,
        schema::{groups, memberships, users},
    },
};

/// A group as rows and chips show it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct GroupName {
    pub id: GroupId,
    pub name: String,
}

/// The most groups that [`all`] knows.
const MOST: i64 = 500;

/// The organization's groups, those it started with first; at most 500.
pub fn all(conn: &mut AnyConnection, organization: OrganizationId) -> Result<Vec<GroupName>, Fault> {
    let all = groups::table
        .filter(groups::organization_id.eq(organization))
        .order((groups::standard.desc(), groups::created_at, groups::id))
        .limit(MOST)
        .select((groups::id, groups::name));
    Ok(on_each!(conn, c => all.load(c))?)
}

/// Those of these groups that the organization has, by name. Fewer than were asked for when one is unknown.
pub fn named(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    ids: &[GroupId],
) -> Result<Vec<GroupName>, Fault> {
    Ok(groups::table
        .filter(groups::organization_id.eq(organization))
        .filter(among(groups::id, ids)?)
        .order((groups::standard.desc(), groups::created_at, groups::id))
        .select((groups::id, groups::name))
        .load(conn)?)
}

/// The groups of each of these people. Many people share few groups, so a group's name is read once.
pub fn of_people(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    people: &[UserId],
) -> Result<BTreeMap<UserId, Vec<GroupName>>, Fault> {
    let memberships = memberships_of(conn, people)?;
    let theirs: BTreeSet<GroupId> = memberships.iter().map(|(_, group)| *group).collect();
    let names = named(conn, organization, &theirs.into_iter().collect::<Vec<_>>())?;
    Ok(by_person(memberships, &names))
}

/// The same for whoever has the groups of the organization at hand, from [`all`].
pub fn of_people_among(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    people: &[UserId],
    all: &[GroupName],
) -> Result<BTreeMap<UserId, Vec<GroupName>>, Fault> {
    match all.len() < MOST as usize {
        true => Ok(by_person(memberships_of(conn, people)?, all)),
        false => of_people(conn, organization, people),
    }
}

type Membership = (UserId, GroupId);

/// The organization is asked of the groups: the index of memberships by person knows all that is asked of it.
fn memberships_of(conn: &mut AnyConnection, people: &[UserId]) -> Result<Vec<Membership>, Fault> {
    let rows = memberships::table
        .filter(among(memberships::user_id, people)?)
        .select((memberships::user_id, memberships::group_id));
    Ok(on_each!(conn, c => rows.load(c))?)
}

/// Those of these groups that each is in, in their order.
fn by_person(memberships: Vec<Membership>, groups: &[GroupName]) -> BTreeMap<UserId, Vec<GroupName>> {
    let place: BTreeMap<GroupId, usize> = groups.iter().map(|group| group.id).zip(0..).collect();
    let mut theirs: Vec<(usize, UserId)> =
        memberships.into_iter().filter_map(|(user, group)| Some((*place.get(&group)?, user))).collect();
    theirs.sort_unstable();
    let mut of_people = BTreeMap::<UserId, Vec<GroupName>>::new();
    for (at, user) in theirs {
        of_people.entry(user).or_default().push(groups[at].clone());
    }
    of_people
}

/// Makes these the groups of a person, whatever they were; keeps the counts of members. The groups must be
/// the organization's.
pub fn set_memberships(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    user: UserId,
    wanted: &BTreeSet<GroupId>,
) -> Result<(), Fault> {
    let now = tx.now();
    let had: Vec<GroupId> = memberships::table
        .filter(memberships::user_id.eq(user))
        .filter(memberships::organization_id.eq(organization))
        .select(memberships::group_id)
        .load(tx.conn())?;
    let had: BTreeSet<_> = had.into_iter().collect();
    for group in had.difference(wanted) {
        diesel::delete(memberships::table.find((group, user))).execute(tx.conn())?;
        count_members(tx, *group, -1)?;
    }
    for group in wanted.difference(&had) {
        diesel::insert_into(memberships::table)
            .values((
                memberships::group_id.eq(group),
                memberships::user_id.eq(user),
                memberships::organization_id.eq(organization),
                memberships::created_at.eq(now),
            ))
            .execute(tx.conn())?;
        count_members(tx, *group, 1)?;
    }
    diesel::update(users::table.filter(users::id.eq(user)))
        .set(users::version.eq(users::version + 1))
        .execute(tx.conn())?;
    Ok(())
}

fn count_members(tx: &mut Tx<'_>, group: GroupId, by: i64) -> Result<(), Fault> {
    diesel::update(groups::table.find(group))
        .set(groups::members.eq(groups::members + by))
        .execute(tx.conn())?;
    Ok(())
}

/// What a change of memberships must know of a person: their version, and whether they are there at all.
pub fn version_of(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    user: UserId,
) -> Result<Option<i64>, Fault> {
    Ok(users::table
        .filter(users::id.eq(user))
        .filter(users::organization_id.eq(organization))
        .select(users::version)
        .first(conn)
        .optional()?)
}
