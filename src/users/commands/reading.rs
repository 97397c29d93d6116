//! What the pages show.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    access::{
        Actor, Catalogue, GroupRoles, IAM_ADMIN, Permit,
        actions::{CheckOthers, ReadAudit, ReadTokens, ReadUsers},
        last_administrator, load_standing, roles_of_groups,
    },
    audit,
    base::{
        clock::Moment,
        ids::{GroupId, OrganizationId, UserId},
    },
    db::{AnyConnection, Fault},
    groups,
    invitations::{self, Pending},
    people::{self, Status},
    roles, second_factor, sessions, tokens,
    users::{
        model::{GroupChoice, Looked, Person, PersonSeen, Place, View, Who},
        store,
    },
    web::session,
};

/// One page of the list, at most `most` people.
pub fn look(
    conn: &mut AnyConnection,
    permit: Permit<ReadUsers>,
    view: View,
    place: &Place,
    (most, now): (usize, Moment),
) -> Result<Looked, Fault> {
    let organization = permit.organization();
    let counts = people::counts(conn, organization)?;
    let found = store::find(conn, organization, &view, &counts, now)?;
    let (toward, is_lost) = place.read(found.order);
    let slice = found.slice(conn, &toward, most)?;
    let count = found.count(conn, &counts)?;
    let ids: Vec<_> = slice.people.iter().map(|person| person.id).collect();
    let groups = groups::all(conn, organization)?;
    let invited = slice.people.iter().filter(|person| person.status == Status::Invited);
    let invited: Vec<_> = invited.map(|person| person.id).collect();
    Ok(Looked {
        pending: pending_of(conn, organization, &invited)?,
        groups_of: groups::of_people_among(conn, organization, &ids, &groups)?,
        groups,
        provisioned: people::provisioned_among(conn, &ids)?,
        last_administrator: last_of(conn, permit.actor(), &slice.people)?,
        order: found.order,
        too_many: found.too_many,
        view,
        counts,
        slice,
        count,
        is_lost,
    })
}

/// Who of these is the last administrator. Somebody who administers the organization is one of those who can, so it
/// is nobody but themselves.
fn last_of(conn: &mut AnyConnection, actor: &Actor, people: &[Person]) -> Result<Option<UserId>, Fault> {
    let is_me = |person: &Person| Some(person.id) == actor.user();
    if actor.standing().holds(IAM_ADMIN) && !people.iter().any(is_me) {
        return Ok(None);
    }
    last_administrator(conn, actor.organization())
}

fn pending_of(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    invited: &[UserId],
) -> Result<BTreeMap<UserId, Pending>, Fault> {
    match invited {
        [] => Ok(BTreeMap::new()),
        _ => invitations::pending_of(conn, organization, invited),
    }
}

/// All about one person of the organization; nothing when there is none.
pub fn person(
    conn: &mut AnyConnection,
    permit: &Permit<ReadUsers>,
    user: UserId,
    now: Moment,
) -> Result<Option<PersonSeen>, Fault> {
    let organization = permit.organization();
    let Some(details) = store::details(conn, organization, user)? else { return Ok(None) };
    let standing = load_standing(conn, organization, user, now)?;
    let theirs = standing.groups.iter().map(|(id, _)| *id).collect();
    Ok(Some(PersonSeen {
        pending: pending_of(conn, organization, &[user])?.remove(&user),
        sessions: sessions::of_person(conn, user, now)?,
        is_last_administrator: last_administrator(conn, organization)? == Some(user),
        choices: choices(conn, permit.actor(), &theirs)?,
        activity: activity(conn, permit.actor(), user)?,
        grants: standing.grants,
        explained: match permit.actor().may(CheckOthers) {
            Ok(permit) => roles::explained(conn, &permit, user, now)?,
            Err(_) => None,
        },
        tokens: tokens_of(conn, permit.actor(), user)?,
        live_tokens: tokens::live_of(conn, user, now)?,
        details,
    }))
}

/// How many lines of the audit a person's page shows.
const MOST_LINES: usize = 5;

fn activity(
    conn: &mut AnyConnection,
    actor: &Actor,
    user: UserId,
) -> Result<Option<Vec<audit::Entry>>, Fault> {
    let permit = actor.may(ReadAudit).ok();
    permit.map(|permit| audit::latest(conn, &permit, user, MOST_LINES)).transpose()
}

/// More tokens than these are not shown.
const MOST_TOKENS: i64 = 100;

fn tokens_of(
    conn: &mut AnyConnection,
    actor: &Actor,
    user: UserId,
) -> Result<Option<Vec<tokens::Token>>, Fault> {
    match actor.may(ReadTokens) {
        Ok(permit) => tokens::of_person(conn, &permit, (Some(user), false), None, MOST_TOKENS).map(Some),
        Err(_) => Ok(None),
    }
}

/// Who somebody of the organization is, what second factor they have, and how many sessions.
pub fn factor_of(
    conn: &mut AnyConnection,
    permit: &Permit<ReadUsers>,
    user: UserId,
    now: Moment,
) -> Result<Option<(Who, second_factor::Standing, i64)>, Fault> {
    let Some(who) = store::who(conn, permit.organization(), user)? else { return Ok(None) };
    let standing = second_factor::standing(conn, user)?;
    Ok(Some((who, standing, session::store::count_of(conn, user, now)?)))
}

/// Every group, with what it gives; which of them are theirs, and which whoever asks may give.
fn choices(
    conn: &mut AnyConnection,
    actor: &Actor,
    theirs: &BTreeSet<GroupId>,
) -> Result<Vec<GroupChoice>, Fault> {
    let pushed = groups::provisioned(conn, actor.organization())?;
    let choice = |group: GroupRoles| GroupChoice {
        is_provisioned: pushed.contains(&group.id),
        is_theirs: theirs.contains(&group.id),
        is_ticked: theirs.contains(&group.id),
        may_be_given: actor.may_grant(group.roles.iter().map(String::as_str)),
        roles: in_order(actor.catalogue(), &group.roles),
        id: group.id,
        name: group.name,
    };
    Ok(roles_of_groups(conn, actor.organization())?.into_iter().map(choice).collect())
}

/// The names of roles as the catalogue orders them.
fn in_order(catalogue: &Catalogue, held: &[String]) -> Vec<String> {
    let known = catalogue.roles().iter().filter(|role| held.contains(&role.id));
    let unknown = held.iter().filter(|id| catalogue.role(id).is_none());
    known.map(|role| role.name.clone()).chain(unknown.cloned()).collect()
}
