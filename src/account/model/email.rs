//! A person's change of address: asked for with a fresh proof, confirmed at the new address, to be taken back from the old.

use std::time;

use chrono::Duration;

use crate::{
    base::{
        clock::Moment,
        ids::{EmailChangeId, OrganizationId, UserId},
    },
    db::sql_text_enum,
    people::Status,
};

/// How long the new address has to confirm.
pub const CONFIRM_WITHIN: Duration = Duration::hours(24);
/// How long the old address can take the change back.
pub const UNDO_WITHIN: Duration = Duration::days(7);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeState {
    Asked,
    Confirmed,
    Undone,
    /// Another one came, or it was cancelled.
    Replaced,
}

sql_text_enum!(ChangeState { Asked = "asked", Confirmed = "confirmed", Undone = "undone", Replaced = "replaced" });

#[derive(Clone, Debug)]
pub struct EmailChange {
    pub id: EmailChangeId,
    pub organization: OrganizationId,
    pub organization_name: String,
    pub user: UserId,
    /// The person's own name, address and status, as they are now.
    pub name: String,
    pub current: String,
    pub status: Status,
    pub from: String,
    pub to: String,
    pub state: ChangeState,
    pub expires_at: Moment,
    pub confirmed_at: Option<Moment>,
}

/// What a link about a change is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkFor {
    Confirming,
    Undoing,
}

/// Why such a link does nothing now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkRefusal {
    Expired,
    Replaced,
    Confirmed,
    Undone,
    /// Somebody else in the organization has the address by now.
    Taken,
    Deactivated,
    /// An identity provider has come to settle the address.
    Provisioned,
    /// Single sign-on is required of the address, and nobody would administer the organization while its provider fails.
    LastAdministrator,
}

impl EmailChange {
    pub fn allows(&self, what: LinkFor, now: Moment) -> Result<(), LinkRefusal> {
        match (what, self.state) {
            (_, ChangeState::Replaced) => Err(LinkRefusal::Replaced),
            (_, ChangeState::Undone) => Err(LinkRefusal::Undone),
            (LinkFor::Confirming, ChangeState::Confirmed) => Err(LinkRefusal::Confirmed),
            (LinkFor::Confirming, ChangeState::Asked) if self.expires_at <= now => Err(LinkRefusal::Expired),
            (LinkFor::Undoing, ChangeState::Confirmed) if self.undoable_until() <= now => {
                Err(LinkRefusal::Expired)
            }
            // Nobody is mailed this link before the change is confirmed.
            (LinkFor::Undoing, ChangeState::Asked) => Err(LinkRefusal::Replaced),
            _ if self.status != Status::Active => Err(LinkRefusal::Deactivated),
            _ => Ok(()),
        }
    }

    pub fn undoable_until(&self) -> Moment {
        self.confirmed_at.unwrap_or(self.expires_at).plus(UNDO_WITHIN)
    }
}

/// Why a change was not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskRefusal {
    Same,
    Taken,
    DomainNotAllowed,
    /// An identity provider settles the address.
    Provisioned,
    TooOften(time::Duration),
}

/// A change that waits to be confirmed.
#[derive(Clone, Debug)]
pub struct Waiting {
    pub to: String,
    pub expires_at: Moment,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(state: ChangeState) -> EmailChange {
        let confirmed = matches!(state, ChangeState::Confirmed | ChangeState::Undone);
        EmailChange {
            id: EmailChangeId::new(),
            organization: OrganizationId::new(),
            organization_name: String::new(),
            user: UserId::new(),
            name: String::new(),
            current: String::new(),
            status: Status::Active,
            from: String::new(),
            to: String::new(),
            state,
            expires_at: Moment::from_micros(0).plus(CONFIRM_WITHIN),
            confirmed_at: confirmed.then(|| Moment::from_micros(0)),
        }
    }

    #[test]
    fn a_link_works_in_its_state_and_time_and_says_otherwise_why_not() {
        use LinkFor::{Confirming, Undoing};
        let after = |hours| Moment::from_micros(0).plus(Duration::hours(hours));
        let asked = change(ChangeState::Asked);
        assert_eq!(asked.allows(Confirming, after(23)), Ok(()));
        assert_eq!(asked.allows(Confirming, after(24)), Err(LinkRefusal::Expired));
        assert!(asked.allows(Undoing, after(1)).is_err());
        let confirmed = change(ChangeState::Confirmed);
        assert_eq!(confirmed.allows(Confirming, after(1)), Err(LinkRefusal::Confirmed));
        assert_eq!(confirmed.allows(Undoing, after(7 * 24 - 1)), Ok(()));
        assert_eq!(confirmed.allows(Undoing, after(7 * 24)), Err(LinkRefusal::Expired));
        for (state, refusal) in
            [(ChangeState::Undone, LinkRefusal::Undone), (ChangeState::Replaced, LinkRefusal::Replaced)]
        {
            assert_eq!(change(state).allows(Confirming, after(1)), Err(refusal));
            assert_eq!(change(state).allows(Undoing, after(1)), Err(refusal));
        }
        let gone = EmailChange { status: Status::Deactivated, ..confirmed };
        assert_eq!(gone.allows(Undoing, after(1)), Err(LinkRefusal::Deactivated));
    }
}
