//! One policy, whole; and whether whom it shall name is there.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::{
    base::ids::{GroupId, OrganizationId, PolicyId, RuleId},
    db::{
        AnyConnection, Fault,
        schema::{groups, policies, rule_groups, rule_roles, rule_users, rules, users},
    },
    groups::GroupName,
    people::Someone,
    policies::model::{Policy, Rule},
};

type PolicyRow = (String, String, bool, i64);

/// A policy of the organization with everything in it.
pub fn policy(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: PolicyId,
) -> Result<Option<Policy>, Fault> {
    let row: Option<PolicyRow> = policies::table
        .filter(policies::id.eq(id))
        .filter(policies::organization_id.eq(organization))
        .select((policies::name, policies::description, policies::standard, policies::version))
        .first(conn)
        .optional()?;
    let Some((name, description, is_standard, version)) = row else { return Ok(None) };
    Ok(Some(Policy { id, name, description, is_standard, version, rules: rules_of(conn, id)? }))
}

fn rules_of(conn: &mut AnyConnection, policy: PolicyId) -> Result<Vec<Rule>, Fault> {
    let ids: Vec<RuleId> = rules::table
        .filter(rules::policy_id.eq(policy))
        .order((rules::position, rules::id))
        .select(rules::id)
        .load(conn)?;
    let rule = |id: &RuleId| Rule { id: *id, users: Vec::new(), groups: Vec::new(), roles: Vec::new() };
    let mut all: BTreeMap<RuleId, Rule> = ids.iter().map(|id| (*id, rule(id))).collect();
    let roles: Vec<(RuleId, String)> = rule_roles::table
        .filter(rule_roles::rule_id.eq_any(&ids))
        .order(rule_roles::role)
        .select((rule_roles::rule_id, rule_roles::role))
        .load(conn)?;
    for (id, role) in roles {
        all.entry(id).and_modify(|rule| rule.roles.push(role));
    }
    let named: Vec<(RuleId, GroupId, String)> = rule_groups::table
        .inner_join(groups::table.on(groups::id.eq(rule_groups::group_id)))
        .filter(rule_groups::rule_id.eq_any(&ids))
        .order(groups::name_key)
        .select((rule_groups::rule_id, groups::id, groups::name))
        .load(conn)?;
    for (id, group, name) in named {
        all.entry(id).and_modify(|rule| rule.groups.push(GroupName { id: group, name }));
    }
    let people: Vec<(RuleId, Someone)> = rule_users::table
        .inner_join(users::table.on(users::id.eq(rule_users::user_id)))
        .filter(rule_users::rule_id.eq_any(&ids))
        .order(users::person_key)
        .select((rule_users::rule_id, (users::id, users::name, users::email, users::status)))
        .load(conn)?;
    for (id, person) in people {
        all.entry(id).and_modify(|rule| rule.users.push(person));
    }
    Ok(ids.iter().filter_map(|id| all.remove(id)).collect())
}

/// Those of these groups that the organization has.
pub fn known_groups(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    ids: &[GroupId],
) -> Result<BTreeMap<GroupId, GroupName>, Fault> {
    let rows: Vec<GroupName> = groups::table
        .filter(groups::id.eq_any(ids))
        .filter(groups::organization_id.eq(organization))
        .select((groups::id, groups::name))
        .load(conn)?;
    Ok(rows.into_iter().map(|group| (group.id, group)).collect())
}

/// Whether another policy of the organization has this name.
pub fn is_name_taken(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    key: &str,
    but: Option<PolicyId>,
) -> Result<bool, Fault> {
    let taken: Option<PolicyId> = policies::table
        .filter(policies::organization_id.eq(organization))
        .filter(policies::name_key.eq(key))
        .select(policies::id)
        .first(conn)
        .optional()?;
    Ok(taken.is_some_and(|id| Some(id) != but))
}
