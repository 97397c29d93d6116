//! Setting a new password by a link.

use serde_json::json;

use crate::{
    access::Origin,
    audit::{self, By, Line, Target},
    base::{
        clock::Moment,
        ids::{PasswordResetId, UserId},
    },
    db::{AnyConnection, Fault, Stop, Tx},
    mail::letters::AccountEvent,
    passwords::{
        model::{Change, EVERY_KIND, Gone, Opened},
        store,
    },
    people::{self, SecondFactor},
    web::session,
};

/// The link as it stands; looking at it uses nothing up. Nothing for one that was never issued.
pub fn look_at(conn: &mut AnyConnection, id: PasswordResetId, now: Moment) -> Result<Option<Opened>, Fault> {
    let Some(link) = store::find(conn, id)? else { return Ok(None) };
    let Some(holder) = store::holder(conn, link.user)? else { return Ok(None) };
    Ok(Some(Opened { state: link.opens(&holder, now), link, holder }))
}

/// Uses the link up and stores the new hash; every session and every other link of the person ends, and the second factor
/// goes where the operator said so. Nobody is signed in by it.
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
    let mut line = Line {
        action: "account.password_reset",
        target: Target::user(user),
        before: json!({}),
        after: json!({ "why": link.why.as_str(), "sessions_ended": ended }),
    };
    if link.lifts_factor {
        let before = lift_factor(tx, user)?;
        line.before = json!({ "second_factor": before.as_str() });
        line.after["second_factor"] = json!(SecondFactor::None.as_str());
    }
    audit::record(tx, organization, &By::person(user, origin.clone()), line)?;
    people::tell(tx, user, AccountEvent::PasswordReset)?;
    Ok(())
}

/// Takes the second factor away, if there is one, and tells the person and the other administrators.
fn lift_factor(tx: &mut Tx<'_>, user: UserId) -> Result<SecondFactor, Fault> {
    let before = people::remove_second_factors(tx, user)?;
    if before != SecondFactor::None {
        let event = AccountEvent::SecondFactorReset {
            by: "The operator".to_owned(),
            reason: "the link of “roster recover --second-factor” was used".to_owned(),
        };
        people::tell_administrators(tx, user, None, &event)?;
        people::tell(tx, user, event)?;
    }
    Ok(before)
}
