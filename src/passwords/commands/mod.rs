//! What may be done with passwords.

mod change;
mod forgotten;
mod recover;
mod require;
mod reset;

use super::{
    model::{EVERY_KIND, Holder, ResetLink, State, life, replaced_by},
    store,
};
use crate::{
    base::ids::{PasswordResetId, UserId},
    db::{AnyConnection, Fault, Tx},
    mail::{self, Letter, Recipient, letters::Reset},
};

pub use change::{Overtaken, change};
pub use forgotten::{MAIL_LINK, WantedLink, ask, mail_link, who_may_be_mailed};
pub use recover::{recover, recoverable};
pub use require::{require, requirement};
pub use reset::{look_at, reset};

/// Whose password it is, and what it must be.
pub fn holder(conn: &mut AnyConnection, user: UserId) -> Result<Option<Holder>, Fault> {
    store::holder(conn, user)
}

/// Ends every link that would set a new password for this person, such as those in a mailbox that is theirs no more.
pub fn end_links(tx: &mut Tx<'_>, user: UserId) -> Result<usize, Fault> {
    store::replace_links(tx, user, EVERY_KIND)
}

/// Makes a link; the older ones that it stands for end.
fn new_link(tx: &mut Tx<'_>, holder: &Holder, why: Reset, lifts_factor: bool) -> Result<ResetLink, Fault> {
    store::replace_links(tx, holder.user, replaced_by(why))?;
    let link = ResetLink {
        id: PasswordResetId::new(),
        user: holder.user,
        why,
        state: State::Pending,
        expires_at: tx.now().plus(life(why)),
        lifts_factor,
    };
    store::insert(tx, holder.organization, &link)?;
    Ok(link)
}

/// Makes a link and mails it.
fn mail_new_link(tx: &mut Tx<'_>, holder: &Holder, why: Reset) -> Result<(), Fault> {
    let link = new_link(tx, holder, why, false)?;
    let letter = Letter::PasswordReset {
        reset: link.id,
        organization: holder.organization_name.clone(),
        why,
        expires_at: link.expires_at,
    };
    let to = Recipient {
        address: holder.email.clone(),
        name: holder.name.clone(),
        organization: Some(holder.organization),
        about: None,
    };
    mail::enqueue(tx, &to, &letter).map(drop)
}
