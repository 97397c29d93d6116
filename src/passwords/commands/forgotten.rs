//! A link for who has forgotten their password. Nobody learns from the answer whether an address has an account.

use std::{net::IpAddr, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::mail_new_link;
use crate::{
    access::Origin,
    audit::{self, By, Line, Target},
    base::{
        email_address::EmailAddress,
        ids::{OrganizationId, UserId},
        token,
    },
    crypto::hashing::network_of,
    db::{AnyConnection, Fault, Tx},
    jobs::{self, NewJob, Queue},
    mail::letters::Reset,
    passwords::{
        model::{ASK_AGAIN_AFTER, Holder},
        store,
    },
    web::throttle::{self, Admission, Kind},
};

/// The kind of job that looks for accounts and mails the links.
pub const MAIL_LINK: &str = "passwords.mail_link";

/// Whose links are wanted, and who asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WantedLink {
    pub email: EmailAddress,
    request_id: String,
    address: String,
}

impl WantedLink {
    pub fn origin(&self) -> Origin {
        Origin { request_id: self.request_id.clone(), address: self.address.clone() }
    }
}

/// Notes that a link is wanted for an address, whether it has an account or not; that is found out afterwards. Says how
/// long to wait when it was asked for too often.
pub fn ask(
    tx: &mut Tx<'_>,
    email: &EmailAddress,
    from: IpAddr,
    origin: &Origin,
) -> Result<Option<Duration>, Fault> {
    let (wanted, network) = (format!("{MAIL_LINK} {}", email.folded()), network_of(from).to_string());
    if let Admission::Wait(wait) =
        throttle::admit(tx, &[(Kind::Account, &wanted), (Kind::Address, &network)])?
    {
        return Ok(Some(wait));
    }
    let link = WantedLink {
        email: email.clone(),
        request_id: origin.request_id.clone(),
        address: origin.address.clone(),
    };
    let parameters = serde_json::to_value(link).map_err(|e| Fault::broken("noting a wanted link", e))?;
    // One at a time for an address.
    let singleton = token::hash(&wanted);
    let job =
        NewJob { singleton: Some(&singleton), ..NewJob::new(Queue::Work, MAIL_LINK, parameters, tx.now()) };
    jobs::enqueue(tx, &job)?;
    Ok(None)
}

/// The accounts of an address that a link can be mailed to, wherever it has some.
pub fn who_may_be_mailed(
    conn: &mut AnyConnection,
    email: &EmailAddress,
) -> Result<Vec<(OrganizationId, UserId)>, Fault> {
    let all = store::holders_of(conn, email.folded())?;
    Ok(all.into_iter().filter(Holder::may_be_mailed).map(|it| (it.organization, it.user)).collect())
}

/// Mails a link, at most one in five minutes.
pub fn mail_link(tx: &mut Tx<'_>, user: UserId, origin: &Origin) -> Result<(), Fault> {
    let lately = tx.now().minus(ASK_AGAIN_AFTER);
    let found = store::holder(tx.conn(), user)?.filter(Holder::may_be_mailed);
    let Some(holder) = found else { return Ok(()) };
    if store::asked_since(tx.conn(), user, lately)? {
        return Ok(());
    }
    mail_new_link(tx, &holder, Reset::Forgotten)?;
    let line = Line {
        action: "account.password_forgotten",
        target: Target::user(user),
        before: json!({}),
        after: json!({}),
    };
    audit::record(tx, holder.organization, &By::stranger(origin.clone()), line)
}
