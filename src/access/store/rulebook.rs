//! All rules of an organization at once.

use diesel::prelude::*;

use super::{GrantRow, grant};
use crate::{
    access::{
        Grant, Source,
        rulebook::{MOST_GRANTS, Rulebook},
    },
    base::{
        clock::Moment,
        ids::{AccessRequestId, GroupId, OrganizationId, UserId},
    },
    db::{
        AnyConnection, Fault,
        schema::{access_requests, groups, policies, rule_groups, rule_roles, rule_users, rules},
    },
};

const ONE_MORE: i64 = MOST_GRANTS as i64 + 1;

/// None when they give more than [`MOST_GRANTS`] times something.
pub fn load_rulebook(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Option<Rulebook>, Fault> {
    let mut book = Rulebook::among(groups_of(conn, organization)?);
    let mut count = 0;
    for (group, grant) in to_groups(conn, organization)? {
        book.through_groups.entry(group).or_default().push(grant);
        count += 1;
    }
    for (user, grant) in to_people(conn, organization)?.into_iter().chain(by_requests(conn, organization)?) {
        book.to_people.entry(user).or_default().push(grant);
        count += 1;
    }
    Ok((count <= MOST_GRANTS).then_some(book))
}

fn groups_of(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Vec<(GroupId, String)>, Fault> {
    Ok(groups::table
        .filter(groups::organization_id.eq(organization))
        .order(groups::name_key)
        .select((groups::id, groups::name))
        .load(conn)?)
}

fn to_people(conn: &mut AnyConnection, organization: OrganizationId) -> Result<Vec<(UserId, Grant)>, Fault> {
    let rows: Vec<(UserId, GrantRow)> = rule_users::table
        .inner_join(rules::table.inner_join(policies::table))
        .inner_join(rule_roles::table.on(rule_roles::rule_id.eq(rules::id)))
        .filter(rules::organization_id.eq(organization))
        .limit(ONE_MORE)
        .select((rule_users::user_id, (policies::id, policies::name, rules::id, rule_roles::role)))
        .load(conn)?;
    Ok(rows.into_iter().map(|(user, row)| (user, grant(row, None))).collect())
}

fn to_groups(conn: &mut AnyConnection, organization: OrganizationId) -> Result<Vec<(GroupId, Grant)>, Fault> {
    let rows: Vec<(GroupId, GrantRow)> = rule_groups::table
        .inner_join(rules::table.inner_join(policies::table))
        .inner_join(rule_roles::table.on(rule_roles::rule_id.eq(rules::id)))
        .filter(rules::organization_id.eq(organization))
        .limit(ONE_MORE)
        .select((rule_groups::group_id, (policies::id, policies::name, rules::id, rule_roles::role)))
        .load(conn)?;
    Ok(rows.into_iter().map(|(group, row)| (group, grant(row, None))).collect())
}

fn by_requests(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Vec<(UserId, Grant)>, Fault> {
    let rows: Vec<(UserId, AccessRequestId, String, Option<Moment>)> = access_requests::table
        .filter(access_requests::organization_id.eq(organization))
        .filter(access_requests::state.eq("approved"))
        .filter(access_requests::ends_at.is_not_null())
        .order(access_requests::id)
        .limit(ONE_MORE)
        .select((
            access_requests::user_id,
            access_requests::id,
            access_requests::role,
            access_requests::ends_at,
        ))
        .load(conn)?;
    let held = |(user, request, role, ends_at): (UserId, AccessRequestId, String, Option<Moment>)| {
        ends_at.map(|until| (user, Grant { role, source: Source::Request { request, until } }))
    };
    Ok(rows.into_iter().filter_map(held).collect())
}
