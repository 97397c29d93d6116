//! Beginning an organization.

use serde_json::json;
use uuid::Uuid;

use crate::{
    access::{ADMIN_GROUP, Catalogue, Origin, Permit, actions::SendTestLetter},
    audit,
    base::{
        email_address::EmailAddress,
        ids::{GroupId, OrganizationId, UserId},
        token,
    },
    db::{Fault, Tx},
    groups, mail,
    organization::{
        model::{OrganizationName, PersonName},
        store,
    },
    passwords, people,
};

/// An organization and the person who administers it first.
#[derive(Clone)]
pub struct NewOrganization {
    pub name: OrganizationName,
    pub administrator: PersonName,
    pub email: EmailAddress,
    /// The PHC string of their password.
    pub password_hash: String,
}

#[derive(Clone, Copy, Debug)]
pub struct Begun {
    pub organization: OrganizationId,
    pub administrator: UserId,
}

/// Makes the organization with its five groups, their Default policies and its first administrator, who is in `admin`.
/// Whoever calls this has a proof that it may be done: a setup link, used up in this transaction, or the machine.
pub fn begin(
    tx: &mut Tx<'_>,
    catalogue: &Catalogue,
    new: &NewOrganization,
    origin: &Origin,
) -> Result<Begun, Fault> {
    let (organization, administrator) = (OrganizationId::new(), UserId::new());
    let code = free_code(tx)?;
    let identity = Identity { id: organization, code: &code, name: &new.name };
    let groups = found(tx, catalogue, &identity, &mut Uuid::now_v7)?;
    let admin = groups.into_iter().filter(|(name, _)| *name == ADMIN_GROUP).map(|(_, id)| id);
    people::insert(
        tx,
        &people::NewPerson {
            id: administrator,
            organization,
            email: new.email.clone(),
            name: new.administrator.as_str().to_owned(),
            status: people::Status::Active,
        },
    )?;
    passwords::set(tx, &passwords::Change { organization, user: administrator, hash: &new.password_hash })?;
    groups::set_memberships(tx, organization, administrator, &admin.collect())?;
    let line = audit::Line {
        action: "organization.create",
        target: audit::Target::organization(organization),
        before: json!({}),
        after: json!({ "name": new.name.as_str(), "administrator": new.email.as_str() }),
    };
    audit::record(tx, organization, &audit::By::person(administrator, origin.clone()), line)?;
    Ok(Begun { organization, administrator })
}

/// What an organization is known by.
pub struct Identity<'a> {
    pub id: OrganizationId,
    pub code: &'a str,
    pub name: &'a OrganizationName,
}

/// Makes an organization that nobody is in yet, with its five groups and their Default policies, and locks it; returns
/// the groups by name. `ids` gives each group, policy and rule its id.
pub fn found<'c>(
    tx: &mut Tx<'_>,
    catalogue: &'c Catalogue,
    identity: &Identity<'_>,
    ids: &mut impl FnMut() -> Uuid,
) -> Result<Vec<(&'c str, GroupId)>, Fault> {
    store::insert(tx, identity.id, identity.code, identity.name.as_str())?;
    tx.lock(identity.id)?;
    let groups = catalogue.standard_groups().iter();
    groups
        .map(|group| Ok((group.name.as_str(), store::insert_standard_group(tx, identity.id, group, ids)?)))
        .collect()
}

/// Queues a letter to whoever asks, to see whether mail arrives.
pub fn send_test_letter(
    tx: &mut Tx<'_>,
    permit: Permit<SendTestLetter>,
    user: UserId,
    name: &str,
    email: &str,
) -> Result<(), Fault> {
    let organization = permit.organization();
    mail::enqueue_test(tx, organization, user, name, email)?;
    let line = audit::Line {
        action: permit.name(),
        target: audit::Target::user(user),
        before: json!({}),
        after: json!({ "to": email }),
    };
    audit::record(tx, organization, &permit.actor().into(), line)
}

/// Six hexadecimal digits that no organization has yet.
fn free_code(tx: &mut Tx<'_>) -> Result<String, Fault> {
    loop {
        let code = token::hex(&token::random_bytes::<3>());
        if !store::code_is_taken(tx.conn(), &code)? {
            return Ok(code);
        }
    }
}
