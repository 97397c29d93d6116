//! Making, renaming and deleting groups.

use serde_json::json;

use super::is_anothers;
use crate::{
    access::{
        Permit,
        actions::{ChangeGroup, CreateGroup, DeleteGroup},
        hold_last_administrator,
    },
    audit,
    base::ids::{GroupId, OrganizationId, PolicyId},
    db::{Fault, Stop, Tx},
    groups::{
        model::{DeleteRefusal, Deletion, MOST_GROUPS, Naming, NamingRefusal},
        store,
    },
};

/// How many addresses the audit keeps of a group that is gone.
const MOST_REMEMBERED: i64 = 500;

/// Makes a group without members and roles.
pub fn create(
    tx: &mut Tx<'_>,
    permit: Permit<CreateGroup>,
    naming: &Naming,
) -> Result<GroupId, Stop<NamingRefusal>> {
    let organization = permit.organization();
    if store::count(tx.conn(), organization)? >= MOST_GROUPS {
        return Err(Stop::Refused(NamingRefusal::TooMany));
    }
    must_be_free(tx, organization, None, naming)?;
    let id = GroupId::new();
    store::insert(tx, organization, id, naming)?;
    let line = audit::Line {
        action: permit.name(),
        target: audit::Target::group(id),
        before: json!({}),
        after: json!({ "name": naming.name.as_str(), "description": naming.description.as_str() }),
    };
    audit::record(tx, organization, &permit.actor().into(), line)?;
    Ok(id)
}

/// Gives a group this name and description. A standard group keeps its name. Writes nothing when all is as it was.
pub fn update(
    tx: &mut Tx<'_>,
    permit: Permit<ChangeGroup>,
    naming: &Naming,
) -> Result<(), Stop<NamingRefusal>> {
    let (organization, id) = (permit.organization(), permit.target().of);
    let group = store::group(tx.conn(), organization, id)?;
    let group = group.ok_or(Stop::Refused(NamingRefusal::NoSuchGroup))?;
    let is_renamed = group.name != naming.name.as_str();
    if is_renamed && group.standard {
        return Err(Stop::Refused(NamingRefusal::Standard));
    }
    if is_renamed && is_anothers(tx.conn(), permit.actor(), id)? {
        return Err(Stop::Refused(NamingRefusal::Provisioned));
    }
    if !is_renamed && group.description == naming.description.as_str() {
        return Ok(());
    }
    must_be_free(tx, organization, Some(id), naming)?;
    store::update(tx, id, naming)?;
    let line = audit::Line {
        action: permit.name(),
        target: audit::Target::group(id),
        before: json!({ "name": group.name, "description": group.description }),
        after: json!({ "name": naming.name.as_str(), "description": naming.description.as_str() }),
    };
    Ok(audit::record(tx, organization, &permit.actor().into(), line)?)
}

fn must_be_free(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    own: Option<GroupId>,
    naming: &Naming,
) -> Result<(), Stop<NamingRefusal>> {
    match store::taken(tx.conn(), organization, &naming.name.key())? {
        Some((id, name)) if own != Some(id) => Err(Stop::Refused(NamingRefusal::Taken(name))),
        _ => Ok(()),
    }
}

/// Deletes a group and takes it out of every policy that names it. Its members stay people of the organization.
pub fn delete(tx: &mut Tx<'_>, permit: Permit<DeleteGroup>) -> Result<Deletion, Stop<DeleteRefusal>> {
    let (organization, id) = (permit.organization(), permit.target().of);
    let group = store::group(tx.conn(), organization, id)?;
    let group = group.ok_or(Stop::Refused(DeleteRefusal::NoSuchGroup))?;
    if group.standard {
        return Err(Stop::Refused(DeleteRefusal::Standard));
    }
    if is_anothers(tx.conn(), permit.actor(), id)? {
        return Err(Stop::Refused(DeleteRefusal::Provisioned));
    }
    let named_by = store::named_by(tx.conn(), organization, id)?;
    let addresses = store::addresses_of(tx.conn(), id, MOST_REMEMBERED)?;
    let policies: Vec<PolicyId> = named_by.iter().map(|by| by.policy).collect();
    store::delete(tx, organization, id)?;
    store::policies_lose(tx, &policies)?;
    hold_last_administrator(tx, organization)
        .map_err(|stop| stop.map(|_| DeleteRefusal::LastAdministrator))?;
    let deletion = Deletion { group, named_by };
    record_deletion(tx, &permit, &deletion, &addresses)?;
    Ok(deletion)
}

fn record_deletion(
    tx: &mut Tx<'_>,
    permit: &Permit<DeleteGroup>,
    deletion: &Deletion,
    addresses: &[String],
) -> Result<(), Fault> {
    let Deletion { group, named_by } = deletion;
    let line = audit::Line {
        action: permit.name(),
        target: audit::Target::group(group.id),
        before: json!({
            "name": group.name,
            "description": group.description,
            "members": group.members,
            "addresses": addresses,
            "policies": named_by.iter().map(|by| by.name.as_str()).collect::<Vec<_>>(),
        }),
        after: json!({}),
    };
    audit::record(tx, permit.organization(), &permit.actor().into(), line)
}
