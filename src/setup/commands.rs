//! Making setup links, and using one.

use chrono::Duration;

use super::{
    model::{LinkRefusal, Purpose, SetupLink, State},
    store,
};
use crate::{
    access::{Catalogue, Origin},
    base::{email_address::EmailAddress, ids::SetupLinkId},
    db::{AnyConnection, Fault, Stop, Tx},
    mail::{self, Letter, Recipient},
    organization::{self, Begun, NewOrganization},
};

const LIFE: Duration = Duration::days(7);

/// Whether the installation waits for its first administrator.
pub enum FirstLink {
    Needed(SetupLinkId),
    NotNeeded,
}

/// A fresh link for an installation that has no organization yet; the older ones die.
pub fn first_link(tx: &mut Tx<'_>) -> Result<FirstLink, Fault> {
    tx.lock_installation()?;
    if organization::exists_any(tx.conn())? {
        return Ok(FirstLink::NotNeeded);
    }
    store::replace_first(tx)?;
    new_link(tx, Purpose::First, "").map(FirstLink::Needed)
}

/// A link for one more organization; mailed as an invitation when there is an address.
pub fn further_link(tx: &mut Tx<'_>, email: Option<&EmailAddress>) -> Result<SetupLinkId, Fault> {
    let id = new_link(tx, Purpose::Further, email.map_or("", EmailAddress::as_str))?;
    if let Some(email) = email {
        let to = Recipient {
            address: email.as_str().to_owned(),
            name: String::new(),
            organization: None,
            about: None,
        };
        let expires_at = tx.now().plus(LIFE);
        mail::enqueue(tx, &to, &Letter::FurtherOrganization { setup_link: id, expires_at })?;
    }
    Ok(id)
}

fn new_link(tx: &mut Tx<'_>, purpose: Purpose, email: &str) -> Result<SetupLinkId, Fault> {
    let id = SetupLinkId::new();
    let expires_at = tx.now().plus(LIFE);
    store::insert(
        tx,
        &SetupLink { id, purpose, email: email.to_owned(), state: State::Pending, expires_at },
    )?;
    Ok(id)
}

/// The link as it stands; looking at it uses nothing up.
pub fn look_at(
    conn: &mut AnyConnection,
    id: SetupLinkId,
    now: crate::base::clock::Moment,
) -> Result<SetupLink, Stop<LinkRefusal>> {
    let link = store::find(conn, id)?.ok_or(Stop::Refused(LinkRefusal::NeverIssued))?;
    let refusal = match link.state {
        State::Used => Some(LinkRefusal::Used),
        State::Replaced => Some(LinkRefusal::Replaced),
        // The first link also closes when an organization came about another way.
        State::Pending if link.purpose == Purpose::First && organization::exists_any(conn)? => {
            Some(LinkRefusal::Used)
        }
        State::Pending if link.expires_at <= now => Some(LinkRefusal::Expired),
        State::Pending => None,
    };
    refusal.map_or(Ok(link), |refusal| Err(Stop::Refused(refusal)))
}

/// Uses the link up and begins the organization, in one transaction.
pub fn create(
    tx: &mut Tx<'_>,
    link: SetupLinkId,
    catalogue: &Catalogue,
    new: &NewOrganization,
    origin: &Origin,
) -> Result<Begun, Stop<LinkRefusal>> {
    let now = tx.now();
    tx.lock_installation()?;
    look_at(tx.conn(), link, now)?;
    if !store::use_up(tx, link)? {
        return Err(Stop::Refused(LinkRefusal::Used));
    }
    Ok(organization::begin(tx, catalogue, new, origin)?)
}
