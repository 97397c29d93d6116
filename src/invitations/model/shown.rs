//! What is shown of invitations: to those who send them, and to those who are invited.

use super::{Gone, Invitation};
use crate::{
    base::{
        clock::Moment,
        ids::{GroupId, InvitationId, OrganizationId, UserId},
        password::PasswordRules,
    },
    groups::GroupName,
    mail::{MailState, MailStatus},
};

/// A group that an invitation may name.
#[derive(Clone, Debug)]
pub struct Choice {
    pub id: GroupId,
    pub name: String,
    /// The names of its roles.
    pub roles: Vec<String>,
    /// Whether whoever asks may give all of them.
    pub may_give: bool,
    /// An identity provider settles who is in it.
    pub is_provisioned: bool,
}

/// A pending invitation, for somebody who may act on it.
#[derive(Clone, Debug)]
pub struct Viewed {
    pub user: UserId,
    pub email: String,
    pub generation: i64,
    pub expires_at: Moment,
    pub is_expired: bool,
}

/// Who invites whom to what, as those who are invited are told.
#[derive(Clone, Debug)]
pub struct Offer {
    pub id: InvitationId,
    pub organization: OrganizationId,
    pub organization_name: String,
    pub email: String,
    /// As the inviter knows them; may be empty.
    pub name: String,
    /// Name and address; none when it came from the machine itself.
    pub inviter: Option<(String, String)>,
    pub groups: Vec<String>,
    pub message: String,
    pub expires_at: Moment,
}

/// What the holder of a link is shown before anything is asked.
#[derive(Clone, Debug)]
pub struct Welcome {
    pub offer: Offer,
    /// Whom it invites; nobody when it was revoked.
    pub user: Option<UserId>,
    /// What the password must be that accepts it.
    pub rules: PasswordRules,
    pub by_sso: BySso,
    /// Whether the link works.
    pub state: Result<(), Gone>,
}

/// How an invited address stands to the organization's single sign-on.
#[derive(Clone, Copy, Debug)]
pub struct BySso {
    /// It leads from there.
    pub leads: bool,
    /// Nothing else lets them in, even if it does not lead from there.
    pub is_required: bool,
}

/// What a list shows of an invited person.
#[derive(Clone, Debug)]
pub struct Pending {
    pub id: InvitationId,
    /// The link's number: forms that act on the row send it back as `generation`.
    pub generation: i64,
    pub sent_at: Moment,
    pub expires_at: Moment,
    /// The inviter's name or address; empty when nobody is known.
    pub inviter: String,
    pub mail: Option<MailStatus>,
}

impl Pending {
    pub fn is_expired(&self, now: Moment) -> bool {
        self.expires_at <= now
    }

    pub fn mail_failed(&self) -> bool {
        self.mail.as_ref().is_some_and(|mail| mail.state == MailState::Failed)
    }
}

/// A place in the list of the invited: what they are sorted by, and their number.
pub type PendingPlace = (String, i64);

/// An invitation with whom it invites to what.
#[derive(Clone, Debug)]
pub struct Told {
    pub invitation: Invitation,
    /// Of the invited person; empty when none is known.
    pub name: String,
    pub groups: Vec<GroupName>,
    /// The inviter's name or address; empty when nobody is known.
    pub inviter: String,
    pub mail: Option<MailStatus>,
}
