//! The pages of invitations: what administrators send, and what invited people open.

mod invite;
mod open;
mod pending;

pub use invite::{InvitePage, Known, PreviewPage};
pub use open::{
    AcceptPage, AskedPage, JoinDraft, JoinErrors, JoinPage, Joined, SendAgainPage, SentAgainPage, StoryPage,
    SwitchPage, Ways,
};
pub use pending::{AddressPage, ConflictPage, LinkPage};
