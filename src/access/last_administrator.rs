//! The rule of the last administrator: after every change somebody is left who can administer and can sign in now.

use super::store;
use crate::{
    base::ids::{OrganizationId, UserId},
    db::{AnyConnection, Fault, Stop, Tx},
};

/// The change would leave nobody who administers the organization and can sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastAdministrator;

/// Up to two Active people who hold IAM Admin and have a way to sign in now: a password that is not disabled, a
/// passkey, or a linked account elsewhere. A mailed link does not count; where single sign-on is required of them, only a
/// password with a second factor does, as a provider may fail. Asked under the organization's lock.
pub fn administrators_who_can_sign_in(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
) -> Result<Vec<UserId>, Fault> {
    debug_assert_eq!(tx.locked(), Some(organization), "the rule holds only under the lock");
    store::independent_administrators(tx.conn(), organization, 2)
}

/// The only person who administers the organization and can sign in, if there is only one: for showing what is not
/// possible. Nothing is locked, so the answer may be old when something is done.
pub fn last_administrator(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Option<UserId>, Fault> {
    Ok(match store::independent_administrators(conn, organization, 2)?[..] {
        [only] => Some(only),
        _ => None,
    })
}

/// To be called after every change that could take an administrator away, in its transaction.
pub fn hold_last_administrator(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
) -> Result<(), Stop<LastAdministrator>> {
    match administrators_who_can_sign_in(tx, organization)?.is_empty() {
        true => Err(Stop::Refused(LastAdministrator)),
        false => Ok(()),
    }
}
