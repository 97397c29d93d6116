//! Who may decide requests: looked up from the roles down, so that it costs no more in an organization of a million.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::{
    base::{
        clock::Moment,
        ids::{GroupId, OrganizationId, RuleId, UserId},
    },
    db::{
        AnyConnection, Fault,
        schema::{access_requests, memberships, rule_groups, rule_roles, rule_users, users},
    },
};

/// Up to `most` Active people who hold one of these roles at `now`, of those in `among` if it is given. By policy
/// first, then by request.
pub fn holders(
    conn: &mut AnyConnection,
    (organization, now): (OrganizationId, Moment),
    roles: &[&str],
    among: Option<&[UserId]>,
    most: i64,
) -> Result<Vec<UserId>, Fault> {
    let rules: Vec<RuleId> = rule_roles::table
        .filter(rule_roles::organization_id.eq(organization))
        .filter(rule_roles::role.eq_any(roles))
        .select(rule_roles::rule_id)
        .distinct()
        .load(conn)?;
    let groups: Vec<GroupId> = rule_groups::table
        .filter(rule_groups::rule_id.eq_any(&rules))
        .select(rule_groups::group_id)
        .distinct()
        .load(conn)?;
    let mut found: BTreeSet<UserId> = by_name(conn, &rules, among, most)?.into_iter().collect();
    for group in groups {
        found.extend(members(conn, group, among, most)?);
    }
    found.extend(by_request(conn, (organization, now), roles, among, most)?);
    Ok(found.into_iter().take(usize::try_from(most).unwrap_or(0)).collect())
}

/// The Active people of these rows, by this column; of those in `among` if it is given, and up to `most`.
macro_rules! people_of {
    ($conn:expr, $rows:expr, $person:expr, $among:expr, $most:expr) => {{
        let rows =
            $rows.inner_join(users::table.on(users::id.eq($person))).filter(users::status.eq("active"));
        let mut rows = rows.select($person).order($person).distinct().limit($most).into_boxed();
        if let Some(among) = $among {
            rows = rows.filter($person.eq_any(among));
        }
        rows.load($conn)?
    }};
}

fn by_name(
    conn: &mut AnyConnection,
    rules: &[RuleId],
    among: Option<&[UserId]>,
    most: i64,
) -> Result<Vec<UserId>, Fault> {
    let rows = rule_users::table.filter(rule_users::rule_id.eq_any(rules));
    Ok(people_of!(conn, rows, rule_users::user_id, among, most))
}

fn members(
    conn: &mut AnyConnection,
    group: GroupId,
    among: Option<&[UserId]>,
    most: i64,
) -> Result<Vec<UserId>, Fault> {
    let rows = memberships::table.filter(memberships::group_id.eq(group));
    Ok(people_of!(conn, rows, memberships::user_id, among, most))
}

fn by_request(
    conn: &mut AnyConnection,
    (organization, now): (OrganizationId, Moment),
    roles: &[&str],
    among: Option<&[UserId]>,
    most: i64,
) -> Result<Vec<UserId>, Fault> {
    let rows = access_requests::table
        .filter(access_requests::organization_id.eq(organization))
        .filter(access_requests::state.eq("approved"))
        .filter(access_requests::ends_at.gt(now))
        .filter(access_requests::role.eq_any(roles));
    Ok(people_of!(conn, rows, access_requests::user_id, among, most))
}
