//! The operator lets an administrator in again.

use serde_json::json;

use super::new_link;
use crate::{
    access::{IAM_ADMIN, load_standing},
    audit::{self, By, Line, Target},
    base::{
        clock::Moment,
        email_address::EmailAddress,
        ids::{PasswordResetId, UserId},
    },
    db::{AnyConnection, Fault, Stop, Tx},
    mail::letters::{AccountEvent, Reset},
    passwords::{
        model::{Holder, RecoverRefusal, Recoverable},
        store,
    },
    people::{self, Status},
};

/// The accounts of an address whose owner can be let in again: Active ones that hold IAM Admin, in the organization with
/// this Org ID or in all.
///
/// # Errors
/// Why there is none.
pub fn recoverable(
    conn: &mut AnyConnection,
    email: &EmailAddress,
    organization: Option<&str>,
    now: Moment,
) -> Result<Vec<Recoverable>, Stop<RecoverRefusal>> {
    let address = email.to_string();
    let mut holders = store::holders_of(conn, email.folded())?;
    if holders.is_empty() {
        return Err(Stop::Refused(RecoverRefusal::UnknownAddress(address)));
    }
    if let Some(code) = organization {
        holders.retain(|holder| holder.organization_code.eq_ignore_ascii_case(code));
        if holders.is_empty() {
            return Err(Stop::Refused(RecoverRefusal::NotInOrganization(address, code.to_owned())));
        }
    }
    let mut found = Vec::new();
    let mut refusal = RecoverRefusal::NotAdministrator(address);
    for holder in holders {
        match obstacle(conn, &holder, now)? {
            Some(obstacle) => refusal = obstacle,
            None => found.push(Recoverable {
                user: holder.user,
                organization: holder.organization,
                organization_name: holder.organization_name,
                organization_code: holder.organization_code,
                second_factor: holder.second_factor,
            }),
        }
    }
    if found.is_empty() { Err(Stop::Refused(refusal)) } else { Ok(found) }
}

fn obstacle(conn: &mut AnyConnection, holder: &Holder, now: Moment) -> Result<Option<RecoverRefusal>, Fault> {
    Ok(match holder.status {
        Status::Invited => Some(RecoverRefusal::Invited(holder.email.clone())),
        Status::Deactivated => Some(RecoverRefusal::Deactivated(holder.email.clone())),
        Status::Active if load_standing(conn, holder.organization, holder.user, now)?.holds(IAM_ADMIN) => {
            None
        }
        Status::Active => Some(RecoverRefusal::NotAdministrator(holder.email.clone())),
    })
}

/// Makes a link that sets a new password and, where `lifts_factor`, takes the second factor away when it is used. The
/// person and the other administrators are told.
pub fn recover(
    tx: &mut Tx<'_>,
    user: UserId,
    lifts_factor: bool,
) -> Result<PasswordResetId, Stop<RecoverRefusal>> {
    let gone = || Stop::Refused(RecoverRefusal::UnknownAddress("this person".to_owned()));
    let now = tx.now();
    let holder = store::holder(tx.conn(), user)?.ok_or_else(gone)?;
    if let Some(refusal) = obstacle(tx.conn(), &holder, now)? {
        return Err(Stop::Refused(refusal));
    }
    let link = new_link(tx, &holder, Reset::Recovery, lifts_factor)?;
    let line = Line {
        action: "account.recovery_link",
        target: Target::user(user),
        before: json!({}),
        after: json!({ "expires_at": link.expires_at.rfc3339(), "lifts_second_factor": lifts_factor }),
    };
    audit::record(tx, holder.organization, &By::operator(), line)?;
    let event = AccountEvent::RecoveryLinkMade { lifts_factor };
    people::tell_administrators(tx, user, None, &event)?;
    people::tell(tx, user, event)?;
    Ok(link.id)
}
