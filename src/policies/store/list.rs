//! The list by name, page by page.

use std::collections::BTreeMap;

use diesel::{dsl::count_star, prelude::*};

use crate::{
    base::{
        clock::Moment,
        ids::{OrganizationId, PolicyId, RuleId},
    },
    db::{
        AnyConnection, Fault,
        schema::{groups, policies, rule_groups, rule_roles, rule_users, rules, users},
    },
    policies::model::{Cursor, Listed, ListedRule, Looked, Toward, View},
};

/// How many rules of a policy are shown in the list, and how many people of all rules on a page are named.
const MOST_RULES_SHOWN: i32 = 10;
const MOST_NAMES: i64 = 2_000;
const NAMES_OF_A_RULE: usize = 5;

/// One page of at most `most`.
pub fn list(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    view: &View,
    most: usize,
) -> Result<Looked, Fault> {
    let pattern = view.search().map(|text| containing(&text));
    let mut query = policies::table
        .filter(policies::organization_id.eq(organization))
        .select((
            policies::id,
            policies::name,
            policies::name_key,
            policies::description,
            policies::standard,
            policies::updated_at,
        ))
        .limit(most as i64 + 1)
        .into_boxed();
    if let Some(pattern) = &pattern {
        query = query.filter(policies::name_key.like(pattern).escape('\\'));
    }
    query = match &view.toward {
        Toward::Start => query.order(policies::name_key.asc()),
        Toward::After(Cursor { key }) => {
            query.filter(policies::name_key.gt(key)).order(policies::name_key.asc())
        }
        Toward::Before(Cursor { key }) => {
            query.filter(policies::name_key.lt(key)).order(policies::name_key.desc())
        }
    };
    let mut rows: Vec<PolicyRow> = query.load(conn)?;
    let are_more = rows.len() > most;
    rows.truncate(most);
    let is_back = matches!(view.toward, Toward::Before(_));
    if is_back && !are_more {
        // The first page is whole, even if fewer stand before the place that was asked for.
        return list(conn, organization, &View { toward: Toward::Start, ..view.clone() }, most);
    }
    if is_back {
        rows.reverse();
    }
    let policies = dressed(conn, rows)?;
    let first = policies.first().map(Cursor::of);
    let last = policies.last().map(Cursor::of);
    let (previous, next) = match &view.toward {
        Toward::Start => (None, last.filter(|_| are_more)),
        Toward::After(cursor) => (Some(first.unwrap_or_else(|| cursor.clone())), last.filter(|_| are_more)),
        Toward::Before(_) => (first, last),
    };
    let mut count =
        policies::table.filter(policies::organization_id.eq(organization)).select(count_star()).into_boxed();
    if let Some(pattern) = &pattern {
        count = count.filter(policies::name_key.like(pattern).escape('\\'));
    }
    Ok(Looked { count: count.first(conn)?, policies, previous, next })
}

type PolicyRow = (PolicyId, String, String, String, bool, Moment);

/// `%text%`, the wildcards in it standing for themselves.
pub fn containing(text: &str) -> String {
    format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

fn dressed(conn: &mut AnyConnection, rows: Vec<PolicyRow>) -> Result<Vec<Listed>, Fault> {
    let ids: Vec<PolicyId> = rows.iter().map(|row| row.0).collect();
    let counts: Vec<(PolicyId, i64)> = rules::table
        .filter(rules::policy_id.eq_any(&ids))
        .group_by(rules::policy_id)
        .select((rules::policy_id, count_star()))
        .load(conn)?;
    let counts: BTreeMap<_, _> = counts.into_iter().collect();
    let shown: Vec<(RuleId, PolicyId)> = rules::table
        .filter(rules::policy_id.eq_any(&ids))
        .filter(rules::position.lt(MOST_RULES_SHOWN))
        .order((rules::policy_id, rules::position))
        .select((rules::id, rules::policy_id))
        .load(conn)?;
    let mut said = said(conn, &shown.iter().map(|(rule, _)| *rule).collect::<Vec<_>>())?;
    let mut of_policy: BTreeMap<PolicyId, Vec<ListedRule>> = BTreeMap::new();
    for (rule, policy) in shown {
        of_policy.entry(policy).or_default().push(said.remove(&rule).unwrap_or_default());
    }
    Ok(rows
        .into_iter()
        .map(|(id, name, key, description, is_standard, updated_at)| Listed {
            count: counts.get(&id).copied().unwrap_or(0),
            rules: of_policy.remove(&id).unwrap_or_default(),
            id,
            name,
            key,
            description,
            is_standard,
            updated_at,
        })
        .collect())
}

fn said(conn: &mut AnyConnection, ids: &[RuleId]) -> Result<BTreeMap<RuleId, ListedRule>, Fault> {
    let mut said: BTreeMap<RuleId, ListedRule> = BTreeMap::new();
    let roles: Vec<(RuleId, String)> = rule_roles::table
        .filter(rule_roles::rule_id.eq_any(ids))
        .order(rule_roles::role)
        .select((rule_roles::rule_id, rule_roles::role))
        .load(conn)?;
    for (rule, role) in roles {
        said.entry(rule).or_default().roles.push(role);
    }
    let named: Vec<(RuleId, String)> = rule_groups::table
        .inner_join(groups::table.on(groups::id.eq(rule_groups::group_id)))
        .filter(rule_groups::rule_id.eq_any(ids))
        .order(groups::name_key)
        .limit(MOST_NAMES)
        .select((rule_groups::rule_id, groups::name))
        .load(conn)?;
    for (rule, name) in named {
        said.entry(rule).or_default().groups.push(name);
    }
    let counts: Vec<(RuleId, i64)> = rule_users::table
        .filter(rule_users::rule_id.eq_any(ids))
        .group_by(rule_users::rule_id)
        .select((rule_users::rule_id, count_star()))
        .load(conn)?;
    for (rule, count) in counts {
        said.entry(rule).or_default().people_count = count;
    }
    let people: Vec<(RuleId, String, String)> = rule_users::table
        .inner_join(users::table.on(users::id.eq(rule_users::user_id)))
        .filter(rule_users::rule_id.eq_any(ids))
        .order((rule_users::rule_id, users::person_key))
        .limit(MOST_NAMES)
        .select((rule_users::rule_id, users::name, users::email))
        .load(conn)?;
    for (rule, name, email) in people {
        let names = &mut said.entry(rule).or_default().people;
        if names.len() < NAMES_OF_A_RULE {
            names.push(if name.is_empty() { email } else { name });
        }
    }
    Ok(said)
}
