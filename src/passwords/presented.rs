//! A password that somebody types again although they are signed in, to prove that it is still them.

use std::{net::IpAddr, time::Duration};

use serde_json::json;

use super::store::{self, Stored};
use crate::{
    access::Origin,
    audit::{self, By, Line, Target},
    base::{ids::UserId, password::PresentedPassword},
    crypto::hashing::network_of,
    db::{Fault, Tx},
    web::{
        Problem, Site, Visitor,
        throttle::{self, Admission, Kind},
    },
};

/// Whether this is the password of the account. A wrong one counts as at signing in, for the account and for the network
/// address.
///
/// # Errors
/// [`Problem::TooOften`] when there were too many wrong ones; nothing is checked then.
pub async fn is_right(
    site: &Site,
    visitor: &Visitor,
    user: UserId,
    password: &PresentedPassword,
) -> Result<bool, Problem> {
    let from = visitor.address;
    let (stored, failures) = match site.db.write(None, move |tx| open_try(tx, user, from)).await? {
        Try::Open { stored, failures } => (stored, failures),
        Try::Wait(wait) => return Err(Problem::TooOften { wait }),
        Try::Nobody => return Ok(false),
    };
    let [found] = site.hasher.check(from, password.expose().to_owned(), [stored.hash.clone()]).await?;
    let origin = visitor.origin();
    let is_right = found.matches;
    site.db
        .write(None, move |tx| close_try(tx, user, &stored, (is_right, failures), (from, &origin)))
        .await?;
    Ok(is_right)
}

enum Try {
    Open { stored: Stored, failures: i32 },
    Wait(Duration),
    Nobody,
}

fn open_try(tx: &mut Tx<'_>, user: UserId, from: IpAddr) -> Result<Try, Fault> {
    let Some(stored) = store::stored(tx.conn(), user)? else { return Ok(Try::Nobody) };
    let network = network_of(from).to_string();
    Ok(match throttle::admit(tx, &[(Kind::Account, &stored.email_key), (Kind::Address, &network)])? {
        Admission::Wait(wait) => Try::Wait(wait),
        Admission::Open { failures } => Try::Open { stored, failures },
    })
}

/// A right try is forgiven; of wrong ones the first ten and every tenth after are written down.
fn close_try(
    tx: &mut Tx<'_>,
    user: UserId,
    stored: &Stored,
    (is_right, failures): (bool, i32),
    (from, origin): (IpAddr, &Origin),
) -> Result<(), Fault> {
    if is_right {
        return throttle::forgive(tx, &stored.email_key, &network_of(from).to_string());
    }
    if failures > 10 && failures % 10 != 0 {
        return Ok(());
    }
    let line = Line {
        action: "account.proof_failed",
        target: Target::user(user),
        before: json!({}),
        after: json!({ "by": "password", "failures": failures }),
    };
    audit::record(tx, stored.organization, &By::stranger(origin.clone()), line)
}
