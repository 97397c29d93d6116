//! Somebody's own identity at their organization's provider.

use serde_json::json;

use crate::{
    access::{Actor, LastAdministrator, hold_last_administrator, sso_requirement},
    audit::{self, Line, Target},
    base::ids::UserId,
    db::{AnyConnection, Fault, Stop, Tx},
    mail::letters::AccountEvent,
    people,
    sso::{
        model::{Known, NotUnlinked},
        store,
    },
    web::session::{self, Entering},
};

/// How the provider knows this person, with whether it lets them in only by that. Nothing when it does not know them.
pub fn known(conn: &mut AnyConnection, user: UserId) -> Result<Option<Known>, Fault> {
    let Some(known) = store::known(conn, user)? else { return Ok(None) };
    let is_required = is_required(conn, user)?;
    Ok(Some(Known { is_required, ..known }))
}

fn is_required(conn: &mut AnyConnection, user: UserId) -> Result<bool, Fault> {
    let Some(person) = people::contact(conn, user)? else { return Ok(false) };
    let required = sso_requirement(conn, person.organization)?;
    Ok(required.is_some_and(|required| required.covers(&person.email)))
}

/// Unlinks somebody's identity and ends every session of theirs; their browser enters anew with the answer. Refused while
/// single sign-on is required of them, and when it is their last way to sign in; linked accounts of these issuers are ways.
pub fn unlink(
    tx: &mut Tx<'_>,
    actor: &Actor,
    user: UserId,
    issuers: &[String],
) -> Result<Entering, Stop<NotUnlinked>> {
    let organization = actor.organization();
    let gone = known(tx.conn(), user)?.ok_or(Stop::Refused(NotUnlinked::NotLinked))?;
    if gone.is_required {
        return Err(Stop::Refused(NotUnlinked::Required));
    }
    if !store::unlink(tx, user)? {
        return Err(Stop::Refused(NotUnlinked::NotLinked));
    }
    if !people::has_a_way_in(tx.conn(), user, issuers)? {
        return Err(Stop::Refused(NotUnlinked::LastWay));
    }
    hold_last_administrator(tx, organization)
        .map_err(|stop| stop.map(|LastAdministrator| NotUnlinked::LastAdministrator))?;
    session::store::end_all_of(tx, user)?;
    let (provider, address) = (gone.provider(), gone.email.clone());
    people::tell(tx, user, AccountEvent::AccountUnlinked { provider, address })?;
    let line = Line {
        action: "account.unlinked",
        target: Target::user(user),
        before: json!({ "provider": gone.configuration.identity(), "address": gone.email }),
        after: json!({}),
    };
    audit::record(tx, organization, &actor.into(), line)?;
    let account = session::store::account(tx.conn(), user)?
        .ok_or_else(|| Fault::broken("unlinking single sign-on", "the person is gone"))?;
    Ok(Entering { organization, user, epoch: account.epoch })
}
