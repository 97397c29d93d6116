//! A second factor that an administrator takes away.

use serde_json::json;

use crate::{
    access::{Permit, actions::ResetSecondFactor, hold_last_administrator},
    audit::{self, Line, Target},
    db::{Stop, Tx},
    mail::letters::AccountEvent,
    people::{self, SecondFactor},
    second_factor::store,
    web::session,
};

/// What an administrator took away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WasReset {
    pub factor: SecondFactor,
    pub sessions: usize,
}

/// Why nothing was reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetRefusal {
    NoSuchPerson,
    /// They have no second factor (any more).
    HasNone,
    /// Their passkeys are the only way in of the last administrator.
    LastAdministrator,
}

/// Takes somebody's second factor away: the app with its recovery codes, or, when they have no app, their passkeys. Their
/// sessions end; they and the other administrators are told, with the reason. The organization's rule applies at their
/// next sign-in.
pub fn reset(
    tx: &mut Tx<'_>,
    permit: Permit<ResetSecondFactor>,
    reason: &str,
) -> Result<WasReset, Stop<ResetRefusal>> {
    let (organization, user) = (permit.organization(), permit.target().of);
    let person = people::contact(tx.conn(), user)?.filter(|person| person.organization == organization);
    person.ok_or(Stop::Refused(ResetRefusal::NoSuchPerson))?;
    let factor = if store::remove(tx, user)? {
        SecondFactor::App
    } else if store::remove_passkeys(tx, user)? > 0 {
        SecondFactor::Passkey
    } else {
        return Err(Stop::Refused(ResetRefusal::HasNone));
    };
    let after = people::settle_second_factor(tx, user)?;
    hold_last_administrator(tx, organization)
        .map_err(|stop| stop.map(|_| ResetRefusal::LastAdministrator))?;
    let sessions = session::store::end_all_of(tx, user)?;
    let by = permit.actor().user();
    let named = by.map(|by| people::contact(tx.conn(), by)).transpose()?.flatten();
    let event = AccountEvent::SecondFactorReset {
        by: named.map(|named| named.shown().to_owned()).unwrap_or_default(),
        reason: reason.to_owned(),
    };
    people::tell_administrators(tx, user, by, &event)?;
    people::tell(tx, user, event)?;
    let line = Line {
        action: permit.name(),
        target: Target::user(user),
        before: json!({ "second_factor": factor.as_str() }),
        after: json!({ "second_factor": after.as_str(), "sessions_ended": sessions, "reason": reason }),
    };
    audit::record(tx, organization, &permit.actor().into(), line)?;
    Ok(WasReset { factor, sessions })
}
