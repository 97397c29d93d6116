//! People, as a provider brings, changes and lets go of them.
//!
//! It finds those only whom it looks after. Somebody who is here already comes into its care when it brings their
//! address, unless they administer the organization, are still invited, or were deactivated by an administrator: then it
//! is refused, and what an administrator settled stays.

use serde_json::{Value, json};

use super::{
    Provider, must_be,
    status::{deactivate, settle_status},
};
use crate::{
    access::{
        IAM_ADMIN, Permit,
        actions::{EditUser, InviteUsers},
        load_standing,
    },
    audit,
    base::ids::{OrganizationId, ScimUserId, UserId},
    db::{AnyConnection, Fault, Stop, Tx},
    mail::letters::AccountEvent,
    passwords,
    people::{self, NewPerson, Someone, Status},
    scim::{
        model::{Filter, Found, Patch, PersonSeen, PersonSent, Refusal, Wanted, Window},
        store::{self, NewLink, PersonRow},
    },
};

pub type Done<T> = Result<T, Stop<Refusal>>;

pub fn find(conn: &mut AnyConnection, organization: OrganizationId, id: ScimUserId) -> Done<PersonSeen> {
    let found = store::by_id(conn, organization, id)?.ok_or(Stop::Refused(Refusal::NotFound))?;
    Ok(found.seen)
}

/// One page of those whom the filter finds.
pub fn list(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    filter: &Filter,
    window: Window,
) -> Done<Found<PersonSeen>> {
    store::find(conn, organization, filter, window)?.map_err(Stop::Refused)
}

/// Brings somebody: a new person, Active at once, or one who was here already and comes into the provider's care.
pub fn create(tx: &mut Tx<'_>, provider: &Provider, body: &Value) -> Done<PersonSeen> {
    let wanted = PersonSent::read(body).and_then(PersonSent::wanted).map_err(Stop::Refused)?;
    let permit = provider.actor.may(InviteUsers).map_err(refused)?;
    must_be_free(tx, permit.organization(), &wanted, None)?;
    let user = match known(tx, permit.organization(), &wanted)? {
        Some(known) => take_over(tx, provider, permit, &known, &wanted)?,
        None => bring(tx, provider, permit, &wanted)?,
    };
    settle_status(tx, provider, user, Some(wanted.active.unwrap_or(true)))?;
    seen(tx, provider, user)
}

/// Nobody else whom the provider looks after is called that.
fn must_be_free(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    wanted: &Wanted,
    own: Option<UserId>,
) -> Done<()> {
    match store::by_user_name(tx.conn(), organization, &wanted.user_name_key())? {
        Some(other) if Some(other) != own => {
            Err(Stop::Refused(Refusal::Taken(format!("There is a user named “{}”.", wanted.user_name))))
        }
        _ => Ok(()),
    }
}

/// Who has the address here.
fn known(tx: &mut Tx<'_>, organization: OrganizationId, wanted: &Wanted) -> Result<Option<Someone>, Fault> {
    let found = people::by_addresses(tx.conn(), organization, std::slice::from_ref(&wanted.email))?;
    Ok(found.into_iter().next().flatten())
}

fn bring(tx: &mut Tx<'_>, provider: &Provider, permit: Permit<InviteUsers>, wanted: &Wanted) -> Done<UserId> {
    let (organization, user) = (permit.organization(), UserId::new());
    let person = NewPerson {
        id: user,
        organization,
        email: wanted.email.clone(),
        name: wanted.name.clone(),
        status: Status::Active,
    };
    people::insert(tx, &person)?;
    store::insert_link(tx, organization, &NewLink { id: ScimUserId::new(), user, wanted })?;
    record(tx, provider, "scim.person_created", user, (json!({}), told(wanted)))?;
    provider.note(tx, 201, &wanted.user_name, "Created.")?;
    Ok(user)
}

fn take_over(
    tx: &mut Tx<'_>,
    provider: &Provider,
    permit: Permit<InviteUsers>,
    known: &Someone,
    wanted: &Wanted,
) -> Done<UserId> {
    let (organization, user) = (permit.organization(), known.id);
    may_be_taken_over(tx, organization, known)?;
    let before = json!({ "name": known.name, "email": known.email });
    store::insert_link(tx, organization, &NewLink { id: ScimUserId::new(), user, wanted })?;
    people::tell(tx, user, AccountEvent::ProviderTookOver)?;
    people::set_email(tx, user, &wanted.name, &wanted.email)?;
    record(tx, provider, "scim.person_linked", user, (before, told(wanted)))?;
    provider.note(tx, 201, &wanted.user_name, "Linked to the account with this address.")?;
    Ok(user)
}

fn may_be_taken_over(tx: &mut Tx<'_>, organization: OrganizationId, known: &Someone) -> Done<()> {
    let taken = |words: &str| Err(Stop::Refused(Refusal::Taken(words.to_owned())));
    let link = store::link_of(tx.conn(), organization, known.id)?;
    if link.as_ref().is_some_and(|link| link.id.is_some()) {
        return taken("There is a user with this address.");
    }
    let now = tx.now();
    match known.status {
        Status::Invited => taken(
            "Somebody with this address is invited and has not accepted. Revoke the invitation in the console, or wait.",
        ),
        Status::Deactivated if !link.is_some_and(|link| link.is_stopped) => {
            taken("An administrator deactivated the person with this address.")
        }
        _ if load_standing(tx.conn(), organization, known.id, now)?.holds(IAM_ADMIN) => taken(
            "The person with this address administers the organization, so their account stays in the console's hands.",
        ),
        _ => Ok(()),
    }
}

/// Makes a person what the provider sends; what it leaves out is taken away, but for whether they are active.
pub fn replace(
    tx: &mut Tx<'_>,
    provider: &Provider,
    which: (ScimUserId, Option<&str>),
    body: &Value,
) -> Done<PersonSeen> {
    let row = existing(tx, provider, which)?;
    let wanted = PersonSent::read(body).and_then(PersonSent::wanted).map_err(Stop::Refused)?;
    change(tx, provider, row, &wanted)
}

/// Changes what the operations name.
pub fn patch(
    tx: &mut Tx<'_>,
    provider: &Provider,
    which: (ScimUserId, Option<&str>),
    body: &Value,
) -> Done<PersonSeen> {
    let row = existing(tx, provider, which)?;
    let patch = Patch::read(body).map_err(Stop::Refused)?;
    let wanted = row.seen.sent().patch(&patch).and_then(PersonSent::wanted).map_err(Stop::Refused)?;
    change(tx, provider, row, &wanted)
}

/// With this id, and of a version that If-Match names.
fn existing(
    tx: &mut Tx<'_>,
    provider: &Provider,
    (id, if_match): (ScimUserId, Option<&str>),
) -> Done<PersonRow> {
    let row = store::by_id(tx.conn(), provider.actor.organization(), id)?;
    let row = row.ok_or(Stop::Refused(Refusal::NotFound))?;
    must_be(row.seen.version, if_match)?;
    Ok(row)
}

fn change(tx: &mut Tx<'_>, provider: &Provider, row: PersonRow, wanted: &Wanted) -> Done<PersonSeen> {
    let (user, organization) = (row.user, provider.actor.organization());
    if is_another(&row.seen, wanted) {
        let permit = provider.actor.may(EditUser { of: user }).map_err(refused)?;
        must_be_free(tx, organization, wanted, Some(user))?;
        rewrite(tx, provider, permit, &row, wanted)?;
    }
    settle_status(tx, provider, user, wanted.active)?;
    seen(tx, provider, user)
}

fn is_another(seen: &PersonSeen, wanted: &Wanted) -> bool {
    let as_it_is = seen.sent().wanted().map(|known| Wanted { active: wanted.active, ..known });
    as_it_is.as_ref() != Ok(wanted)
}

const ADDRESS_OF_ADMINISTRATOR: &str = "The person administers the organization, so their address is not changed by the provider. Take IAM Admin from them \
     first.";

fn rewrite(
    tx: &mut Tx<'_>,
    provider: &Provider,
    permit: Permit<EditUser>,
    row: &PersonRow,
    wanted: &Wanted,
) -> Done<()> {
    let (organization, user, seen) = (permit.organization(), permit.target().of, &row.seen);
    if seen.address() != wanted.email.as_str() {
        if known(tx, organization, wanted)?.is_some_and(|holder| holder.id != user) {
            let words = format!("Somebody else here has the address {}.", wanted.email.as_str());
            return Err(Stop::Refused(Refusal::Taken(words)));
        }
        // Or whoever runs the provider could have a new password for an administrator mailed to themselves.
        let now = tx.now();
        if load_standing(tx.conn(), organization, user, now)?.holds(IAM_ADMIN) {
            return Err(Stop::Refused(Refusal::Forbidden(ADDRESS_OF_ADMINISTRATOR.to_owned())));
        }
        // To the address that was in force until now, whose links open nothing any more.
        people::tell(
            tx,
            user,
            AccountEvent::ProviderChangedAddress { to: wanted.email.as_str().to_owned() },
        )?;
        passwords::end_links(tx, user)?;
    }
    people::set_email(tx, user, &wanted.name, &wanted.email)?;
    store::write_link(tx, user, wanted)?;
    let before = json!({ "name": seen.display_name, "email": seen.address(), "user_name": seen.user_name });
    record(tx, provider, "scim.person_changed", user, (before, told(wanted)))?;
    Ok(provider.note(tx, 200, &wanted.user_name, "Changed.")?)
}

/// Deactivates and lets go of somebody: their id finds nobody from now on; the console keeps the person, without the
/// groups that the provider looks after.
pub fn remove(tx: &mut Tx<'_>, provider: &Provider, which: (ScimUserId, Option<&str>)) -> Done<()> {
    let row = existing(tx, provider, which)?;
    if row.seen.is_active() {
        deactivate(tx, provider, row.user)?;
    }
    super::members::leave_all(tx, provider, row.user)?;
    store::end_link(tx, row.user)?;
    let before = json!({ "user_name": row.seen.user_name, "email": row.seen.address() });
    record(tx, provider, "scim.person_let_go", row.user, (before, json!({})))?;
    Ok(provider.note(tx, 204, &row.seen.user_name, "Let go of; the account stays, deactivated.")?)
}

fn seen(tx: &mut Tx<'_>, provider: &Provider, user: UserId) -> Done<PersonSeen> {
    let organization = provider.actor.organization();
    let id = store::link_of(tx.conn(), organization, user)?.and_then(|link| link.id);
    let id = id.ok_or(Stop::Refused(Refusal::NotFound))?;
    find(tx.conn(), organization, id)
}

fn told(wanted: &Wanted) -> Value {
    json!({ "name": wanted.name, "email": wanted.email.as_str(), "user_name": wanted.user_name })
}

fn record(
    tx: &mut Tx<'_>,
    provider: &Provider,
    action: &'static str,
    user: UserId,
    (before, after): (Value, Value),
) -> Result<(), Fault> {
    let line = audit::Line { action, target: audit::Target::user(user), before, after };
    audit::record(tx, provider.actor.organization(), &(&provider.actor).into(), line)
}

pub fn refused(denied: crate::access::Denied) -> Stop<Refusal> {
    Stop::Refused(denied.into())
}
