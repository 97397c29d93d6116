//! Who holds which role, from the role's side.

use std::collections::BTreeMap;

use diesel::{dsl::count_star, prelude::*};

use crate::{
    base::{
        clock::Moment,
        ids::{AccessRequestId, GroupId, OrganizationId, PolicyId, RuleId, UserId},
    },
    db::{
        AnyConnection, Fault,
        schema::{access_requests, groups, policies, rule_groups, rule_roles, rule_users, rules, users},
    },
};

/// A group that a policy gives a role to.
#[derive(Clone, Debug)]
pub struct HoldingGroup {
    pub role: String,
    pub group: GroupId,
    pub name: String,
    pub members: i64,
    pub policy: PolicyId,
    pub policy_name: String,
}

/// A person who holds a role by name, or for a time.
#[derive(Clone, Debug)]
pub struct HoldingPerson {
    pub role: String,
    pub user: UserId,
    pub name: String,
    pub email: String,
    pub is_active: bool,
    pub by: HeldBy,
}

#[derive(Clone, Debug)]
pub enum HeldBy {
    Policy { policy: PolicyId, policy_name: String },
    Request { until: Moment },
}

/// No more ways through groups are told: that many groups times a few roles each.
const MOST_WAYS: i64 = 5_000;

/// The groups that policies give these roles to, or any role when none is named; by the names of the groups.
pub fn holding_groups(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    roles: &[String],
) -> Result<Vec<HoldingGroup>, Fault> {
    type Row = (String, GroupId, String, i64, PolicyId, String);
    let query = rule_groups::table
        .inner_join(rules::table.inner_join(policies::table))
        .inner_join(groups::table.on(groups::id.eq(rule_groups::group_id)))
        .inner_join(rule_roles::table.on(rule_roles::rule_id.eq(rules::id)))
        .filter(rules::organization_id.eq(organization))
        .select((rule_roles::role, groups::id, groups::name, groups::members, policies::id, policies::name))
        .order((groups::name_key, groups::id, policies::name_key, rules::position))
        .limit(MOST_WAYS)
        .into_boxed();
    let rows: Vec<Row> = match roles {
        [] => query.load(conn)?,
        roles => query.filter(rule_roles::role.eq_any(roles)).load(conn)?,
    };
    let mut found: Vec<HoldingGroup> = Vec::with_capacity(rows.len());
    for (role, group, name, members, policy, policy_name) in rows {
        let is_same = |it: &HoldingGroup| (&it.role, it.group, it.policy) == (&role, group, policy);
        // A policy may have several rules that say the same; they stand beside each other.
        if !found.iter().rev().take_while(|it| it.group == group).any(is_same) {
            found.push(HoldingGroup { role, group, name, members, policy, policy_name });
        }
    }
    Ok(found)
}

/// How many times policies name a person for each role, and how many hold it for a time.
pub fn holding_counts(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    now: Moment,
) -> Result<BTreeMap<String, (i64, i64)>, Fault> {
    let by_name: Vec<(String, i64)> = rule_users::table
        .inner_join(rule_roles::table.on(rule_roles::rule_id.eq(rule_users::rule_id)))
        .filter(rule_users::organization_id.eq(organization))
        .group_by(rule_roles::role)
        .select((rule_roles::role, count_star()))
        .load(conn)?;
    let for_a_time: Vec<(String, i64)> = access_requests::table
        .filter(access_requests::organization_id.eq(organization))
        .filter(access_requests::state.eq("approved"))
        .filter(access_requests::ends_at.gt(now))
        .group_by(access_requests::role)
        .select((access_requests::role, count_star()))
        .load(conn)?;
    let mut counts: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for (role, count) in by_name {
        counts.entry(role).or_default().0 = count;
    }
    for (role, count) in for_a_time {
        counts.entry(role).or_default().1 = count;
    }
    Ok(counts)
}

/// Up to `most` people whom policies name for these roles, by name, and then up to as many who hold one for a time.
pub fn holding_people(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    roles: &[String],
    (most, now): (i64, Moment),
) -> Result<Vec<HoldingPerson>, Fault> {
    let rows: Vec<(String, UserId, String, String, String, PolicyId, String)> = rule_users::table
        .inner_join(rules::table.inner_join(policies::table))
        .inner_join(users::table.on(users::id.eq(rule_users::user_id)))
        .inner_join(rule_roles::table.on(rule_roles::rule_id.eq(rules::id)))
        .filter(rules::organization_id.eq(organization))
        .filter(rule_roles::role.eq_any(roles))
        .order((users::person_key, users::number, policies::name_key))
        .limit(most)
        .select((
            rule_roles::role,
            users::id,
            users::name,
            users::email,
            users::status,
            policies::id,
            policies::name,
        ))
        .load(conn)?;
    let mut found: Vec<HoldingPerson> = rows
        .into_iter()
        .map(|(role, user, name, email, status, policy, policy_name)| HoldingPerson {
            by: HeldBy::Policy { policy, policy_name },
            is_active: status == "active",
            role,
            user,
            name,
            email,
        })
        .collect();
    let rows: Vec<(String, UserId, String, String, String, Option<Moment>)> = access_requests::table
        .inner_join(users::table.on(users::id.eq(access_requests::user_id)))
        .filter(access_requests::organization_id.eq(organization))
        .filter(access_requests::state.eq("approved"))
        .filter(access_requests::ends_at.gt(now))
        .filter(access_requests::role.eq_any(roles))
        .order(access_requests::id)
        .limit(most)
        .select((
            access_requests::role,
            users::id,
            users::name,
            users::email,
            users::status,
            access_requests::ends_at,
        ))
        .load(conn)?;
    let for_a_time = |(role, user, name, email, status, until): (_, _, _, _, String, Option<Moment>)| {
        let is_active = status == "active";
        until.map(|until| HoldingPerson { role, user, name, email, is_active, by: HeldBy::Request { until } })
    };
    found.extend(rows.into_iter().filter_map(for_a_time));
    Ok(found)
}

/// The requests of a person that wait to be decided, each with its role.
pub fn pending_requests(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    user: UserId,
    now: Moment,
) -> Result<Vec<(AccessRequestId, String)>, Fault> {
    Ok(access_requests::table
        .filter(access_requests::user_id.eq(user))
        .filter(access_requests::organization_id.eq(organization))
        .filter(access_requests::state.eq("pending"))
        .filter(access_requests::expires_at.gt(now))
        .order(access_requests::id)
        .select((access_requests::id, access_requests::role))
        .load(conn)?)
}

/// The place of each of these rules in its policy, counted from one.
pub fn rule_numbers(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    ids: &[RuleId],
) -> Result<BTreeMap<RuleId, i32>, Fault> {
    let rows: Vec<(RuleId, i32)> = rules::table
        .filter(rules::organization_id.eq(organization))
        .filter(rules::id.eq_any(ids))
        .select((rules::id, rules::position))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, position)| (id, position + 1)).collect())
}
