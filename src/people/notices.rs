//! Telling people what happened to an account, in the transaction in which it happened.

use super::store;
use crate::{
    access::administrators,
    base::ids::{OrganizationId, UserId},
    db::{AnyConnection, Fault, Tx},
    mail::{self, Letter, Recipient, letters::AccountEvent},
};

/// At most this many administrators are told of something.
const MOST_ADMINISTRATORS: i64 = 50;

/// Whom a letter goes to.
#[derive(Clone, Debug)]
pub struct Contact {
    pub user: UserId,
    pub organization: OrganizationId,
    pub organization_name: String,
    /// Empty while nobody knows it.
    pub name: String,
    pub email: String,
}

impl Contact {
    /// Their name, or their address while they have none.
    pub fn shown(&self) -> &str {
        if self.name.is_empty() { &self.email } else { &self.name }
    }

    /// The head of a letter that only tells them of something.
    pub fn recipient(&self) -> Recipient {
        Recipient {
            address: self.email.clone(),
            name: self.name.clone(),
            organization: Some(self.organization),
            about: None,
        }
    }
}

pub fn contact(conn: &mut AnyConnection, user: UserId) -> Result<Option<Contact>, Fault> {
    let row = store::named(conn, user)?;
    Ok(row.map(|(organization, name, email, organization_name)| Contact {
        user,
        organization,
        organization_name,
        name,
        email,
    }))
}

/// Mails a person what happened to their own account.
pub fn tell(tx: &mut Tx<'_>, user: UserId, event: AccountEvent) -> Result<(), Fault> {
    let Some(person) = contact(tx.conn(), user)? else { return Ok(()) };
    let letter = Letter::AccountNotice { organization: person.organization_name.clone(), event };
    mail::enqueue(tx, &person.recipient(), &letter).map(drop)
}

/// Mails those who administer the organization of this person what happened to their account, but for the person
/// and whoever did it.
pub fn tell_administrators(
    tx: &mut Tx<'_>,
    about: UserId,
    by: Option<UserId>,
    event: &AccountEvent,
) -> Result<(), Fault> {
    let Some(person) = contact(tx.conn(), about)? else { return Ok(()) };
    for administrator in administrators(tx.conn(), person.organization, MOST_ADMINISTRATORS)? {
        if administrator == about || Some(administrator) == by {
            continue;
        }
        let Some(told) = contact(tx.conn(), administrator)? else { continue };
        let letter = Letter::AdministratorNotice {
            organization: person.organization_name.clone(),
            person: person.shown().to_owned(),
            user: about,
            event: event.clone(),
        };
        mail::enqueue(tx, &told.recipient(), &letter)?;
    }
    Ok(())
}
