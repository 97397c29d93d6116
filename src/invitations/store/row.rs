//! A row, and the invitation it tells of.

use crate::{
    base::{
        clock::Moment,
        ids::{InvitationId, OrganizationId, UserId},
    },
    db::schema::invitations,
    invitations::model::{Invitation, State},
};

pub type Columns = (
    invitations::id,
    invitations::organization_id,
    invitations::user_id,
    invitations::inviter_id,
    invitations::email,
    invitations::state,
    invitations::generation,
    invitations::message,
    invitations::revoked_groups,
    invitations::fresh_link_asked_at,
    invitations::sent_at,
    invitations::expires_at,
);

pub const COLUMNS: Columns = (
    invitations::id,
    invitations::organization_id,
    invitations::user_id,
    invitations::inviter_id,
    invitations::email,
    invitations::state,
    invitations::generation,
    invitations::message,
    invitations::revoked_groups,
    invitations::fresh_link_asked_at,
    invitations::sent_at,
    invitations::expires_at,
);

pub type Row = (
    InvitationId,
    OrganizationId,
    Option<UserId>,
    Option<UserId>,
    String,
    State,
    i64,
    String,
    String,
    Option<Moment>,
    Moment,
    Moment,
);

pub fn invitation(row: Row) -> Invitation {
    let (
        id,
        organization,
        user,
        inviter,
        email,
        state,
        generation,
        message,
        remembered,
        asked,
        sent,
        expires,
    ) = row;
    Invitation {
        id,
        organization,
        user,
        inviter,
        email,
        state,
        generation,
        message,
        remembered,
        fresh_link_asked_at: asked,
        sent_at: sent,
        expires_at: expires,
    }
}
