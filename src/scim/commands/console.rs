//! What an administrator settles: on or off, tokens, and the groups that the provider may look after.

use serde_json::{Value, json};

use crate::{
    access::{
        Permit,
        actions::{ConfigureScim, ReadScim},
        roles_of_groups,
    },
    audit::{self, Target},
    base::{
        ids::{GroupId, OrganizationId, ScimGroupId, ScimNoteId, ScimTokenId},
        scim_secret::ScimSecret,
    },
    db::{AnyConnection, Fault, Stop, Tx},
    groups,
    scim::{
        model::{LinkRefusal, MOST_TOKENS, Name, Overview, Waiting},
        store,
    },
};

/// How long the log keeps a line.
const KEPT: chrono::Duration = chrono::Duration::days(90);

/// All that the page shows, with at most `most` lines of the log from one on.
pub fn overview(
    conn: &mut AnyConnection,
    permit: &Permit<ReadScim>,
    before: Option<ScimNoteId>,
    most: i64,
) -> Result<Overview, Fault> {
    let organization = permit.organization();
    let roles = roles_of_groups(conn, organization)?;
    let waiting = store::waiting(conn, organization)?.into_iter().map(|(group, name, members, asked_at)| {
        let roles = roles.iter().find(|it| it.id == group).map(|it| it.roles.clone()).unwrap_or_default();
        Waiting { group, name, members, roles, asked_at }
    });
    Ok(Overview {
        enabled: store::enabled(conn, organization)?,
        tokens: store::live_tokens(conn, organization)?,
        people: store::count(conn, organization)?,
        waiting: waiting.collect(),
        groups: i64::try_from(store::linked_ids_of(conn, organization)?.len()).unwrap_or(i64::MAX),
        log: store::latest(conn, organization, before, most)?,
    })
}

/// Lets providers in; false when it was on already.
pub fn enable(tx: &mut Tx<'_>, permit: Permit<ConfigureScim>) -> Result<bool, Fault> {
    turn(tx, &permit, true)
}

/// Stops every token on the next request, without revoking them; false when it was off already.
pub fn disable(tx: &mut Tx<'_>, permit: Permit<ConfigureScim>) -> Result<bool, Fault> {
    turn(tx, &permit, false)
}

fn turn(tx: &mut Tx<'_>, permit: &Permit<ConfigureScim>, on: bool) -> Result<bool, Fault> {
    let organization = permit.organization();
    if store::enabled(tx.conn(), organization)? == on {
        return Ok(false);
    }
    store::set_enabled(tx, organization, on)?;
    let told = |on: bool| json!({ "enabled": on });
    record(tx, permit, Target::organization(organization), (told(!on), told(on)))?;
    Ok(true)
}

/// A token that was made; its secret is known only now.
#[derive(Clone, Debug)]
pub struct Made {
    pub id: ScimTokenId,
    pub secret: ScimSecret,
}

/// Makes a token; nothing when there are [`MOST_TOKENS`] already.
pub fn create_token(
    tx: &mut Tx<'_>,
    permit: Permit<ConfigureScim>,
    name: &Name,
) -> Result<Option<Made>, Fault> {
    let organization = permit.organization();
    if store::live_tokens_count(tx.conn(), organization)? >= MOST_TOKENS as i64 {
        return Ok(None);
    }
    let (id, secret) = (ScimTokenId::new(), ScimSecret::random());
    store::insert_token(tx, organization, (id, name, &secret.hash()))?;
    let after = json!({ "token": name.as_str(), "token_id": id });
    record(tx, &permit, Target::organization(organization), (json!({}), after))?;
    Ok(Some(Made { id, secret }))
}

/// The name of a token that somebody is about to revoke.
pub fn parting(
    conn: &mut AnyConnection,
    permit: &Permit<ConfigureScim>,
    id: ScimTokenId,
) -> Result<Option<String>, Fault> {
    store::name_of_token(conn, permit.organization(), id)
}

/// Revokes a token and returns its name; nothing when there is none, or not any more.
pub fn revoke_token(
    tx: &mut Tx<'_>,
    permit: Permit<ConfigureScim>,
    id: ScimTokenId,
) -> Result<Option<String>, Fault> {
    let organization = permit.organization();
    let Some(name) = store::name_of_token(tx.conn(), organization, id)? else { return Ok(None) };
    if !store::revoke_token(tx, organization, id)? {
        return Ok(None);
    }
    let before = json!({ "token": name, "token_id": id });
    record(tx, &permit, Target::organization(organization), (before, json!({ "revoked": true })))?;
    Ok(Some(name))
}

/// What linking a group would do: its name, how many are in it, and the roles it carries.
pub fn linking(
    conn: &mut AnyConnection,
    permit: &Permit<ConfigureScim>,
    id: GroupId,
) -> Result<Option<Waiting>, Fault> {
    linkable(conn, permit.organization(), id)
}

fn linkable(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    id: GroupId,
) -> Result<Option<Waiting>, Fault> {
    let Some(group) = groups::group(conn, organization, id)? else { return Ok(None) };
    let roles = roles_of_groups(conn, organization)?.into_iter().find(|it| it.id == id);
    Ok(Some(Waiting {
        group: id,
        name: group.name,
        members: group.members,
        roles: roles.map(|it| it.roles).unwrap_or_default(),
        asked_at: group.created_at,
    }))
}

/// From now on the provider looks after this group, with the roles that were seen. Returns its name.
pub fn link(
    tx: &mut Tx<'_>,
    permit: Permit<ConfigureScim>,
    id: GroupId,
    seen: &[String],
) -> Result<String, Stop<LinkRefusal>> {
    let organization = permit.organization();
    let group = linkable(tx.conn(), organization, id)?.ok_or(Stop::Refused(LinkRefusal::NoSuchGroup))?;
    if store::is_provisioned(tx.conn(), id)? {
        return Err(Stop::Refused(LinkRefusal::LinkedAlready));
    }
    if group.roles != seen {
        return Err(Stop::Refused(LinkRefusal::Changed));
    }
    store::insert_group(tx, organization, (ScimGroupId::new(), id), None, true)?;
    store::drop_waiting(tx, id)?;
    let after = json!({ "linked": true, "roles": group.roles });
    record(tx, &permit, Target::group(id), (json!({ "linked": false }), after))?;
    Ok(group.name)
}

fn record(
    tx: &mut Tx<'_>,
    permit: &Permit<ConfigureScim>,
    target: Target,
    (before, after): (Value, Value),
) -> Result<(), Fault> {
    let line = audit::Line { action: permit.name(), target, before, after };
    audit::record(tx, permit.organization(), &permit.actor().into(), line)
}

/// Removes lines of the log that are older than 90 days; returns how many.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize, Fault> {
    let before = tx.now().minus(KEPT);
    store::sweep(tx, before)
}
