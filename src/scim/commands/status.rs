//! Whether somebody is active, as the provider says.

use super::{
    Provider,
    people::{Done, refused},
};
use crate::{
    access::actions::{DeactivateUser, ReactivateUser},
    base::ids::UserId,
    db::{Stop, Tx},
    people::Status,
    scim::{model::Refusal, store},
    users::{self, StatusRefusal, Tokens},
};

/// Deactivates or reactivates as the provider says. Whom an administrator deactivated stays deactivated.
pub fn settle_status(tx: &mut Tx<'_>, provider: &Provider, user: UserId, active: Option<bool>) -> Done<()> {
    let link = store::link_of(tx.conn(), provider.actor.organization(), user)?;
    let Some(link) = link else { return Ok(()) };
    match (active, link.status) {
        (Some(false), Status::Active) => deactivate(tx, provider, user),
        (Some(true), Status::Deactivated) if link.is_stopped => reactivate(tx, provider, user),
        (Some(true), Status::Deactivated) => {
            let words =
                "An administrator deactivated this person, and only an administrator reactivates them.";
            Err(Stop::Refused(Refusal::Forbidden(words.to_owned())))
        }
        _ => Ok(()),
    }
}

pub fn deactivate(tx: &mut Tx<'_>, provider: &Provider, user: UserId) -> Done<()> {
    let permit = provider.actor.may(DeactivateUser { of: user }).map_err(refused)?;
    let who = users::deactivate(tx, permit).map_err(|stop| stop.map(not_changed))?;
    store::mark_stopped(tx, user)?;
    Ok(provider.note(tx, 200, &who.email, "Deactivated.")?)
}

/// Their access tokens stay revoked.
fn reactivate(tx: &mut Tx<'_>, provider: &Provider, user: UserId) -> Done<()> {
    let permit = provider.actor.may(ReactivateUser { of: user }).map_err(refused)?;
    let who = users::reactivate(tx, permit, Tokens::Revoked).map_err(|stop| stop.map(not_changed))?;
    store::mark_going(tx, user)?;
    Ok(provider.note(tx, 200, &who.email, "Reactivated.")?)
}

fn not_changed(refusal: StatusRefusal) -> Refusal {
    match refusal {
        StatusRefusal::NoSuchPerson => Refusal::NotFound,
        StatusRefusal::Is(_) => Refusal::Forbidden("The person’s status does not allow that.".to_owned()),
        StatusRefusal::LastAdministrator(_) => Refusal::Forbidden(super::LAST_ADMINISTRATOR.to_owned()),
    }
}
