//! Changing one's address: nothing changes until the new one has confirmed, and the old one can take it back.

use serde_json::json;

use crate::{
    access::{Actor, LastAdministrator, Origin, hold_last_administrator},
    account::{
        model::{AskRefusal, CONFIRM_WITHIN, EmailChange, LinkFor, LinkRefusal, Waiting},
        store::email as store,
    },
    audit,
    base::{
        clock::Moment,
        email_address::EmailAddress,
        ids::{EmailChangeId, OrganizationId, UserId},
    },
    db::{AnyConnection, Fault, Stop, Tx},
    invitations,
    mail::{self, Letter, Recipient, letters::AccountEvent},
    passwords, people,
    web::{
        session,
        throttle::{self, Admission, Kind},
    },
};

/// What waits to be confirmed, if anything does.
pub fn waiting(conn: &mut AnyConnection, user: UserId, now: Moment) -> Result<Option<Waiting>, Fault> {
    store::waiting(conn, user, now)
}

/// Mails the new address a link that confirms it, for 24 hours; what waited before waits no more. Whoever calls this has
/// asked for a fresh proof.
pub fn ask(tx: &mut Tx<'_>, actor: &Actor, user: UserId, to: &EmailAddress) -> Result<(), Stop<AskRefusal>> {
    let person = person(tx.conn(), user)?;
    let now = tx.now();
    if parsed(&person.email)?.folded() == to.folded() {
        return Err(Stop::Refused(AskRefusal::Same));
    }
    if people::is_provisioned(tx.conn(), user)? {
        return Err(Stop::Refused(AskRefusal::Provisioned));
    }
    if !invitations::is_address_allowed(tx.conn(), person.organization, to)? {
        return Err(Stop::Refused(AskRefusal::DomainNotAllowed));
    }
    if store::holder(tx.conn(), person.organization, to)?.is_some() {
        return Err(Stop::Refused(AskRefusal::Taken));
    }
    if let Admission::Wait(wait) = throttle::admit(tx, &[(Kind::Account, &format!("account.email {user}"))])?
    {
        return Err(Stop::Refused(AskRefusal::TooOften(wait)));
    }
    take_back_waiting(tx, user)?;
    let (id, expires_at) = (EmailChangeId::new(), now.plus(CONFIRM_WITHIN));
    let new = store::NewChange {
        id,
        organization: person.organization,
        user,
        from: &person.email,
        to: to.as_str(),
        expires_at,
    };
    store::insert(tx, &new)?;
    let recipient = Recipient {
        address: to.as_str().to_owned(),
        name: person.name.clone(),
        organization: Some(person.organization),
        about: Some(about(id)),
    };
    let organization = person.organization_name.clone();
    mail::enqueue(tx, &recipient, &Letter::EmailConfirmation { change: id, organization, expires_at })?;
    let line = line("account.email_ask", user, (&person.email, to.as_str()));
    Ok(audit::record(tx, actor.organization(), &actor.into(), line)?)
}

/// Ends what waits to be confirmed; false when nothing did.
pub fn cancel(tx: &mut Tx<'_>, actor: &Actor, user: UserId) -> Result<bool, Fault> {
    let person = person(tx.conn(), user)?;
    if take_back_waiting(tx, user)? == 0 {
        return Ok(false);
    }
    let line = line("account.email_cancel", user, (&person.email, &person.email));
    audit::record(tx, actor.organization(), &actor.into(), line)?;
    Ok(true)
}

/// A change of address, and whether a link may do now what it is for.
pub type Looked = (EmailChange, Result<(), LinkRefusal>);

/// The change a link is about, as it stands; looking at it uses nothing up. Nothing when it was swept away long after
/// its time.
pub fn look_at(
    conn: &mut AnyConnection,
    id: EmailChangeId,
    what: LinkFor,
    now: Moment,
) -> Result<Option<Looked>, Fault> {
    let Some(change) = store::find(conn, id)? else { return Ok(None) };
    let mut allowed = change.allows(what, now);
    let wanted = if what == LinkFor::Confirming { &change.to } else { &change.from };
    if allowed.is_ok() && people::is_provisioned(conn, change.user)? {
        allowed = Err(LinkRefusal::Provisioned);
    }
    if allowed.is_ok() && is_taken(conn, &change, &parsed(wanted)?)? {
        allowed = Err(LinkRefusal::Taken);
    }
    Ok(Some((change, allowed)))
}

/// The new address is in force; the old one is told, and how to take it back. Of many tries with a link one succeeds.
pub fn confirm(
    tx: &mut Tx<'_>,
    id: EmailChangeId,
    organization: OrganizationId,
    origin: &Origin,
) -> Result<EmailChange, Stop<LinkRefusal>> {
    let change = still_allowed(tx, id, organization, LinkFor::Confirming)?;
    if !store::confirm(tx, id, &change.current)? {
        return Err(Stop::Refused(LinkRefusal::Confirmed));
    }
    set_email(tx, &change, &change.to)?;
    // The old mailbox opens nothing any more but the way back.
    passwords::end_links(tx, change.user)?;
    let recipient = recipient(&change, &change.current);
    let letter = Letter::EmailChanged {
        change: id,
        organization: change.organization_name.clone(),
        to: change.to.clone(),
        expires_at: EmailChange { confirmed_at: Some(tx.now()), ..change.clone() }.undoable_until(),
    };
    mail::enqueue(tx, &recipient, &letter)?;
    let line = line("account.email", change.user, (&change.current, &change.to));
    audit::record(tx, organization, &audit::By::person(change.user, origin.clone()), line)?;
    Ok(change)
}

/// The old address is in force again, every session ends, and so does every other way that the change has opened: later
/// changes, links to a new password.
pub fn undo(
    tx: &mut Tx<'_>,
    id: EmailChangeId,
    organization: OrganizationId,
    origin: &Origin,
) -> Result<EmailChange, Stop<LinkRefusal>> {
    let change = still_allowed(tx, id, organization, LinkFor::Undoing)?;
    if !store::undo(tx, id)? {
        return Err(Stop::Refused(LinkRefusal::Undone));
    }
    take_back_waiting(tx, change.user)?;
    store::replace_later(tx, &change)?;
    set_email(tx, &change, &change.from)?;
    session::store::end_all_of(tx, change.user)?;
    passwords::end_links(tx, change.user)?;
    people::tell(tx, change.user, AccountEvent::EmailChangeUndone)?;
    let line = line("account.email_undo", change.user, (&change.current, &change.from));
    audit::record(tx, organization, &audit::By::person(change.user, origin.clone()), line)?;
    Ok(change)
}

/// An address decides whether single sign-on is required of its owner, and with that who could sign in.
fn set_email(tx: &mut Tx<'_>, change: &EmailChange, email: &str) -> Result<(), Stop<LinkRefusal>> {
    people::set_email(tx, change.user, &change.name, &parsed(email)?)?;
    hold_last_administrator(tx, change.organization)
        .map_err(|stop| stop.map(|LastAdministrator| LinkRefusal::LastAdministrator))
}

/// Looked at again under the lock.
fn still_allowed(
    tx: &mut Tx<'_>,
    id: EmailChangeId,
    organization: OrganizationId,
    what: LinkFor,
) -> Result<EmailChange, Stop<LinkRefusal>> {
    tx.lock(organization)?;
    let now = tx.now();
    let (change, allowed) = look_at(tx.conn(), id, what, now)?.ok_or(Stop::Refused(LinkRefusal::Expired))?;
    allowed.map_err(Stop::Refused)?;
    Ok(change)
}

/// Also takes back the letters that were not sent yet.
fn take_back_waiting(tx: &mut Tx<'_>, user: UserId) -> Result<usize, Fault> {
    let ended = store::replace_waiting(tx, user)?;
    for id in &ended {
        mail::cancel_waiting(tx, &about(*id))?;
    }
    Ok(ended.len())
}

fn is_taken(conn: &mut AnyConnection, change: &EmailChange, email: &EmailAddress) -> Result<bool, Fault> {
    let holder = store::holder(conn, change.organization, email)?;
    Ok(holder.is_some_and(|holder| holder != change.user))
}

fn recipient(change: &EmailChange, address: &str) -> Recipient {
    Recipient {
        address: address.to_owned(),
        name: change.name.clone(),
        organization: Some(change.organization),
        about: None,
    }
}

fn person(conn: &mut AnyConnection, user: UserId) -> Result<people::Contact, Fault> {
    people::contact(conn, user)?.ok_or_else(|| Fault::broken("changing an address", "the person is gone"))
}

fn parsed(address: &str) -> Result<EmailAddress, Fault> {
    EmailAddress::parse(address).map_err(|e| Fault::broken("reading an address", e))
}

fn about(id: EmailChangeId) -> String {
    format!("email_change:{id}")
}

fn line(action: &'static str, user: UserId, (from, to): (&str, &str)) -> audit::Line {
    audit::Line {
        action,
        target: audit::Target::user(user),
        before: json!({ "email": from }),
        after: json!({ "email": to }),
    }
}
