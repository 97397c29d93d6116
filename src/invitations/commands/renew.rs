//! Sending an invitation anew, to the same address or a corrected one. The older link works no more.

use serde_json::json;

use super::{Held, changed, found, held, names, send_letter};
use crate::{
    access::{
        Permit,
        actions::{EditUser, ResendInvitation},
    },
    audit,
    base::{
        email_address::EmailAddress,
        ids::{InvitationId, OrganizationId},
    },
    db::{Stop, Tx},
    invitations::{
        model::{ActRefusal, Changed, Invitation, is_domain_allowed},
        store::{self, Terms},
    },
    mail, people,
};

/// Sends a fresh link with a fresh expiry. `seen` is the link's number on the page where it was decided; `None` for
/// work that goes by what is in force. Returns the address it goes to.
pub fn resend(
    tx: &mut Tx<'_>,
    permit: Permit<ResendInvitation>,
    seen: Option<i64>,
) -> Result<String, Stop<ActRefusal>> {
    let organization = permit.organization();
    let Held { invitation, person, groups } = held(tx.conn(), permit.actor(), permit.target().of, seen)?;
    let terms = store::terms(tx.conn(), organization)?;
    let renewed = renew(tx, &terms, &invitation, &invitation.email)?;
    send_letter(tx, &terms, &renewed, &person.name, &names(&groups))?;
    let line = audit::Line {
        action: permit.name(),
        target: audit::Target::user(person.id),
        before: json!({ "expires_at": invitation.expires_at.rfc3339() }),
        after: json!({ "email": renewed.email, "expires_at": renewed.expires_at.rfc3339() }),
    };
    audit::record(tx, organization, &permit.actor().into(), line)?;
    Ok(renewed.email)
}

/// Gives the invited person another address and invites them there.
pub fn correct_address(
    tx: &mut Tx<'_>,
    permit: Permit<EditUser>,
    id: InvitationId,
    seen: i64,
    email: &EmailAddress,
) -> Result<(), Stop<ActRefusal>> {
    let organization = permit.organization();
    let Held { invitation, person, groups } = held(tx.conn(), permit.actor(), id, Some(seen))?;
    let terms = store::terms(tx.conn(), organization)?;
    is_free(tx, organization, &terms, &invitation, email)?;
    let renewed = renew(tx, &terms, &invitation, email.as_str())?;
    people::set_email(tx, person.id, &person.name, email)?;
    send_letter(tx, &terms, &renewed, &person.name, &names(&groups))?;
    let line = audit::Line {
        action: permit.name(),
        target: audit::Target::user(person.id),
        before: json!({ "email": invitation.email }),
        after: json!({ "email": renewed.email, "expires_at": renewed.expires_at.rfc3339() }),
    };
    Ok(audit::record(tx, organization, &permit.actor().into(), line)?)
}

/// Another spelling of the person's own address is a correction too.
fn is_free(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    terms: &Terms,
    of: &Invitation,
    email: &EmailAddress,
) -> Result<(), Stop<ActRefusal>> {
    let holder = store::holders(tx.conn(), organization, &[email.folded()])?.remove(email.folded());
    let refusal = match holder {
        _ if email.as_str() == of.email => ActRefusal::SameAddress,
        Some(holder) if Some(holder.user) != of.user => ActRefusal::AddressTaken,
        _ if !is_domain_allowed(email, &terms.domains) => ActRefusal::DomainNotAllowed,
        _ => return Ok(()),
    };
    Err(Stop::Refused(refusal))
}

/// The invitation with its next link; a letter with the older one that still waits is taken back.
fn renew(
    tx: &mut Tx<'_>,
    terms: &Terms,
    of: &Invitation,
    email: &str,
) -> Result<Invitation, Stop<ActRefusal>> {
    let expires_at = tx.now().plus(terms.life);
    if !store::renew(tx, of, email, expires_at)? {
        let now = found(tx.conn(), of.organization, of.id)?;
        return Err(changed(&now, now.is_pending_as(Some(of.generation)).err().unwrap_or(Changed::Resent)));
    }
    mail::cancel_waiting(tx, &of.about())?;
    Ok(Invitation {
        email: email.to_owned(),
        generation: of.generation + 1,
        sent_at: tx.now(),
        expires_at,
        fresh_link_asked_at: None,
        ..of.clone()
    })
}
