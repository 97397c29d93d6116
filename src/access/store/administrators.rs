//! Who could administer an organization by signing in now.

use std::collections::BTreeSet;

use diesel::{dsl::exists, prelude::*};

use super::single_sign_on::{independent, sso_requirement, with_both};
use crate::{
    access::IAM_ADMIN,
    base::ids::{GroupId, OrganizationId, UserId},
    db::{
        AnyConnection, Fault, on_each,
        schema::{
            identities, memberships, passkeys, password_credentials, rule_groups, rule_roles, rule_users,
            sso_connections, sso_identities, users,
        },
    },
};

/// Up to `most` Active people who administer the organization and have something to sign in with. Looked up from the
/// role down, so that it costs no more in an organization of a million.
pub fn administrators(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    most: i64,
) -> Result<Vec<UserId>, Fault> {
    with_some_way(conn, organization, None, most)
}

/// Those of them who could sign in now whatever becomes of a provider that single sign-on is required by.
pub fn independent_administrators(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    most: i64,
) -> Result<Vec<UserId>, Fault> {
    let Some(required) = sso_requirement(conn, organization)? else {
        return with_some_way(conn, organization, None, most);
    };
    let (mut found, mut after) = (Vec::new(), None);
    let wanted = usize::try_from(most).unwrap_or(0);
    while found.len() < wanted {
        let page = with_some_way(conn, organization, after, PAGE)?;
        let Some(last) = page.last().copied() else { break };
        found.extend(independent(conn, &page, &required)?);
        after = Some(last);
    }
    found.truncate(wanted);
    Ok(found)
}

/// Up to `most` administrators with a password and a second factor, who come in where single sign-on is required, too.
pub fn administrators_with_both(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    most: i64,
) -> Result<Vec<UserId>, Fault> {
    let all = with_some_way(conn, organization, None, most)?;
    with_both(conn, &all)
}

/// How many administrators are looked at together where not each of them can sign in.
const PAGE: i64 = 100;

/// Up to `most` administrators after this one who have something to sign in with, in the order of their ids.
fn with_some_way(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    after: Option<UserId>,
    most: i64,
) -> Result<Vec<UserId>, Fault> {
    let after = after.map_or_else(String::new, |after| after.to_string());
    let groups = rule_groups::table
        .inner_join(rule_roles::table.on(rule_roles::rule_id.eq(rule_groups::rule_id)))
        .filter(rule_roles::organization_id.eq(organization))
        .filter(rule_roles::role.eq(IAM_ADMIN))
        .select(rule_groups::group_id)
        .distinct();
    let groups: Vec<GroupId> = on_each!(conn, c => groups.load(c))?;
    let named = rule_users::table
        .inner_join(rule_roles::table.on(rule_roles::rule_id.eq(rule_users::rule_id)))
        .inner_join(users::table.on(users::id.eq(rule_users::user_id)))
        .left_join(password_credentials::table.on(password_credentials::user_id.eq(users::id)))
        .filter(rule_roles::organization_id.eq(organization))
        .filter(rule_roles::role.eq(IAM_ADMIN))
        .filter(users::status.eq("active"))
        .filter(has_a_way_in())
        .filter(rule_users::user_id.gt(&after))
        .order(rule_users::user_id)
        .limit(most)
        .select(rule_users::user_id)
        .distinct();
    let mut found: BTreeSet<UserId> = on_each!(conn, c => named.load::<UserId>(c))?.into_iter().collect();
    for group in groups {
        found.extend(members_who_can_sign_in(conn, group, &after, most)?);
    }
    Ok(found.into_iter().take(usize::try_from(most).unwrap_or(0)).collect())
}

fn members_who_can_sign_in(
    conn: &mut AnyConnection,
    group: GroupId,
    after: &str,
    most: i64,
) -> Result<Vec<UserId>, Fault> {
    let members = memberships::table
        .inner_join(users::table.on(users::id.eq(memberships::user_id)))
        .left_join(password_credentials::table.on(password_credentials::user_id.eq(users::id)))
        .filter(memberships::group_id.eq(group))
        .filter(users::status.eq("active"))
        .filter(has_a_way_in())
        .filter(memberships::user_id.gt(after))
        .order(memberships::user_id)
        .limit(most)
        .select(memberships::user_id);
    Ok(on_each!(conn, c => members.load(c))?)
}

/// Something to sign in with: a password that is not disabled, a passkey, a linked account, or an identity at the
/// organization's provider while that is on.
#[diesel::dsl::auto_type(no_type_alias)]
fn has_a_way_in() -> _ {
    let by_provider = sso_identities::table
        .inner_join(sso_connections::table.on(sso_connections::id.eq(sso_identities::connection_id)))
        .filter(sso_connections::enabled.eq(true))
        .filter(sso_identities::user_id.eq(users::id));
    password_credentials::disabled
        .eq(false)
        .or(exists(passkeys::table.filter(passkeys::user_id.eq(users::id))))
        .or(exists(identities::table.filter(identities::user_id.eq(users::id))))
        .or(exists(by_provider))
}
