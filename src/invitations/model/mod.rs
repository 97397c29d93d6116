//! What an invitation is, and what may still be done with it.

mod list;
mod refusal;
mod shown;

use std::collections::BTreeSet;

use chrono::Duration;
use serde::{Deserialize, Serialize};

pub use list::{
    Entry, Found, Invite, Invitee, LONGEST_MESSAGE, MOST_AT_ONCE, Sent, domains, entries, is_domain_allowed,
    message,
};
pub use refusal::{ActRefusal, InviteRefusal};
pub use shown::{BySso, Choice, Offer, Pending, PendingPlace, Told, Viewed, Welcome};

use crate::{
    base::{
        clock::Moment,
        ids::{GroupId, InvitationId, OrganizationId, UserId},
    },
    crypto::signing::{Purpose, Signer},
    db::sql_text_enum,
};

/// How often somebody without an account may have the inviter asked for a fresh link.
pub const ASK_AGAIN_AFTER: Duration = Duration::hours(1);
/// How often somebody without an account may have the letter sent again.
pub const SEND_AGAIN_AFTER: Duration = Duration::minutes(5);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Pending,
    Accepted,
    Revoked,
}

sql_text_enum!(State { Pending = "pending", Accepted = "accepted", Revoked = "revoked" });

/// A re-issuable proof that belongs to an invited person.
#[derive(Clone, Debug)]
pub struct Invitation {
    pub id: InvitationId,
    pub organization: OrganizationId,
    /// The invited person; nobody once it was revoked.
    pub user: Option<UserId>,
    pub inviter: Option<UserId>,
    pub email: String,
    pub state: State,
    /// Which of its links works: the one of this number.
    pub generation: i64,
    pub message: String,
    /// What an undone revocation brings back, see [`Remembered`].
    pub remembered: String,
    pub fresh_link_asked_at: Option<Moment>,
    pub sent_at: Moment,
    pub expires_at: Moment,
}

/// Why a link that was issued works no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    Expired,
    /// A newer link was sent.
    Replaced,
    Revoked,
    Accepted,
}

/// What happened to an invitation since the page was made on which somebody acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    Accepted,
    Revoked,
    /// Somebody sent it anew, so another link is in force.
    Resent,
    /// Somebody took the revocation back.
    Restored,
}

impl Invitation {
    /// Whether the link that was opened still works.
    pub fn opens(&self, link: &Opened, now: Moment) -> Result<(), Gone> {
        match self.state {
            State::Pending if self.generation != link.generation => Err(Gone::Replaced),
            State::Pending | State::Accepted | State::Revoked => self.is_open(now),
        }
    }

    /// Whether its newest link still works.
    pub fn is_open(&self, now: Moment) -> Result<(), Gone> {
        match self.state {
            State::Accepted => Err(Gone::Accepted),
            State::Revoked => Err(Gone::Revoked),
            State::Pending if self.is_expired(now) => Err(Gone::Expired),
            State::Pending => Ok(()),
        }
    }

    /// Whether it is pending, and as `seen` on the page; `None` acts on whatever is in force.
    pub fn is_pending_as(&self, seen: Option<i64>) -> Result<(), Changed> {
        match self.state {
            State::Accepted => Err(Changed::Accepted),
            State::Revoked => Err(Changed::Revoked),
            State::Pending if seen.is_some_and(|seen| seen != self.generation) => Err(Changed::Resent),
            State::Pending => Ok(()),
        }
    }

    /// Whether it is revoked, and the revocation the one that was `seen`.
    pub fn is_revoked_as(&self, seen: i64) -> Result<(), Changed> {
        match self.state {
            State::Accepted => Err(Changed::Accepted),
            State::Pending => Err(Changed::Restored),
            State::Revoked if seen != self.generation => Err(Changed::Revoked),
            State::Revoked => Ok(()),
        }
    }

    pub fn is_expired(&self, now: Moment) -> bool {
        self.expires_at <= now
    }

    /// What its letters are about, so that their status can be found.
    pub fn about(&self) -> String {
        self.id.to_string()
    }
}

/// A link that this installation issued, opened by somebody. Only [`Opened::by`] makes one: whoever holds it had the
/// link in hand.
#[derive(Clone, Copy, Debug)]
pub struct Opened {
    id: InvitationId,
    generation: i64,
}

impl Opened {
    /// Nothing for a token that was never issued as an invitation.
    pub fn by(signer: &Signer, token: &str) -> Option<Self> {
        let named = signer.open(Purpose::Invitation, token)?;
        Some(Self { id: InvitationId::of(named.id), generation: named.generation.into() })
    }

    pub fn id(&self) -> InvitationId {
        self.id
    }

    pub fn generation(&self) -> i64 {
        self.generation
    }
}

/// What a revoked invitation remembers of its person.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Remembered {
    pub name: String,
    pub groups: BTreeSet<GroupId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Moment {
        Moment::from_micros(0)
    }

    fn pending() -> Invitation {
        Invitation {
            id: InvitationId::new(),
            organization: OrganizationId::new(),
            user: Some(UserId::new()),
            inviter: Some(UserId::new()),
            email: "ada@example.com".into(),
            state: State::Pending,
            generation: 2,
            message: String::new(),
            remembered: String::new(),
            fresh_link_asked_at: None,
            sent_at: now(),
            expires_at: now().plus(Duration::days(7)),
        }
    }

    fn link(invitation: &Invitation, generation: i64) -> Opened {
        Opened { id: invitation.id, generation }
    }

    #[test]
    fn only_the_newest_link_of_a_pending_invitation_opens_it_and_only_in_time() {
        let invitation = pending();
        assert_eq!(invitation.opens(&link(&invitation, 2), now()), Ok(()));
        assert_eq!(invitation.opens(&link(&invitation, 1), now()), Err(Gone::Replaced));
        let late = now().plus(Duration::days(7));
        assert_eq!(invitation.opens(&link(&invitation, 2), late), Err(Gone::Expired));
        assert_eq!(invitation.opens(&link(&invitation, 1), late), Err(Gone::Replaced));
        let accepted = Invitation { state: State::Accepted, ..pending() };
        assert_eq!(accepted.opens(&link(&accepted, 1), late), Err(Gone::Accepted));
        let revoked = Invitation { state: State::Revoked, ..pending() };
        assert_eq!(revoked.opens(&link(&revoked, 2), late), Err(Gone::Revoked));
    }

    #[test]
    fn an_act_decided_on_another_state_is_told_what_happened() {
        assert_eq!(pending().is_pending_as(Some(2)), Ok(()));
        assert_eq!(pending().is_pending_as(None), Ok(()));
        assert_eq!(pending().is_pending_as(Some(1)), Err(Changed::Resent));
        assert_eq!(pending().is_revoked_as(2), Err(Changed::Restored));
        let revoked = Invitation { state: State::Revoked, ..pending() };
        assert_eq!(revoked.is_pending_as(None), Err(Changed::Revoked));
        assert_eq!((revoked.is_revoked_as(2), revoked.is_revoked_as(1)), (Ok(()), Err(Changed::Revoked)));
    }
}
