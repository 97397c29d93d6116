//! Changing what holds for everyone.

use crate::{
    access::{
        Actor, Permit,
        actions::{ChangeOrganization, ReadOrganization},
        hold_last_administrator,
    },
    audit,
    base::{clock::Moment, ids::SessionId},
    db::{AnyConnection, Fault, Stop, Tx},
    organization::{
        model::{Affected, Change, ChangeRefusal, Limits, MOST_NAMED, Settings, Topic},
        store,
    },
    web::{
        Halt,
        session::{self, store::Over},
    },
};

pub fn settings(conn: &mut AnyConnection, permit: &Permit<ReadOrganization>) -> Result<Settings, Fault> {
    store::settings(conn, permit.organization())
}

/// Whom a change would concern now.
pub fn affected(
    conn: &mut AnyConnection,
    permit: &Permit<ChangeOrganization>,
    change: &Change,
    from: Option<SessionId>,
    now: Moment,
) -> Result<Affected, Fault> {
    let organization = permit.organization();
    match change {
        Change::SecondFactor(Some(_)) => {
            store::people_without_factor(conn, organization, permit.actor().user())
        }
        Change::Sessions(limits) => {
            let before = store::settings(conn, organization)?.limits;
            let between = (over(before, now), over(*limits, now));
            let ending = session::store::ending(conn, organization, between, from, MOST_NAMED)?;
            Ok(Affected { count: ending.count, names: ending.names, is_me: ending.is_mine })
        }
        Change::Domains(domains) => store::pending_outside(conn, organization, domains),
        Change::Name(_) | Change::SecondFactor(None) | Change::InvitationLife(_) => Ok(Affected::default()),
    }
}

fn over(limits: Limits, now: Moment) -> Over {
    let (seen_since, begun_since) = limits.since(now);
    Over { seen_since, begun_since }
}

/// Changes several things together, those that are not so already; with a `version`, if nothing was changed since.
/// Returns what holds then.
pub fn change_all(
    tx: &mut Tx<'_>,
    actor: &Actor,
    changes: &[Change],
    version: Option<&str>,
) -> Result<Settings, Halt<ChangeRefusal>> {
    let now = tx.now();
    let mut settings = settings(tx.conn(), &actor.may(ReadOrganization)?)?;
    if version.is_some_and(|version| version != settings.version()) {
        return Err(Halt::Refused(ChangeRefusal::ChangedMeanwhile));
    }
    for wanted in changes {
        let permit = actor.may(ChangeOrganization)?;
        if !settings.has(wanted, now) {
            let seen = settings.seen(wanted.topic());
            settings = change(tx, permit, wanted, &seen)?;
        }
    }
    Ok(settings)
}

/// Changes one thing, if it is still as it was `seen`. Sessions that are over by the older or the newer limits are
/// gone for good, so that later limits do not bring them back. Returns what holds then.
pub fn change(
    tx: &mut Tx<'_>,
    permit: Permit<ChangeOrganization>,
    change: &Change,
    seen: &str,
) -> Result<Settings, Stop<ChangeRefusal>> {
    let (organization, topic, now) = (permit.organization(), change.topic(), tx.now());
    let before = store::settings(tx.conn(), organization)?;
    if before.seen(topic) != seen {
        return Err(Stop::Refused(ChangeRefusal::ChangedMeanwhile));
    }
    if before.has(change, now) {
        return Err(Stop::Refused(ChangeRefusal::Nothing));
    }
    let after = before.with(change, now);
    store::save(tx, organization, &after)?;
    let mut told = after.told(topic);
    if topic == Topic::Sessions {
        session::store::end_over(tx, organization, over(before.limits, now))?;
        let ended = session::store::end_over(tx, organization, over(after.limits, now))?;
        told["sessions_ended"] = ended.into();
    }
    hold_last_administrator(tx, organization)
        .map_err(|stop| stop.map(|_| ChangeRefusal::LastAdministrator))?;
    let line = audit::Line {
        action: permit.name(),
        target: audit::Target::organization(organization),
        before: before.told(topic),
        after: told,
    };
    audit::record(tx, organization, &permit.actor().into(), line)?;
    Ok(after)
}
