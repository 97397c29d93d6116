//! Groups, and the rules of policies that name them.

use diesel::prelude::*;

use crate::{
    base::{
        clock::Moment,
        ids::{GroupId, OrganizationId, PolicyId, RuleId},
    },
    db::{
        AnyConnection, Fault, Tx,
        schema::{groups, memberships, policies, rule_groups, rule_roles, rules, users},
    },
    groups::model::{Group, MOST_GROUPS, NamedBy, Naming},
};

type Row = (GroupId, String, String, bool, i64, Moment);

fn group_of((id, name, description, standard, members, created_at): Row) -> Group {
    Group { id, name, description, standard, members, created_at }
}

type Columns =
    (groups::id, groups::name, groups::description, groups::standard, groups::members, groups::created_at);

const COLUMNS: Columns =
    (groups::id, groups::name, groups::description, groups::standard, groups::members, groups::created_at);

/// The groups of the organization, at most [`MOST_GROUPS`].
pub fn every(conn: &mut AnyConnection, organization: OrganizationId) -> Result<Vec<Group>, Fault> {
    let rows: Vec<Row> = groups::table
        .filter(groups::organization_id.eq(organization))
        .order((groups::standard.desc(), groups::created_at, groups::id))
        .limit(MOST_GROUPS as i64)
        .select(COLUMNS)
        .load(conn)?;
    Ok(rows.into_iter().map(group_of).collect())
}

pub fn count(conn: &mut AnyConnection, organization: OrganizationId) -> Result<usize, Fault> {
    let count: i64 =
        groups::table.filter(groups::organization_id.eq(organization)).count().get_result(conn)?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

pub fn group(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: GroupId,
) -> Result<Option<Group>, Fault> {
    let row: Option<Row> = groups::table
        .filter(groups::id.eq(id))
        .filter(groups::organization_id.eq(organization))
        .select(COLUMNS)
        .first(conn)
        .optional()?;
    Ok(row.map(group_of))
}

/// The group that has a name with this key, and what it is called.
pub fn taken(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    key: &str,
) -> Result<Option<(GroupId, String)>, Fault> {
    Ok(groups::table
        .filter(groups::organization_id.eq(organization))
        .filter(groups::name_key.eq(key))
        .select((groups::id, groups::name))
        .first(conn)
        .optional()?)
}

pub fn insert(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    id: GroupId,
    naming: &Naming,
) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(groups::table)
        .values((
            groups::id.eq(id),
            groups::organization_id.eq(organization),
            groups::name.eq(naming.name.as_str()),
            groups::name_key.eq(naming.name.key()),
            groups::description.eq(naming.description.as_str()),
            groups::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub fn update(tx: &mut Tx<'_>, id: GroupId, naming: &Naming) -> Result<(), Fault> {
    diesel::update(groups::table.find(id))
        .set((
            groups::name.eq(naming.name.as_str()),
            groups::name_key.eq(naming.name.key()),
            groups::description.eq(naming.description.as_str()),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Deletes a group with its memberships and takes it out of every rule; who may do what changes with it.
pub fn delete(tx: &mut Tx<'_>, organization: OrganizationId, id: GroupId) -> Result<(), Fault> {
    diesel::delete(rule_groups::table.filter(rule_groups::group_id.eq(id))).execute(tx.conn())?;
    diesel::delete(memberships::table.filter(memberships::group_id.eq(id))).execute(tx.conn())?;
    let row = groups::table.find(id).filter(groups::organization_id.eq(organization));
    diesel::delete(row).execute(tx.conn())?;
    Ok(())
}

/// Marks these policies as changed, so that whoever edits one of them is told.
pub fn policies_lose(tx: &mut Tx<'_>, ids: &[PolicyId]) -> Result<(), Fault> {
    let now = tx.now();
    diesel::update(policies::table.filter(policies::id.eq_any(ids)))
        .set((policies::version.eq(policies::version + 1), policies::updated_at.eq(now)))
        .execute(tx.conn())?;
    Ok(())
}

/// The policies with a rule that names the group, by name, with the roles they give to it.
pub fn named_by(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: GroupId,
) -> Result<Vec<NamedBy>, Fault> {
    let rows: Vec<(PolicyId, String, RuleId)> = rule_groups::table
        .inner_join(rules::table.inner_join(policies::table))
        .filter(rule_groups::group_id.eq(id))
        .filter(rules::organization_id.eq(organization))
        .order((policies::name_key, policies::id, rules::position))
        .select((policies::id, policies::name, rules::id))
        .load(conn)?;
    let of: Vec<RuleId> = rows.iter().map(|(_, _, rule)| *rule).collect();
    let given: Vec<(RuleId, String)> = rule_roles::table
        .filter(rule_roles::rule_id.eq_any(of))
        .order(rule_roles::role)
        .select((rule_roles::rule_id, rule_roles::role))
        .load(conn)?;
    let mut found: Vec<NamedBy> = Vec::new();
    for (policy, name, rule) in rows {
        if found.last().is_none_or(|last| last.policy != policy) {
            found.push(NamedBy { policy, name, roles: Vec::new() });
        }
        let Some(last) = found.last_mut() else { continue };
        for (_, role) in given.iter().filter(|(of, _)| *of == rule) {
            if !last.roles.contains(role) {
                last.roles.push(role.clone());
            }
        }
    }
    Ok(found)
}

/// The addresses of up to `most` members.
pub fn addresses_of(conn: &mut AnyConnection, id: GroupId, most: i64) -> Result<Vec<String>, Fault> {
    Ok(memberships::table
        .inner_join(users::table.on(users::id.eq(memberships::user_id)))
        .filter(memberships::group_id.eq(id))
        .order(memberships::user_id)
        .limit(most)
        .select(users::email)
        .load(conn)?)
}
