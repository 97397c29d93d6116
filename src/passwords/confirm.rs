//! Asking a person for their password while they are here.

use super::commands::{self, Try};
use crate::{
    base::{ids::UserId, password::PresentedPassword},
    web::{Problem, Site, Visitor},
};

/// What came of it.
#[derive(Debug)]
pub enum Confirmed {
    /// It is the password. Carries its hash as it is stored, to make sure of in the transaction that relies on it.
    Right { stored: String },
    Wrong,
}

/// Checks a password of this person. Tries count against their account and the network address as at the sign-in page,
/// a right one is forgiven, and a wrong one stands in the audit.
///
/// # Errors
/// [`Problem::TooOften`] when it was tried too often, or too many passwords are being checked.
pub async fn confirm(
    site: &Site,
    visitor: &Visitor,
    user: UserId,
    typed: &PresentedPassword,
) -> Result<Confirmed, Problem> {
    let from = visitor.address;
    let (holder, failures) = match site.db.write(None, move |tx| commands::open_try(tx, user, from)).await? {
        Try::Open { holder, failures } => (holder, failures),
        Try::Wait(wait) => return Err(Problem::TooOften { wait }),
        Try::Gone => return Err(Problem::NotFound),
    };
    let stored = holder.credential.clone().filter(|it| !it.disabled).map(|it| it.hash);
    let [checked] = site.hasher.check(from, typed.expose().to_owned(), [stored.clone()]).await?;
    match stored.filter(|_| checked.matches) {
        Some(stored) => {
            site.db.write(None, move |tx| commands::forgive(tx, &holder, from)).await?;
            Ok(Confirmed::Right { stored })
        }
        None => {
            let origin = visitor.origin();
            site.db.write(None, move |tx| commands::note_failure(tx, &holder, failures, &origin)).await?;
            Ok(Confirmed::Wrong)
        }
    }
}
