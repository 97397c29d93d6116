//! Groups that a provider looks after, and those it may after an administrator links them.

use std::collections::BTreeSet;

use diesel::{dsl::exists, prelude::*};

use crate::{
    base::{
        clock::Moment,
        ids::{GroupId, OrganizationId, ScimGroupId, ScimUserId, UserId},
    },
    db::{
        AnyConnection, Fault, Tx,
        schema::{groups, memberships, scim_groups, scim_users, scim_waiting_groups, users},
    },
    scim::model::{Etag, GroupSeen, Member},
};

type Row = (ScimGroupId, GroupId, String, Option<String>, (bool, bool), (i64, Moment, Moment));

type Columns = (
    scim_groups::id,
    scim_groups::group_id,
    groups::name,
    scim_groups::external_id,
    (scim_groups::is_linked, scim_groups::is_taken_up),
    (scim_groups::version, scim_groups::created_at, scim_groups::changed_at),
);

const COLUMNS: Columns = (
    scim_groups::id,
    scim_groups::group_id,
    groups::name,
    scim_groups::external_id,
    (scim_groups::is_linked, scim_groups::is_taken_up),
    (scim_groups::version, scim_groups::created_at, scim_groups::changed_at),
);

fn group_of((id, group, name, external_id, (is_linked, is_taken_up), times): Row) -> GroupSeen {
    let (version, created_at, changed_at) = times;
    GroupSeen {
        id,
        group,
        name,
        external_id,
        is_linked,
        is_taken_up,
        members: Vec::new(),
        created_at,
        changed_at,
        version: Etag(version, 0),
    }
}

/// All that the provider looks after, without members, in the order in which they came; an organization has 500 groups
/// at the most.
pub fn all_groups(conn: &mut AnyConnection, organization: OrganizationId) -> Result<Vec<GroupSeen>, Fault> {
    let rows: Vec<Row> = scim_groups::table
        .inner_join(groups::table)
        .filter(scim_groups::organization_id.eq(organization))
        .order(scim_groups::id)
        .select(COLUMNS)
        .load(conn)?;
    Ok(rows.into_iter().map(group_of).collect())
}

pub fn group_by_id(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: ScimGroupId,
) -> Result<Option<GroupSeen>, Fault> {
    let row: Option<Row> = scim_groups::table
        .inner_join(groups::table)
        .filter(scim_groups::id.eq(id))
        .filter(scim_groups::organization_id.eq(organization))
        .select(COLUMNS)
        .first(conn)
        .optional()?;
    Ok(row.map(group_of))
}

/// A group of the organization by the key of its name: its id, and what the provider has to do with it.
pub fn group_of_name(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    key: &str,
) -> Result<Option<(GroupId, Option<GroupSeen>)>, Fault> {
    let found: Option<GroupId> = groups::table
        .filter(groups::organization_id.eq(organization))
        .filter(groups::name_key.eq(key))
        .select(groups::id)
        .first(conn)
        .optional()?;
    let Some(group) = found else { return Ok(None) };
    let row: Option<Row> = scim_groups::table
        .inner_join(groups::table)
        .filter(scim_groups::group_id.eq(group))
        .select(COLUMNS)
        .first(conn)
        .optional()?;
    Ok(Some((group, row.map(group_of))))
}

/// Of these groups, those that the provider looks after.
pub fn linked_ids_of(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<BTreeSet<GroupId>, Fault> {
    let ids: Vec<GroupId> = scim_groups::table
        .filter(scim_groups::organization_id.eq(organization))
        .select(scim_groups::group_id)
        .load(conn)?;
    Ok(ids.into_iter().collect())
}

pub fn is_provisioned(conn: &mut AnyConnection, group: GroupId) -> Result<bool, Fault> {
    let found = scim_groups::table.find(group).select(scim_groups::group_id);
    Ok(found.first::<GroupId>(conn).optional()?.is_some())
}

/// The groups that the provider looks after and this person is in.
pub fn of_member(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    member: ScimUserId,
) -> Result<BTreeSet<GroupId>, Fault> {
    let ids: Vec<GroupId> = memberships::table
        .inner_join(scim_users::table.on(scim_users::user_id.eq(memberships::user_id)))
        .filter(scim_users::id.eq(member))
        .filter(memberships::organization_id.eq(organization))
        .select(memberships::group_id)
        .load(conn)?;
    Ok(ids.into_iter().collect())
}

/// Up to `most` members of a group whom the provider looks after.
pub fn members_of(
    conn: &mut AnyConnection,
    group: GroupId,
    most: i64,
) -> Result<Vec<(UserId, Member)>, Fault> {
    let rows: Vec<(UserId, ScimUserId, String, String)> = memberships::table
        .inner_join(scim_users::table.on(scim_users::user_id.eq(memberships::user_id)))
        .inner_join(users::table.on(users::id.eq(memberships::user_id)))
        .filter(memberships::group_id.eq(group))
        .filter(scim_users::id.is_not_null())
        .order(scim_users::id)
        .limit(most)
        .select((memberships::user_id, scim_users::id.assume_not_null(), users::name, users::email))
        .load(conn)?;
    let member = |(user, id, name, email): (UserId, ScimUserId, String, String)| {
        (user, Member { id, shown: if name.is_empty() { email } else { name } })
    };
    Ok(rows.into_iter().map(member).collect())
}

pub fn insert_group(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    (id, group): (ScimGroupId, GroupId),
    external_id: Option<&String>,
    is_linked: bool,
) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(scim_groups::table)
        .values((
            scim_groups::group_id.eq(group),
            scim_groups::organization_id.eq(organization),
            scim_groups::id.eq(id),
            scim_groups::external_id.eq(external_id),
            scim_groups::is_linked.eq(is_linked),
            scim_groups::is_taken_up.eq(!is_linked),
            scim_groups::created_at.eq(now),
            scim_groups::changed_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes a change that the provider made, by which it knows of the group.
pub fn touch_group(tx: &mut Tx<'_>, group: GroupId, external_id: Option<&String>) -> Result<(), Fault> {
    let now = tx.now();
    diesel::update(scim_groups::table.find(group))
        .set((
            scim_groups::external_id.eq(external_id),
            scim_groups::is_taken_up.eq(true),
            scim_groups::version.eq(scim_groups::version + 1),
            scim_groups::changed_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Compare-and-set: true when the provider did not know of the group before.
pub fn take_up(tx: &mut Tx<'_>, group: GroupId) -> Result<bool, Fault> {
    let row =
        scim_groups::table.filter(scim_groups::group_id.eq(group)).filter(scim_groups::is_taken_up.eq(false));
    Ok(diesel::update(row).set(scim_groups::is_taken_up.eq(true)).execute(tx.conn())? == 1)
}

/// The provider lets go of the group.
pub fn end_group(tx: &mut Tx<'_>, group: GroupId) -> Result<(), Fault> {
    diesel::delete(scim_groups::table.find(group)).execute(tx.conn())?;
    Ok(())
}

/// Notes that the provider pushed a group of this name.
pub fn put_waiting(tx: &mut Tx<'_>, organization: OrganizationId, group: GroupId) -> Result<(), Fault> {
    let now = tx.now();
    drop_waiting(tx, group)?;
    diesel::insert_into(scim_waiting_groups::table)
        .values((
            scim_waiting_groups::group_id.eq(group),
            scim_waiting_groups::organization_id.eq(organization),
            scim_waiting_groups::asked_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub fn drop_waiting(tx: &mut Tx<'_>, group: GroupId) -> Result<(), Fault> {
    diesel::delete(scim_waiting_groups::table.find(group)).execute(tx.conn())?;
    Ok(())
}

/// Those that wait to be linked, by name: id, name, how many are in it, since when.
pub fn waiting(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Vec<(GroupId, String, i64, Moment)>, Fault> {
    let is_linked = scim_groups::table.filter(scim_groups::group_id.eq(scim_waiting_groups::group_id));
    Ok(scim_waiting_groups::table
        .inner_join(groups::table)
        .filter(scim_waiting_groups::organization_id.eq(organization))
        .filter(diesel::dsl::not(exists(is_linked)))
        .order(groups::name_key)
        .select((groups::id, groups::name, groups::members, scim_waiting_groups::asked_at))
        .load(conn)?)
}
