//! Setting a new password by a link.

use serde_json::json;

use crate::{
    access::Origin,
    audit::{self, By, Line, Target},
    base::{clock::Moment, ids::PasswordResetId},
    db::{AnyConnection, Fault, Stop, Tx},
    mail::letters::AccountEvent,
    passwords::{
        model::{Change, EVERY_KIND, Gone, Opened},
        store,
    },
    people,
    web::session,
};

/// The link as it stands; looking at it uses nothing up. Nothing for one that was never issued.
pub fn look_at(conn: &mut AnyConnection, id: PasswordResetId, now: Moment) -> Result<Option<Opened>, Fault> {
    let Some(link) = store::find(conn, id)? else { return Ok(None) };
    let Some(holder) = store::holder(conn, link.user)? else { return Ok(None) };
    Ok(Some(Opened { state: link.opens(&holder, now), link, holder }))
}

/// Uses the link up and stores the new hash; every session and every other link of the person ends. Nobody is signed in
/// by it.
pub fn reset(tx: &mut Tx<'_>, id: PasswordResetId, hash: &str, origin: &Origin) -> Result<(), Stop<Gone>> {
    let now = tx.now();
    let Opened { link, holder, state } =
        look_at(tx.conn(), id, now)?.ok_or(Stop::Refused(Gone::NeverIssued))?;
    state.map_err(Stop::Refused)?;
    if !store::use_up(tx, id)? {
        return Err(Stop::Refused(Gone::Used));
    }
    let (organization, user) = (holder.organization, holder.user);
    store::set(tx, &Change { organization, user, hash })?;
    store::replace_links(tx, user, EVERY_KIND)?;
    let ended = session::store::end_all_of(tx, user)?;
    let line = Line {
        action: "account.password_reset",
        target: Target::user(user),
        before: json!({}),
        after: json!({ "why": link.why.as_str(), "sessions_ended": ended }),
    };
    audit::record(tx, organization, &By::person(user, origin.clone()), line)?;
    people::tell(tx, user, AccountEvent::PasswordReset)?;
    Ok(())
}
