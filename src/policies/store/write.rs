//! Writing a policy. The rows of rules that stay are kept, with their ids.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::{
    base::ids::{GroupId, OrganizationId, PolicyId, RuleId, UserId},
    db::{
        Fault, Tx, on_each,
        schema::{policies, rule_groups, rule_roles, rule_users, rules},
    },
    policies::model::{Rule, Wanted, WantedRule},
};

pub fn insert(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    id: PolicyId,
    wanted: &Wanted,
) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(policies::table)
        .values((
            policies::id.eq(id),
            policies::organization_id.eq(organization),
            policies::name.eq(wanted.name.as_str()),
            policies::name_key.eq(wanted.name.key()),
            policies::description.eq(&wanted.description),
            policies::created_at.eq(now),
            policies::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    save(tx, organization, id, &[], wanted)
}

/// Compare-and-set: false when the policy has another version by now.
pub fn update(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    id: PolicyId,
    wanted: &Wanted,
    version: i64,
) -> Result<bool, Fault> {
    let now = tx.now();
    let row = policies::table
        .filter(policies::id.eq(id))
        .filter(policies::organization_id.eq(organization))
        .filter(policies::version.eq(version));
    let changed = diesel::update(row)
        .set((
            policies::name.eq(wanted.name.as_str()),
            policies::name_key.eq(wanted.name.key()),
            policies::description.eq(&wanted.description),
            policies::version.eq(policies::version + 1),
            policies::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

/// Makes these the rules of a policy that has the others `before`.
pub fn save(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    policy: PolicyId,
    before: &[Rule],
    wanted: &Wanted,
) -> Result<(), Fault> {
    let stays = |rule: &&WantedRule| rule.id.and_then(|id| before.iter().find(|it| it.id == id)).is_some();
    let staying: BTreeSet<RuleId> = wanted.rules.iter().filter(stays).filter_map(|rule| rule.id).collect();
    let going: Vec<RuleId> = before.iter().map(|rule| rule.id).filter(|id| !staying.contains(id)).collect();
    diesel::delete(rules::table.filter(rules::id.eq_any(going))).execute(tx.conn())?;
    for (rule, position) in wanted.rules.iter().zip(0_i32..) {
        match rule.id.and_then(|id| before.iter().find(|it| it.id == id)) {
            Some(stored) => {
                let row = rules::table.filter(rules::id.eq(stored.id)).filter(rules::position.ne(position));
                diesel::update(row).set(rules::position.eq(position)).execute(tx.conn())?;
                change(tx, organization, stored, rule)?;
            }
            None => {
                let id = RuleId::new();
                diesel::insert_into(rules::table)
                    .values((
                        rules::id.eq(id),
                        rules::organization_id.eq(organization),
                        rules::policy_id.eq(policy),
                        rules::position.eq(position),
                    ))
                    .execute(tx.conn())?;
                let empty = Rule { id, users: Vec::new(), groups: Vec::new(), roles: Vec::new() };
                change(tx, organization, &empty, rule)?;
            }
        }
    }
    Ok(())
}

/// Takes from a rule and adds to it what differs.
fn change(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    stored: &Rule,
    wanted: &WantedRule,
) -> Result<(), Fault> {
    let id = stored.id;
    let (users, groups, roles): (BTreeSet<UserId>, BTreeSet<GroupId>, BTreeSet<String>) = (
        stored.users.iter().map(|person| person.id).collect(),
        stored.groups.iter().map(|group| group.id).collect(),
        stored.roles.iter().cloned().collect(),
    );
    let gone: Vec<UserId> = users.difference(&wanted.users).copied().collect();
    let rows = rule_users::table.filter(rule_users::rule_id.eq(id)).filter(rule_users::user_id.eq_any(gone));
    diesel::delete(rows).execute(tx.conn())?;
    let gone: Vec<GroupId> = groups.difference(&wanted.groups).copied().collect();
    let rows =
        rule_groups::table.filter(rule_groups::rule_id.eq(id)).filter(rule_groups::group_id.eq_any(gone));
    diesel::delete(rows).execute(tx.conn())?;
    let gone: Vec<&String> = roles.difference(&wanted.roles).collect();
    let rows = rule_roles::table.filter(rule_roles::rule_id.eq(id)).filter(rule_roles::role.eq_any(gone));
    diesel::delete(rows).execute(tx.conn())?;

    let new: Vec<_> = wanted
        .users
        .difference(&users)
        .map(|user| {
            (
                rule_users::rule_id.eq(id),
                rule_users::user_id.eq(*user),
                rule_users::organization_id.eq(organization),
            )
        })
        .collect();
    // Insert of many rows.
    on_each!(tx.conn(), c => diesel::insert_into(rule_users::table).values(new).execute(c)?);
    let new: Vec<_> = wanted
        .groups
        .difference(&groups)
        .map(|group| {
            (
                rule_groups::rule_id.eq(id),
                rule_groups::group_id.eq(*group),
                rule_groups::organization_id.eq(organization),
            )
        })
        .collect();
    on_each!(tx.conn(), c => diesel::insert_into(rule_groups::table).values(new).execute(c)?);
    let new: Vec<_> = wanted
        .roles
        .difference(&roles)
        .map(|role| {
            (
                rule_roles::rule_id.eq(id),
                rule_roles::role.eq(role.clone()),
                rule_roles::organization_id.eq(organization),
            )
        })
        .collect();
    on_each!(tx.conn(), c => diesel::insert_into(rule_roles::table).values(new).execute(c)?);
    Ok(())
}

/// Compare-and-set: false when the policy has another version by now. Its rules go with it.
pub fn delete(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    id: PolicyId,
    version: i64,
) -> Result<bool, Fault> {
    let row = policies::table
        .filter(policies::id.eq(id))
        .filter(policies::organization_id.eq(organization))
        .filter(policies::version.eq(version));
    let gone = diesel::delete(row).execute(tx.conn())?;
    Ok(gone == 1)
}
