//! What becomes of an invitation; of two at once one succeeds.

use diesel::prelude::*;

use crate::{
    base::{
        clock::Moment,
        email_address::EmailAddress,
        ids::{InvitationId, OrganizationId, UserId},
    },
    db::{Fault, Tx, schema::invitations},
    invitations::model::{Invitation, State},
};

pub struct NewInvitation<'a> {
    pub id: InvitationId,
    pub organization: OrganizationId,
    pub user: UserId,
    pub inviter: Option<UserId>,
    pub email: &'a EmailAddress,
    pub message: &'a str,
    pub expires_at: Moment,
}

pub fn insert(tx: &mut Tx<'_>, new: &NewInvitation<'_>) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(invitations::table)
        .values((
            invitations::id.eq(new.id),
            invitations::organization_id.eq(new.organization),
            invitations::user_id.eq(new.user),
            invitations::inviter_id.eq(new.inviter),
            invitations::email.eq(new.email.as_str()),
            invitations::state.eq(State::Pending),
            invitations::message.eq(new.message),
            invitations::created_at.eq(now),
            invitations::sent_at.eq(now),
            invitations::expires_at.eq(new.expires_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Compare-and-set: the next link takes the place of this one, for this address. False when it is not pending with
/// this link any more.
pub fn renew(tx: &mut Tx<'_>, of: &Invitation, email: &str, expires_at: Moment) -> Result<bool, Fault> {
    let now = tx.now();
    let row = invitations::table
        .filter(invitations::id.eq(of.id))
        .filter(invitations::state.eq(State::Pending))
        .filter(invitations::generation.eq(of.generation));
    let changed = diesel::update(row)
        .set((
            invitations::generation.eq(of.generation + 1),
            invitations::email.eq(email),
            invitations::sent_at.eq(now),
            invitations::expires_at.eq(expires_at),
            invitations::fresh_link_asked_at.eq(None::<Moment>),
        ))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

/// Compare-and-set from pending with this link, in time, to accepted.
pub fn accept(tx: &mut Tx<'_>, of: &Invitation) -> Result<bool, Fault> {
    let now = tx.now();
    let row = invitations::table
        .filter(invitations::id.eq(of.id))
        .filter(invitations::state.eq(State::Pending))
        .filter(invitations::generation.eq(of.generation))
        .filter(invitations::expires_at.gt(now));
    let changed = diesel::update(row)
        .set((invitations::state.eq(State::Accepted), invitations::ended_at.eq(now)))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

/// Compare-and-set from pending with this link to revoked.
pub fn revoke(tx: &mut Tx<'_>, of: &Invitation, remembered: &str) -> Result<bool, Fault> {
    let now = tx.now();
    let row = invitations::table
        .filter(invitations::id.eq(of.id))
        .filter(invitations::state.eq(State::Pending))
        .filter(invitations::generation.eq(of.generation));
    let changed = diesel::update(row)
        .set((
            invitations::state.eq(State::Revoked),
            invitations::user_id.eq(None::<UserId>),
            invitations::revoked_groups.eq(remembered),
            invitations::ended_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

/// Compare-and-set from this revocation to pending, with the next link.
pub fn restore(
    tx: &mut Tx<'_>,
    of: &Invitation,
    user: UserId,
    inviter: Option<UserId>,
    expires_at: Moment,
) -> Result<bool, Fault> {
    let now = tx.now();
    let row = invitations::table
        .filter(invitations::id.eq(of.id))
        .filter(invitations::state.eq(State::Revoked))
        .filter(invitations::generation.eq(of.generation));
    let changed = diesel::update(row)
        .set((
            invitations::state.eq(State::Pending),
            invitations::user_id.eq(user),
            invitations::inviter_id.eq(inviter),
            invitations::generation.eq(of.generation + 1),
            invitations::revoked_groups.eq(""),
            invitations::sent_at.eq(now),
            invitations::expires_at.eq(expires_at),
            invitations::fresh_link_asked_at.eq(None::<Moment>),
            invitations::ended_at.eq(None::<Moment>),
        ))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

pub fn note_asked(tx: &mut Tx<'_>, id: InvitationId) -> Result<(), Fault> {
    let now = tx.now();
    diesel::update(invitations::table.find(id))
        .set(invitations::fresh_link_asked_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

pub fn note_sent(tx: &mut Tx<'_>, id: InvitationId) -> Result<(), Fault> {
    let now = tx.now();
    diesel::update(invitations::table.find(id)).set(invitations::sent_at.eq(now)).execute(tx.conn())?;
    Ok(())
}
