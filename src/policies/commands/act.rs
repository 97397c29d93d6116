//! Creating, changing and deleting; and trying each of them without doing it.

use std::collections::BTreeSet;

use super::{told, weighed};
use crate::{
    access::{
        Actor, Permit,
        actions::{Action, ChangePolicy, CreatePolicy, DeletePolicy},
        hold_last_administrator,
    },
    audit,
    base::ids::{GroupId, OrganizationId, PolicyId, UserId},
    db::{Fault, Stop, Tx},
    people,
    policies::{
        model::{Agreement, Edit, Policy, Preview, Refusal, Wanted, touched},
        store,
    },
};

/// What came of trying.
#[derive(Debug)]
pub enum Weighed {
    Would(Box<Preview>),
    Not(Refusal),
}

/// Makes a policy. Its name must be free, without regard to case.
pub fn create(
    tx: &mut Tx<'_>,
    permit: Permit<CreatePolicy>,
    wanted: &Wanted,
) -> Result<PolicyId, Stop<Refusal>> {
    let step = Step { of: None, wanted: Some(wanted) };
    done(tx, &permit, step, &Agreement::NotAsked)
}

/// Changes a policy that still is as it was seen. The rows of rules that stay are kept.
pub fn change(tx: &mut Tx<'_>, permit: Permit<ChangePolicy>, edit: &Edit) -> Result<(), Stop<Refusal>> {
    let step = Step { of: Some((permit.target().of, edit.version)), wanted: Some(&edit.wanted) };
    done(tx, &permit, step, &edit.agreement).map(drop)
}

/// Deletes a policy that still is as it was seen, with its rules. A Default policy stays.
pub fn delete(
    tx: &mut Tx<'_>,
    permit: Permit<DeletePolicy>,
    version: i64,
    agreement: &Agreement,
) -> Result<(), Stop<Refusal>> {
    let step = Step { of: Some((permit.target().of, version)), wanted: None };
    done(tx, &permit, step, agreement).map(drop)
}

/// What [`create`] would do. Comes as a reason to stop, so that the transaction in which it was tried is taken back.
pub fn weigh_creation(tx: &mut Tx<'_>, permit: &Permit<CreatePolicy>, wanted: &Wanted) -> Stop<Weighed> {
    weigh(tx, permit.actor(), Step { of: None, wanted: Some(wanted) })
}

/// What [`change`] would do, as [`weigh_creation`] tells it.
pub fn weigh_change(tx: &mut Tx<'_>, permit: &Permit<ChangePolicy>, edit: &Edit) -> Stop<Weighed> {
    weigh(
        tx,
        permit.actor(),
        Step { of: Some((permit.target().of, edit.version)), wanted: Some(&edit.wanted) },
    )
}

/// What [`delete`] would do, as [`weigh_creation`] tells it.
pub fn weigh_deletion(tx: &mut Tx<'_>, permit: &Permit<DeletePolicy>, version: i64) -> Stop<Weighed> {
    weigh(tx, permit.actor(), Step { of: Some((permit.target().of, version)), wanted: None })
}

/// From a policy as it was seen, or none, to one as it is wanted, or none.
#[derive(Clone, Copy)]
struct Step<'a> {
    of: Option<(PolicyId, i64)>,
    wanted: Option<&'a Wanted>,
}

/// What was written, before anybody agreed to it.
struct Written {
    id: PolicyId,
    before: Option<Policy>,
    after: Option<Policy>,
    preview: Preview,
}

fn done<A: Action>(
    tx: &mut Tx<'_>,
    permit: &Permit<A>,
    step: Step<'_>,
    agreement: &Agreement,
) -> Result<PolicyId, Stop<Refusal>> {
    let organization = permit.organization();
    let written = write(tx, permit.actor(), step)?;
    hold_last_administrator(tx, organization).map_err(|stop| stop.map(|_| Refusal::LastAdministrator))?;
    let is_agreed = match agreement {
        Agreement::NotAsked => true,
        Agreement::To(digest) => !written.preview.has_warnings() || *digest == written.preview.digest(),
    };
    if !is_agreed {
        return Err(Stop::Refused(Refusal::NeedsAgreement(Box::new(written.preview))));
    }
    let (before, after) =
        told::change(permit.actor().catalogue(), written.before.as_ref(), written.after.as_ref());
    let line =
        audit::Line { action: permit.name(), target: audit::Target::policy(written.id), before, after };
    audit::record(tx, organization, &permit.actor().into(), line)?;
    Ok(written.id)
}

fn weigh(tx: &mut Tx<'_>, actor: &Actor, step: Step<'_>) -> Stop<Weighed> {
    let tried = write(tx, actor, step).and_then(|written| {
        let leaves_nobody = match hold_last_administrator(tx, actor.organization()) {
            Ok(()) => false,
            Err(Stop::Refused(_)) => true,
            Err(Stop::Fault(fault)) => return Err(Stop::Fault(fault)),
        };
        Ok(Preview { leaves_nobody, ..written.preview })
    });
    match tried {
        Ok(preview) => Stop::Refused(Weighed::Would(Box::new(preview))),
        Err(stop) => stop.map(Weighed::Not),
    }
}

/// Checks and writes the rows, and looks at what those it touches hold before and after.
fn write(tx: &mut Tx<'_>, actor: &Actor, step: Step<'_>) -> Result<Written, Stop<Refusal>> {
    let (organization, now) = (actor.organization(), tx.now());
    let before = match step.of {
        Some((id, _)) => {
            Some(store::policy(tx.conn(), organization, id)?.ok_or(Stop::Refused(Refusal::NoSuchPolicy))?)
        }
        None => None,
    };
    check(tx, actor, before.as_ref(), step)?;
    let had = before.as_ref().map(|policy| policy.as_wanted().rules).unwrap_or_default();
    let has = step.wanted.map(|wanted| wanted.rules.as_slice()).unwrap_or_default();
    let touched = touched(&had, has);
    let earlier = store::held(tx.conn(), organization, &touched, now)?;
    let id = step.of.map_or_else(PolicyId::new, |(id, _)| id);
    let is_as_seen = match (step.of, step.wanted) {
        (None, Some(wanted)) => store::insert(tx, organization, id, wanted).map(|()| true)?,
        (Some((_, version)), Some(wanted)) => {
            let is_as_seen = store::update(tx, organization, id, wanted, version)?;
            let rules = before.as_ref().map(|policy| policy.rules.as_slice()).unwrap_or_default();
            if is_as_seen {
                store::save(tx, organization, id, rules, wanted)?;
            }
            is_as_seen
        }
        (Some((_, version)), None) => store::delete(tx, organization, id, version)?,
        (None, None) => true,
    };
    if !is_as_seen {
        return Err(Stop::Refused(Refusal::ChangedMeanwhile));
    }
    let later = store::held(tx.conn(), organization, &touched, now)?;
    Ok(Written {
        id,
        preview: weighed::preview(actor, &earlier, &later),
        after: store::policy(tx.conn(), organization, id)?,
        before,
    })
}

fn check(
    tx: &mut Tx<'_>,
    actor: &Actor,
    stored: Option<&Policy>,
    step: Step<'_>,
) -> Result<(), Stop<Refusal>> {
    let refused = |refusal| Err(Stop::Refused(refusal));
    let is_standard = stored.is_some_and(|policy| policy.is_standard);
    let Some(wanted) = step.wanted else {
        return if is_standard { refused(Refusal::IsDefault) } else { Ok(()) };
    };
    if let (Some(policy), Some((_, version))) = (stored, step.of) {
        if policy.as_wanted() == *wanted {
            return refused(Refusal::Nothing);
        }
        if policy.version != version {
            return refused(Refusal::ChangedMeanwhile);
        }
        if is_standard && wanted.changes_more_than_principals(policy) {
            return refused(Refusal::IsDefault);
        }
    }
    let is_known = |role: &str| {
        actor.catalogue().role(role).is_some() || stored.is_some_and(|policy| policy.has_role(role))
    };
    let flaws = wanted.flaws(is_known, is_standard);
    if !flaws.is_empty() {
        return refused(Refusal::Flawed(flaws));
    }
    let organization = actor.organization();
    if store::is_name_taken(tx.conn(), organization, &wanted.name.key(), step.of.map(|(id, _)| id))? {
        return refused(Refusal::NameTaken);
    }
    if let Some(rule) = first_with_a_stranger(tx, organization, wanted)? {
        return refused(Refusal::NoSuchPrincipal { rule });
    }
    let had = stored.map(|policy| policy.as_wanted().rules).unwrap_or_default();
    let more: Vec<_> =
        wanted.newly_given(&had).into_iter().filter(|role| !actor.may_grant([*role])).collect();
    match more.is_empty() {
        true => Ok(()),
        false => refused(Refusal::MoreThanOwn(more.into_iter().map(str::to_owned).collect())),
    }
}

/// The first rule that names somebody, or a group, whom the organization does not have.
fn first_with_a_stranger(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    wanted: &Wanted,
) -> Result<Option<usize>, Fault> {
    let users: BTreeSet<UserId> = wanted.rules.iter().flat_map(|rule| rule.users.iter().copied()).collect();
    let groups: BTreeSet<GroupId> =
        wanted.rules.iter().flat_map(|rule| rule.groups.iter().copied()).collect();
    let people = people::these(tx.conn(), organization, &users.into_iter().collect::<Vec<_>>())?;
    let people: BTreeSet<UserId> = people.into_iter().map(|person| person.id).collect();
    let known = store::known_groups(tx.conn(), organization, &groups.into_iter().collect::<Vec<_>>())?;
    Ok(wanted.rules.iter().position(|rule| {
        !rule.users.iter().all(|id| people.contains(id))
            || !rule.groups.iter().all(|id| known.contains_key(id))
    }))
}
