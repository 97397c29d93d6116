//! Rows of groups and memberships.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::{
    base::ids::{GroupId, OrganizationId, UserId},
    db::{
        AnyConnection, Fault, Tx, among,
        schema::{groups, memberships, organizations, users},
    },
};

/// A group as rows and chips show it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct GroupName {
    pub id: GroupId,
    pub name: String,
}

/// The organization's groups, those it started with first; at most 500.
pub fn all(conn: &mut AnyConnection, organization: OrganizationId) -> Result<Vec<GroupName>, Fault> {
    Ok(groups::table
        .filter(groups::organization_id.eq(organization))
        .order((groups::standard.desc(), groups::created_at, groups::id))
        .limit(500)
        .select((groups::id, groups::name))
        .load(conn)?)
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
    // The organization is asked of the groups: their index of memberships by person knows all that is asked of it.
    let rows: Vec<(UserId, GroupId)> = memberships::table
        .filter(among(memberships::user_id, people)?)
        .select((memberships::user_id, memberships::group_id))
        .load(conn)?;
    let theirs: BTreeSet<GroupId> = rows.iter().map(|(_, group)| *group).collect();
    let names = named(conn, organization, &theirs.into_iter().collect::<Vec<_>>())?;
    let place: BTreeMap<GroupId, usize> = names.iter().map(|group| group.id).zip(0..).collect();
    let mut places = BTreeMap::<UserId, BTreeSet<usize>>::new();
    for (user, group) in rows {
        places.entry(user).or_default().extend(place.get(&group));
    }
    let named =
        |places: BTreeSet<usize>| places.into_iter().filter_map(|at| names.get(at).cloned()).collect();
    Ok(places.into_iter().map(|(user, places)| (user, named(places))).collect())
}

/// Makes these the groups of a person, whatever they were; keeps the counts of members and the organization's
/// access epoch. The groups must be the organization's.
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
    diesel::update(organizations::table.find(organization))
        .set(organizations::access_epoch.eq(organizations::access_epoch + 1))
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
