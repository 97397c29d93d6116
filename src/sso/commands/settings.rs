//! Setting single sign-on up, changing it, turning it on and off.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{fresh_name, opened, sealed};
use crate::{
    access::{
        GroupRoles, Permit, RequiredOf,
        actions::{ChangeSso, ReadSso},
        hold_last_administrator, roles_of_groups,
    },
    audit::{self, Line, Target},
    base::ids::{ConnectionId, GroupId, OrganizationId},
    crypto::sealing::Sealer,
    db::{AnyConnection, Fault, Stop, Tx},
    sso::{
        model::{Connection, DRAFT_LIFE, DeployRefusal, Draft, Kind, SettingRefusal},
        store,
    },
};

/// Single sign-on as it stands, with the groups of the organization and what they carry.
pub struct Shown {
    pub connection: Option<Connection>,
    /// How many people come by it.
    pub people: i64,
    pub groups: Vec<GroupRoles>,
}

pub fn shown(conn: &mut AnyConnection, permit: &Permit<ReadSso>) -> Result<Shown, Fault> {
    let connection = store::of_organization(conn, permit.organization())?;
    let people = match &connection {
        Some(connection) => store::count(conn, connection.id)?,
        None => 0,
    };
    Ok(Shown { connection, people, groups: roles_of_groups(conn, permit.organization())? })
}

/// What waits to be confirmed, under the name that its confirmation says.
pub struct Waiting {
    pub name: String,
    pub draft: Draft,
}

pub fn draft(
    conn: &mut AnyConnection,
    sealer: &Sealer,
    organization: OrganizationId,
    now: crate::base::clock::Moment,
) -> Result<Option<Waiting>, Fault> {
    let Some((name, sealed, at)) = store::draft(conn, organization)? else { return Ok(None) };
    if now.since(at) > DRAFT_LIFE {
        return Ok(None);
    }
    let opened = opened(sealer, organization, &sealed);
    let draft = opened.and_then(|opened| serde_json::from_str(&opened).ok());
    Ok(draft.map(|draft| Waiting { name, draft }))
}

/// Keeps what was typed until it is confirmed. Nothing else changes.
pub fn keep(
    tx: &mut Tx<'_>,
    permit: &Permit<ChangeSso>,
    sealer: &Sealer,
    draft: &Draft,
) -> Result<(), Stop<DeployRefusal>> {
    let organization = permit.organization();
    check(tx, permit, draft)?;
    let written =
        serde_json::to_string(draft).map_err(|e| Fault::broken("writing what waits to be confirmed", e))?;
    Ok(store::keep_draft(tx, organization, &fresh_name(), &sealed(sealer, organization, &written)?)?)
}

/// Whether it could be deployed now.
fn check(tx: &mut Tx<'_>, permit: &Permit<ChangeSso>, draft: &Draft) -> Result<(), Stop<DeployRefusal>> {
    let organization = permit.organization();
    let all: BTreeMap<GroupId, GroupRoles> =
        roles_of_groups(tx.conn(), organization)?.into_iter().map(|group| (group.id, group)).collect();
    for mapped in &draft.mapping {
        let group = all.get(&mapped.group).ok_or(Stop::Refused(DeployRefusal::NoSuchGroup))?;
        if !permit.actor().may_grant(group.roles.iter().map(String::as_str)) {
            return Err(Stop::Refused(DeployRefusal::MoreThanOwn));
        }
    }
    match store::domain_of_another(tx.conn(), organization, &draft.domains)? {
        Some(domain) => Err(Stop::Refused(DeployRefusal::DomainTaken(domain))),
        None => Ok(()),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deployed {
    Begun,
    Changed,
}

/// Puts in force what was confirmed. Another provider knows nobody yet: whoever came by the one before is linked anew by
/// their address, and it is required of nobody.
pub fn deploy(
    tx: &mut Tx<'_>,
    permit: Permit<ChangeSso>,
    sealer: &Sealer,
    name: &str,
) -> Result<Deployed, Stop<DeployRefusal>> {
    let (organization, now) = (permit.organization(), tx.now());
    // Two organizations may not have one domain, and each holds only its own lock.
    tx.lock_installation()?;
    let waiting = draft(tx.conn(), sealer, organization, now)?.filter(|waiting| waiting.name == name);
    let draft = waiting.ok_or(Stop::Refused(DeployRefusal::NoDraft))?.draft;
    let before = store::of_organization(tx.conn(), organization)?;
    if before.as_ref().map(|before| before.version) != draft.changes {
        return Err(Stop::Refused(DeployRefusal::Stale));
    }
    check(tx, &permit, &draft)?;
    let secret = match (&draft.secret, &before) {
        (Some(secret), _) => sealed(sealer, organization, secret)?,
        (None, _) if draft.configuration.kind() == Kind::Saml => String::new(),
        (None, Some(before)) => before.sealed_secret.clone(),
        (None, None) => return Err(Stop::Refused(DeployRefusal::Stale)),
    };
    let same = before.as_ref().filter(|it| it.configuration.is_same_provider(&draft.configuration));
    let after = Connection {
        id: same.map_or_else(ConnectionId::new, |same| same.id),
        organization,
        is_on: true,
        configuration: draft.configuration,
        sealed_secret: secret,
        groups_claim: draft.groups_claim,
        trusts_factor: draft.trusts_factor,
        required: same.map_or(RequiredOf::Nobody, |same| same.required),
        version: 1,
        domains: draft.domains,
        mapping: draft.mapping,
    };
    match (&before, same.is_some()) {
        (_, true) => store::update(tx, &after)?,
        (Some(before), false) => {
            store::remove(tx, before)?;
            store::insert(tx, &after)?;
        }
        (None, false) => store::insert(tx, &after)?,
    }
    store::set_domains(tx, organization, &after.domains)?;
    store::set_mapping(tx, organization, &after.mapping)?;
    store::remove_draft(tx, organization)?;
    hold_last_administrator(tx, organization)
        .map_err(|stop| stop.map(|_| DeployRefusal::LastAdministrator))?;
    let mut told = told(tx, &after)?;
    if draft.secret.is_some() && before.is_some() {
        told["client_secret"] = "renewed".into();
    }
    let had = before.as_ref().map_or(Ok(json!({})), |before| self::told(tx, before))?;
    note(tx, &permit, had, told)?;
    Ok(if before.is_some() { Deployed::Changed } else { Deployed::Begun })
}

/// Turns it on or off. Off, nobody comes by it, and it is required of nobody.
pub fn enable(tx: &mut Tx<'_>, permit: Permit<ChangeSso>, is_on: bool) -> Result<(), Stop<SettingRefusal>> {
    let before = found(tx, &permit)?;
    if !store::turn(tx, before.id, is_on)? {
        return Err(Stop::Refused(SettingRefusal::IsSo));
    }
    hold(tx, before.organization)?;
    let had = told(tx, &before)?;
    let mut now = had.clone();
    now["sso_on"] = is_on.into();
    Ok(note(tx, &permit, had, now)?)
}

/// Forgets the provider, with whom it knows.
pub fn remove(tx: &mut Tx<'_>, permit: Permit<ChangeSso>) -> Result<(), Stop<SettingRefusal>> {
    let before = found(tx, &permit)?;
    if before.is_on {
        return Err(Stop::Refused(SettingRefusal::IsOn));
    }
    let had = told(tx, &before)?;
    store::remove(tx, &before)?;
    store::remove_draft(tx, before.organization)?;
    Ok(note(tx, &permit, had, json!({}))?)
}

pub(super) fn found(tx: &mut Tx<'_>, permit: &Permit<ChangeSso>) -> Result<Connection, Stop<SettingRefusal>> {
    let found = store::of_organization(tx.conn(), permit.organization())?;
    found.ok_or(Stop::Refused(SettingRefusal::NoConnection))
}

pub(super) fn hold(tx: &mut Tx<'_>, organization: OrganizationId) -> Result<(), Stop<SettingRefusal>> {
    hold_last_administrator(tx, organization).map_err(|stop| stop.map(|_| SettingRefusal::LastAdministrator))
}

pub(super) fn told(tx: &mut Tx<'_>, connection: &Connection) -> Result<Value, Fault> {
    let groups = roles_of_groups(tx.conn(), connection.organization)?;
    let names: Vec<_> = groups.into_iter().map(|group| (group.id, group.name)).collect();
    Ok(connection.told(&names))
}

pub(super) fn note(
    tx: &mut Tx<'_>,
    permit: &Permit<ChangeSso>,
    before: Value,
    after: Value,
) -> Result<(), Fault> {
    let organization = permit.organization();
    let line = Line { action: permit.name(), target: Target::organization(organization), before, after };
    audit::record(tx, organization, &permit.actor().into(), line)
}
