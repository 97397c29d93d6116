//! One act for many: sorted out before, then a job that does one after the other.

use std::sync::Arc;

use super::{Export, status};
use crate::{
    access::{
        Actor, ActorKind, Catalogue, Denied, Origin, Permit,
        actions::{DeactivateUser, ReactivateUser, ReadJob, ReadUsers, ResendInvitation, RevokeInvitation},
        load_standing,
    },
    base::{
        clock::Moment,
        ids::{InvitationId, JobId, OrganizationId, UserId},
    },
    db::{AnyConnection, Fault, Stop, Tx},
    invitations,
    jobs::{
        self, NewJob, Queue,
        items::{self, Item, NewItem},
    },
    users::{
        model::{
            Act, Chosen, Errand, JobSeen, MOST_SELECTED, Selection, SelectionRefusal, StatusRefusal, Through,
            Who,
        },
        store, words,
    },
    web::{api, session},
};

/// What the act would do to whom; under the right to do it.
pub fn sort_out(
    conn: &mut AnyConnection,
    permit: &Permit<ReadUsers>,
    act: Act,
    selection: &Selection,
    now: Moment,
) -> Result<Chosen, Stop<SelectionRefusal>> {
    let organization = permit.organization();
    let (people, asked) = match selection {
        Selection::These(ids) if ids.len() > MOST_SELECTED => {
            return Err(Stop::Refused(SelectionRefusal::TooMany));
        }
        Selection::These(ids) => (store::these(conn, organization, ids)?, ids.len()),
        Selection::All(view) => {
            let mut people = Vec::new();
            let mut rest = Some(Export::of(conn, organization, view, now)?);
            while let Some(export) = rest {
                let (batch, next) = export.next_people(conn)?;
                people.extend(batch.into_iter().map(Who::from));
                if people.len() > MOST_SELECTED {
                    return Err(Stop::Refused(SelectionRefusal::TooMany));
                }
                rest = next;
            }
            let asked = people.len();
            (people, asked)
        }
    };
    let gone = asked - people.len();
    Ok(Chosen { gone, ..Chosen::sort_out(act, people, permit.actor().user()) })
}

/// Begins the job. `agreed` is the number of people that the summary named; none for those who named each of them.
pub fn begin(
    tx: &mut Tx<'_>,
    permit: &Permit<ReadUsers>,
    (act, through): (Act, Through),
    selection: &Selection,
    agreed: Option<usize>,
) -> Result<JobId, Stop<SelectionRefusal>> {
    let now = tx.now();
    let chosen = sort_out(tx.conn(), permit, act, selection, now)?;
    if chosen.included.is_empty() {
        return Err(Stop::Refused(SelectionRefusal::Nobody(chosen)));
    }
    if agreed.is_some_and(|agreed| agreed != chosen.included.len()) {
        return Err(Stop::Refused(SelectionRefusal::Changed(chosen)));
    }
    let (organization, actor) = (permit.organization(), permit.actor());
    let origin = actor.origin();
    let errand =
        Errand { act, through, request_id: origin.request_id.clone(), address: origin.address.clone() };
    let parameters = serde_json::to_value(errand).map_err(|e| Fault::broken("writing an errand down", e))?;
    let job = NewJob {
        organization: Some(organization),
        created_by: actor.user(),
        ..NewJob::new(Queue::Work, act.kind(), parameters, now)
    };
    let job = jobs::enqueue(tx, &job)?;
    let items: Vec<NewItem> = chosen
        .included
        .iter()
        .map(|who| NewItem { target: who.id.to_string(), label: who.shown().to_owned() })
        .collect();
    items::add(tx, organization, job, &items)?;
    Ok(job)
}

/// How far a job of this room is, and what became of up to `most` people after a position; nothing when there is no
/// such job in the organization.
pub fn job(
    conn: &mut AnyConnection,
    permit: &Permit<ReadJob>,
    after: i32,
    most: i64,
) -> Result<Option<JobSeen>, Fault> {
    let (organization, id) = (permit.organization(), permit.target().of);
    let Some(report) = jobs::report(conn, organization, id)? else { return Ok(None) };
    let Some(act) = Act::of_kind(&report.kind) else { return Ok(None) };
    let progress = items::progress(conn, organization, id)?;
    let items = items::list(conn, organization, id, after, most)?;
    Ok(Some(JobSeen { id, act, state: report.state, problem: report.problem, progress, items, after }))
}

/// Why one row was not done: for the person, in words.
type RowStop = Stop<String>;

/// Does one item as the person who asked, if they still may; in one transaction with the word that it is done.
pub fn do_item(
    tx: &mut Tx<'_>,
    catalogue: &Arc<Catalogue>,
    by: (OrganizationId, UserId, &Errand),
    job: JobId,
    item: &Item,
) -> Result<(), RowStop> {
    let (organization, asker, errand) = by;
    let actor = asker_now(tx, catalogue, by)?;
    let actor = actor.ok_or_else(|| Stop::Refused(words::ASKER_GONE.to_owned()))?;
    let of: UserId =
        item.target.parse().map_err(|e| Fault::broken("reading an item of a job", format!("{e}")))?;
    let done = match errand.act {
        Act::Deactivate if of == asker => Err(Stop::Refused(words::NOT_ONESELF.to_owned())),
        Act::Deactivate => {
            let done = status::deactivate(tx, actor.may(DeactivateUser { of }).map_err(denied)?);
            done.map(|_| words::DEACTIVATED).map_err(in_words)
        }
        Act::Reactivate => {
            let done = status::reactivate(
                tx,
                actor.may(ReactivateUser { of }).map_err(denied)?,
                status::Tokens::Revoked,
            );
            done.map(|_| words::REACTIVATED).map_err(in_words)
        }
        Act::Resend => {
            let of = pending(tx.conn(), organization, of)?;
            let done = invitations::resend(tx, actor.may(ResendInvitation { of }).map_err(denied)?, None);
            done.map(|_| words::RESENT).map_err(|stop| stop.map(|refusal| invitations::refused(&refusal)))
        }
        Act::Revoke => {
            let of = pending(tx.conn(), organization, of)?;
            let done = invitations::revoke(tx, actor.may(RevokeInvitation { of }).map_err(denied)?, None);
            done.map(|_| words::REVOKED).map_err(|stop| stop.map(|refusal| invitations::refused(&refusal)))
        }
    }?;
    items::done(tx, job, item.position, done)?;
    Ok(())
}

/// Who asked, with what they may do at this moment; nobody when they may do nothing any more.
fn asker_now(
    tx: &mut Tx<'_>,
    catalogue: &Arc<Catalogue>,
    (organization, user, errand): (OrganizationId, UserId, &Errand),
) -> Result<Option<Actor>, Fault> {
    let now = tx.now();
    let conn = tx.conn();
    let account = session::store::account(conn, user)?;
    if !account.is_some_and(|account| account.status == "active" && account.organization == organization) {
        return Ok(None);
    }
    let (kind, standing) = match errand.through {
        Through::Session(session) => {
            let standing = load_standing(conn, organization, user, now)?;
            (ActorKind::Session { user, session }, Some(standing.into()))
        }
        Through::Token(token) => {
            let found = api::standing_now(conn, token, now)?;
            let standing = found.filter(|(owner, of, _)| (*owner, *of) == (user, organization));
            (ActorKind::Token { user }, standing.map(|(_, _, standing)| standing))
        }
    };
    let Some(standing) = standing else { return Ok(None) };
    let origin = Origin { request_id: errand.request_id.clone(), address: errand.address.clone() };
    Ok(Some(Actor::person(kind, organization, standing, catalogue.clone(), origin)))
}

fn pending(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    user: UserId,
) -> Result<InvitationId, RowStop> {
    let pending = invitations::pending_of(conn, organization, &[user])?.remove(&user);
    pending.map(|pending| pending.id).ok_or_else(|| Stop::Refused(words::NOT_PENDING.to_owned()))
}

fn denied(_: Denied) -> RowStop {
    Stop::Refused(words::ASKER_GONE.to_owned())
}

fn in_words(stop: Stop<StatusRefusal>) -> RowStop {
    stop.map(|refusal| words::refused(&refusal))
}
