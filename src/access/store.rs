//! What policies say, read from the database.

mod administrators;
mod holders;
mod rulebook;
mod single_sign_on;

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use super::{Grant, Source, Standing};
use crate::{
    base::{
        clock::Moment,
        ids::{AccessRequestId, GroupId, OrganizationId, PolicyId, RuleId, UserId},
    },
    db::{
        AnyConnection, Fault, on_each,
        schema::{
            access_requests, groups, memberships, policies, rule_groups, rule_roles, rule_users, rules,
        },
    },
};

pub use administrators::{administrators, administrators_with_both, independent_administrators};
pub use holders::{
    HeldBy, HoldingGroup, HoldingPerson, holding_counts, holding_groups, holding_people, pending_requests,
    rule_numbers,
};

pub use rulebook::load_rulebook;

pub use single_sign_on::{sso_leads_from, sso_requirement};

/// All that policies and approved requests give to this person at `now`, and the groups they are in. Whether they are
/// Active is not asked here.
pub fn load_standing(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    user: UserId,
    now: Moment,
) -> Result<Standing, Fault> {
    let groups = memberships::table
        .inner_join(groups::table)
        .filter(memberships::user_id.eq(user))
        .filter(groups::organization_id.eq(organization))
        .order(groups::name_key)
        .select((groups::id, groups::name));
    let groups: Vec<(GroupId, String)> = on_each!(conn, c => groups.load(c))?;
    let mut grants = direct_grants(conn, organization, user)?;
    grants.extend(grants_through_groups(conn, organization, user)?);
    grants.extend(grants_by_requests(conn, organization, user, now)?);
    Ok(Standing::new(grants, groups))
}

type GrantRow = (PolicyId, String, RuleId, String);

fn direct_grants(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    user: UserId,
) -> Result<Vec<Grant>, Fault> {
    let rows = rule_users::table
        .inner_join(rules::table.inner_join(policies::table))
        .inner_join(rule_roles::table.on(rule_roles::rule_id.eq(rules::id)))
        .filter(rule_users::user_id.eq(user))
        .filter(rules::organization_id.eq(organization))
        .select((policies::id, policies::name, rules::id, rule_roles::role));
    let rows: Vec<GrantRow> = on_each!(conn, c => rows.load(c))?;
    Ok(rows.into_iter().map(|row| grant(row, None)).collect())
}

fn grants_through_groups(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    user: UserId,
) -> Result<Vec<Grant>, Fault> {
    let rows = memberships::table
        .inner_join(groups::table)
        .inner_join(rule_groups::table.on(rule_groups::group_id.eq(memberships::group_id)))
        .inner_join(rules::table.on(rules::id.eq(rule_groups::rule_id)))
        .inner_join(policies::table.on(policies::id.eq(rules::policy_id)))
        .inner_join(rule_roles::table.on(rule_roles::rule_id.eq(rules::id)))
        .filter(memberships::user_id.eq(user))
        .filter(rules::organization_id.eq(organization))
        .select(((groups::id, groups::name), (policies::id, policies::name, rules::id, rule_roles::role)));
    let rows: Vec<((GroupId, String), GrantRow)> = on_each!(conn, c => rows.load(c))?;
    Ok(rows.into_iter().map(|(group, row)| grant(row, Some(group))).collect())
}

fn grants_by_requests(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    user: UserId,
    now: Moment,
) -> Result<Vec<Grant>, Fault> {
    let rows = access_requests::table
        .filter(access_requests::user_id.eq(user))
        .filter(access_requests::organization_id.eq(organization))
        .filter(access_requests::state.eq("approved"))
        .filter(access_requests::ends_at.gt(now))
        .order(access_requests::id)
        .select((access_requests::id, access_requests::role, access_requests::ends_at));
    let rows: Vec<(AccessRequestId, String, Option<Moment>)> = on_each!(conn, c => rows.load(c))?;
    let held = |(request, role, ends_at): (AccessRequestId, String, Option<Moment>)| {
        ends_at.map(|until| Grant { role, source: Source::Request { request, until } })
    };
    Ok(rows.into_iter().filter_map(held).collect())
}

/// How many requests wait for an answer of this person, counted up to `most`: their own are for others.
pub fn requests_waiting_for(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    (user, now): (UserId, Moment),
    most: i64,
) -> Result<usize, Fault> {
    let waiting = access_requests::table
        .filter(access_requests::organization_id.eq(organization))
        .filter(access_requests::state.eq("pending"))
        .filter(access_requests::expires_at.gt(now))
        .filter(access_requests::user_id.ne(user))
        .limit(most)
        .select(access_requests::id);
    let waiting: Vec<AccessRequestId> = on_each!(conn, c => waiting.load(c))?;
    Ok(waiting.len())
}

fn grants_through(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    groups: &[(GroupId, String)],
) -> Result<Vec<Grant>, Fault> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<GroupId> = groups.iter().map(|(id, _)| *id).collect();
    let rows: Vec<(GroupId, GrantRow)> = rule_groups::table
        .inner_join(rules::table.inner_join(policies::table))
        .inner_join(rule_roles::table.on(rule_roles::rule_id.eq(rules::id)))
        .filter(rule_groups::group_id.eq_any(ids))
        .filter(rules::organization_id.eq(organization))
        .select((rule_groups::group_id, (policies::id, policies::name, rules::id, rule_roles::role)))
        .load(conn)?;
    let name_of: BTreeMap<_, _> = groups.iter().cloned().collect();
    Ok(rows
        .into_iter()
        .map(|(group, row)| grant(row, name_of.get(&group).map(|name| (group, name.clone()))))
        .collect())
}

fn grant((policy, policy_name, rule, role): GrantRow, group: Option<(GroupId, String)>) -> Grant {
    Grant { role, source: Source::Rule { policy, policy_name, rule, group } }
}

/// A group with the roles that policies give to its members.
#[derive(Clone, Debug)]
pub struct GroupRoles {
    pub id: GroupId,
    pub name: String,
    pub roles: Vec<String>,
}

/// Every group of the organization by name, at most 500, each with its roles.
pub fn roles_of_groups(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Vec<GroupRoles>, Fault> {
    let all: Vec<(GroupId, String)> = groups::table
        .filter(groups::organization_id.eq(organization))
        .order((groups::standard.desc(), groups::created_at, groups::id))
        .limit(500)
        .select((groups::id, groups::name))
        .load(conn)?;
    let mut given: BTreeMap<GroupId, Vec<String>> = BTreeMap::new();
    for grant in grants_through(conn, organization, &all)? {
        if let Source::Rule { group: Some((group, _)), .. } = grant.source {
            let roles = given.entry(group).or_default();
            if !roles.contains(&grant.role) {
                roles.push(grant.role);
            }
        }
    }
    Ok(all
        .into_iter()
        .map(|(id, name)| GroupRoles { id, name, roles: given.remove(&id).unwrap_or_default() })
        .collect())
}

/// The roles that policies give to the members of each of these groups of the organization.
pub fn roles_given_to_groups(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    groups: &[GroupId],
) -> Result<BTreeMap<GroupId, BTreeSet<String>>, Fault> {
    let rows: Vec<(GroupId, String)> = rule_groups::table
        .inner_join(rule_roles::table.on(rule_roles::rule_id.eq(rule_groups::rule_id)))
        .filter(rule_groups::group_id.eq_any(groups))
        .filter(rule_groups::organization_id.eq(organization))
        .select((rule_groups::group_id, rule_roles::role))
        .distinct()
        .load(conn)?;
    let mut given: BTreeMap<GroupId, BTreeSet<String>> = BTreeMap::new();
    for (group, role) in rows {
        given.entry(group).or_default().insert(role);
    }
    Ok(given)
}

/// What [`load_standing`] finds for each of these people, as roles alone.
pub fn roles_of_people(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    people: &[UserId],
    now: Moment,
) -> Result<BTreeMap<UserId, BTreeSet<String>>, Fault> {
    let mut rows: Vec<(UserId, String)> = rule_users::table
        .inner_join(rule_roles::table.on(rule_roles::rule_id.eq(rule_users::rule_id)))
        .filter(rule_users::user_id.eq_any(people))
        .filter(rule_users::organization_id.eq(organization))
        .select((rule_users::user_id, rule_roles::role))
        .distinct()
        .load(conn)?;
    let through_groups: Vec<(UserId, String)> = memberships::table
        .inner_join(rule_groups::table.on(rule_groups::group_id.eq(memberships::group_id)))
        .inner_join(rule_roles::table.on(rule_roles::rule_id.eq(rule_groups::rule_id)))
        .filter(memberships::user_id.eq_any(people))
        .filter(memberships::organization_id.eq(organization))
        .select((memberships::user_id, rule_roles::role))
        .distinct()
        .load(conn)?;
    let by_requests: Vec<(UserId, String)> = access_requests::table
        .filter(access_requests::user_id.eq_any(people))
        .filter(access_requests::organization_id.eq(organization))
        .filter(access_requests::state.eq("approved"))
        .filter(access_requests::ends_at.gt(now))
        .select((access_requests::user_id, access_requests::role))
        .load(conn)?;
    rows.extend(through_groups.into_iter().chain(by_requests));
    let mut held: BTreeMap<UserId, BTreeSet<String>> = BTreeMap::new();
    for (user, role) in rows {
        held.entry(user).or_default().insert(role);
    }
    Ok(held)
}
