//! A new password for who knows the old one.

use serde_json::json;

use crate::{
    access::Actor,
    audit::{self, Line, Target},
    base::ids::UserId,
    db::{Stop, Tx},
    mail::letters::AccountEvent,
    passwords::{
        model::{Change, EVERY_KIND},
        store,
    },
    people,
    web::session::{self, Entering},
};

/// The password is not the one any more that was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overtaken;

/// Stores the new hash in place of the one whose password was right, ends every session and every link, and tells the person.
/// Returns what this browser goes on with.
pub fn change(
    tx: &mut Tx<'_>,
    actor: &Actor,
    user: UserId,
    from: &str,
    hash: &str,
) -> Result<Entering, Stop<Overtaken>> {
    let organization = actor.organization();
    if !store::replace(tx, from, &Change { organization, user, hash })? {
        return Err(Stop::Refused(Overtaken));
    }
    store::replace_links(tx, user, EVERY_KIND)?;
    let ended = session::store::end_all_of(tx, user)?.saturating_sub(1);
    let line = Line {
        action: "account.password",
        target: Target::user(user),
        before: json!({}),
        after: json!({ "other_sessions_ended": ended }),
    };
    audit::record(tx, organization, &actor.into(), line)?;
    people::tell(tx, user, AccountEvent::PasswordChanged)?;
    let account = session::store::account(tx.conn(), user)?.ok_or(Stop::Refused(Overtaken))?;
    Ok(Entering { organization, user, epoch: account.epoch })
}
