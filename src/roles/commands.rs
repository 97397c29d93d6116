//! Reading who holds what; nothing here changes anything.

use crate::{
    access::{
        Permit, Source,
        actions::{CheckOthers, ReadRoles},
        holding_counts, holding_groups, holding_people, load_standing, pending_requests, roles_of_groups,
        rule_numbers,
    },
    base::{
        clock::Moment,
        email_address::EmailAddress,
        ids::{OrganizationId, RuleId, UserId},
    },
    db::{AnyConnection, Fault},
    people::{self, Someone},
    roles::model::{Explained, Found, Holders, Overview, Question},
};

/// How many people who hold a role by name are told.
const MOST_PEOPLE: i64 = 50;

/// Every role with who holds it, in numbers.
pub fn overview(
    conn: &mut AnyConnection,
    permit: &Permit<ReadRoles>,
    now: Moment,
) -> Result<Overview, Fault> {
    let organization = permit.organization();
    Ok(Overview {
        groups: holding_groups(conn, organization, &[])?,
        counts: holding_counts(conn, organization, now)?,
    })
}

/// Who holds this role, and through what.
pub fn holders(
    conn: &mut AnyConnection,
    permit: &Permit<ReadRoles>,
    role: &str,
    now: Moment,
) -> Result<Holders, Fault> {
    of_roles(conn, permit.organization(), &[role.to_owned()], now)
}

fn of_roles(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    roles: &[String],
    now: Moment,
) -> Result<Holders, Fault> {
    if roles.is_empty() {
        return Ok(Holders::default());
    }
    let mut people = holding_people(conn, organization, roles, (MOST_PEOPLE + 1, now))?;
    let most = usize::try_from(MOST_PEOPLE).unwrap_or(0);
    let are_more = people.len() > most;
    people.truncate(most);
    Ok(Holders { groups: holding_groups(conn, organization, roles)?, people, are_more })
}

/// What this question is about.
pub fn find(
    conn: &mut AnyConnection,
    permit: &Permit<CheckOthers>,
    question: &Question,
    now: Moment,
) -> Result<Found, Fault> {
    let (organization, catalogue) = (permit.organization(), permit.actor().catalogue());
    if !question.action.is_empty() && !catalogue.has_action(&question.action) {
        return Ok(Found::NoSuchAction);
    }
    if question.person.is_empty() {
        let with = catalogue.roles().iter().filter(|role| role.actions.contains(&question.action));
        let roles: Vec<String> = with.map(|role| role.id.clone()).collect();
        return Ok(Found::Holders(of_roles(conn, organization, &roles, now)?));
    }
    let Ok(address) = EmailAddress::parse(&question.person) else { return Ok(Found::NotAnAddress) };
    match people::by_addresses(conn, organization, &[address])?.pop().flatten() {
        Some(who) => Ok(Found::Person(Box::new(about(conn, organization, who, now)?))),
        None => Ok(Found::NoSuchPerson),
    }
}

/// What is needed to explain what this person may do; nothing when there is no such person.
pub fn explained(
    conn: &mut AnyConnection,
    permit: &Permit<CheckOthers>,
    user: UserId,
    now: Moment,
) -> Result<Option<Explained>, Fault> {
    let organization = permit.organization();
    let who = people::these(conn, organization, &[user])?.pop();
    who.map(|who| about(conn, organization, who, now)).transpose()
}

fn about(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    who: Someone,
    now: Moment,
) -> Result<Explained, Fault> {
    let standing = load_standing(conn, organization, who.id, now)?;
    let rule = |source: &Source| match source {
        Source::Rule { rule, .. } => Some(*rule),
        Source::Request { .. } => None,
    };
    let rules: Vec<RuleId> = standing.grants.iter().filter_map(|grant| rule(&grant.source)).collect();
    Ok(Explained {
        rules: rule_numbers(conn, organization, &rules)?,
        groups: roles_of_groups(conn, organization)?,
        pending: pending_requests(conn, organization, who.id, now)?,
        standing,
        who,
    })
}
