//! Why something is not done; nothing was changed then.

use super::{Changed, Found, Invitee};

/// Of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InviteRefusal {
    NoSuchGroup,
    /// The groups carry roles that whoever asks does not hold.
    MoreThanOwn,
    /// An identity provider settles who is in one of the groups.
    Provisioned,
    /// There is nobody to send anything to: what stands behind each address.
    Nobody(Vec<(Invitee, Found)>),
}

/// Of an act on one invitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActRefusal {
    /// The organization has no such invitation.
    NoSuchInvitation,
    /// Somebody else was faster.
    Changed { email: String, what: Changed },
    /// The invited person's groups carry roles that whoever asks does not hold.
    MoreThanOwn,
    /// Another person of the organization has this address.
    AddressTaken,
    /// The organization does not invite to this domain.
    DomainNotAllowed,
    /// A correction that corrects nothing.
    SameAddress,
}
