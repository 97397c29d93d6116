//! Rows of a new organization.

use diesel::prelude::*;
use uuid::Uuid;

use crate::{
    access::StandardGroup,
    base::{
        fold,
        ids::{GroupId, OrganizationId, PolicyId, RuleId},
    },
    db::{
        AnyConnection, Fault, Tx,
        schema::{groups, organization_settings, organizations, policies, rule_groups, rule_roles, rules},
    },
};

pub fn exists_any(conn: &mut AnyConnection) -> Result<bool, Fault> {
    Ok(organizations::table.select(organizations::id).first::<OrganizationId>(conn).optional()?.is_some())
}

pub fn code_is_taken(conn: &mut AnyConnection, code: &str) -> Result<bool, Fault> {
    let taken = organizations::table.filter(organizations::code.eq(code)).count().get_result::<i64>(conn)?;
    Ok(taken > 0)
}

/// The organization that its addresses name by this code.
pub fn of_code(conn: &mut AnyConnection, code: &str) -> Result<Option<OrganizationId>, Fault> {
    // PostgreSQL takes no text with a zero in it.
    if !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Ok(None);
    }
    let found = organizations::table.filter(organizations::code.eq(code)).select(organizations::id);
    Ok(found.first(conn).optional()?)
}

pub fn insert(tx: &mut Tx<'_>, id: OrganizationId, code: &str, name: &str) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(organizations::table)
        .values((
            organizations::id.eq(id),
            organizations::code.eq(code),
            organizations::name.eq(name),
            organizations::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(organization_settings::table)
        .values(organization_settings::organization_id.eq(id))
        .execute(tx.conn())?;
    Ok(())
}

/// A group of the catalogue with its Default policy.
pub fn insert_standard_group(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    group: &StandardGroup,
    ids: &mut impl FnMut() -> Uuid,
) -> Result<GroupId, Fault> {
    let now = tx.now();
    let (id, policy, rule) = (GroupId::of(ids()), PolicyId::of(ids()), RuleId::of(ids()));
    diesel::insert_into(groups::table)
        .values((
            groups::id.eq(id),
            groups::organization_id.eq(organization),
            groups::name.eq(&group.name),
            groups::name_key.eq(fold::key(&group.name)),
            groups::standard.eq(true),
            groups::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(policies::table)
        .values((
            policies::id.eq(policy),
            policies::organization_id.eq(organization),
            policies::name.eq(&group.name),
            policies::name_key.eq(fold::key(&group.name)),
            policies::standard.eq(true),
            policies::created_at.eq(now),
            policies::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(rules::table)
        .values((
            rules::id.eq(rule),
            rules::organization_id.eq(organization),
            rules::policy_id.eq(policy),
            rules::position.eq(0),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(rule_groups::table)
        .values((
            rule_groups::rule_id.eq(rule),
            rule_groups::group_id.eq(id),
            rule_groups::organization_id.eq(organization),
        ))
        .execute(tx.conn())?;
    for role in &group.roles {
        diesel::insert_into(rule_roles::table)
            .values((
                rule_roles::rule_id.eq(rule),
                rule_roles::role.eq(role),
                rule_roles::organization_id.eq(organization),
            ))
            .execute(tx.conn())?;
    }
    Ok(id)
}
