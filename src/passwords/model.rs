//! Whose password it is, and the links that set a new one.

use chrono::Duration;

use crate::{
    base::{
        clock::Moment,
        email_address::EmailAddress,
        ids::{OrganizationId, PasswordResetId, UserId},
        password::{NewPassword, PasswordRefusal, PasswordRules, Person},
    },
    db::sql_text_enum,
    mail::letters::Reset,
    people::{SecondFactor, Status},
};

/// A new hash for a person's password.
pub struct Change<'a> {
    pub organization: OrganizationId,
    pub user: UserId,
    pub hash: &'a str,
}

/// What a new password must be where a second factor is required from some time on, or is not. As long as it is not
/// demanded yet, the password may be the only factor. Passwords that were set stay, whatever is required later.
pub fn rules((is_required, from): (bool, Option<Moment>), now: Moment) -> PasswordRules {
    if is_required && from.is_none_or(|from| from <= now) {
        PasswordRules::WITH_SECOND_FACTOR
    } else {
        PasswordRules::ALONE
    }
}

/// What is stored of a password.
#[derive(Clone, Debug)]
pub struct Credential {
    pub hash: String,
    /// It lets nobody in until a new one is set.
    pub disabled: bool,
}

/// A person as far as passwords go.
#[derive(Clone, Debug)]
pub struct Holder {
    pub user: UserId,
    pub organization: OrganizationId,
    pub organization_name: String,
    pub organization_code: String,
    pub name: String,
    pub email: String,
    pub email_key: String,
    pub status: Status,
    pub credential: Option<Credential>,
    pub second_factor: SecondFactor,
    /// Whether the organization requires a second factor, and from when.
    pub factor_required: (bool, Option<Moment>),
}

impl Holder {
    /// Their name, or their address while they have none.
    pub fn shown(&self) -> &str {
        if self.name.is_empty() { &self.email } else { &self.name }
    }

    pub fn rules(&self, now: Moment) -> PasswordRules {
        rules(self.factor_required, now)
    }

    /// # Errors
    /// The first rule that the password breaks.
    pub fn accept(&self, typed: &str, now: Moment) -> Result<NewPassword, PasswordRefusal> {
        let email = EmailAddress::parse(&self.email).ok();
        let person =
            Person { name: &self.name, email: email.as_ref(), organization: &self.organization_name };
        self.rules(now).accept(typed, &person)
    }

    /// Whether they may be mailed a link because somebody asks for one: who is let in. Whoever signs in with a linked
    /// account sets a first password that way.
    pub fn may_be_mailed(&self) -> bool {
        self.status == Status::Active
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Pending,
    Used,
    /// By a newer link, or by a password set another way.
    Replaced,
}

sql_text_enum!(State { Pending = "pending", Used = "used", Replaced = "replaced" });
sql_text_enum!(Reset { Forgotten = "forgotten", Required = "required", Recovery = "recovery" });

/// How long the link of each kind works.
pub fn life(why: Reset) -> Duration {
    match why {
        Reset::Forgotten | Reset::Recovery => Duration::hours(1),
        Reset::Required => Duration::days(3),
    }
}

/// Which pending links a new one replaces. What a stranger may ask for never ends a link that an administrator or the
/// operator made.
pub fn replaced_by(why: Reset) -> &'static [Reset] {
    match why {
        Reset::Forgotten => &[Reset::Forgotten],
        Reset::Required => &[Reset::Forgotten, Reset::Required],
        Reset::Recovery => EVERY_KIND,
    }
}

pub const EVERY_KIND: &[Reset] = &[Reset::Forgotten, Reset::Required, Reset::Recovery];

/// Somebody who asks again within this time gets no second letter; the first link still works.
pub const ASK_AGAIN_AFTER: Duration = Duration::minutes(5);

#[derive(Clone, Debug)]
pub struct ResetLink {
    pub id: PasswordResetId,
    pub user: UserId,
    pub why: Reset,
    pub state: State,
    pub expires_at: Moment,
    /// Whether the second factor goes when the password is set: only where the operator says so.
    pub lifts_factor: bool,
}

/// Why a link sets nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    NeverIssued,
    Used,
    Replaced,
    Expired,
    /// The account does not let anybody in.
    Deactivated,
}

impl ResetLink {
    /// # Errors
    /// Why it sets nothing.
    pub fn opens(&self, holder: &Holder, now: Moment) -> Result<(), Gone> {
        match self.state {
            State::Used => Err(Gone::Used),
            State::Replaced => Err(Gone::Replaced),
            State::Pending if self.expires_at <= now => Err(Gone::Expired),
            State::Pending if holder.status != Status::Active => Err(Gone::Deactivated),
            State::Pending => Ok(()),
        }
    }
}

/// A link that was opened, and whose password it sets.
#[derive(Clone, Debug)]
pub struct Opened {
    pub link: ResetLink,
    pub holder: Holder,
    pub state: Result<(), Gone>,
}

/// What requiring a new password of somebody would do now.
#[derive(Clone, Debug)]
pub struct Requirement {
    pub name: String,
    pub email: String,
    pub sessions: i64,
    /// Why it cannot be done, if it cannot.
    pub obstacle: Option<RequireRefusal>,
}

/// Why no new password is required of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequireRefusal {
    NoSuchPerson,
    /// Whoever asks would lock themselves out; they have their own settings.
    Oneself,
    NotActive,
    /// They have none that could be replaced.
    NoPassword,
    /// Nobody would be left who administers the organization and can sign in.
    LastAdministrator,
}

/// An administrator whom the operator can let in again.
#[derive(Clone, Debug)]
pub struct Recoverable {
    pub user: UserId,
    pub organization: OrganizationId,
    pub organization_name: String,
    pub organization_code: String,
    pub second_factor: SecondFactor,
}

/// Why the operator can let nobody in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecoverRefusal {
    #[error("nobody has the address {0}")]
    UnknownAddress(String),
    #[error("{0} has no account in an organization with the Org ID {1}")]
    NotInOrganization(String, String),
    #[error("{0} has not accepted the invitation yet; there is no account to recover")]
    Invited(String),
    #[error("the account of {0} is deactivated; another administrator can reactivate it")]
    Deactivated(String),
    #[error("{0} does not hold IAM Admin; an administrator can require a new password of this person")]
    NotAdministrator(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder(factor_required: (bool, Option<Moment>)) -> Holder {
        Holder {
            user: UserId::new(),
            organization: OrganizationId::new(),
            organization_name: "Analytical Engines".into(),
            organization_code: "AE".into(),
            name: "Ada Lovelace".into(),
            email: "ada@example.com".into(),
            email_key: "ada@example.com".into(),
            status: Status::Active,
            credential: None,
            second_factor: SecondFactor::None,
            factor_required,
        }
    }

    #[test]
    fn eight_characters_do_once_a_second_factor_is_demanded() {
        let now = Moment::from_micros(1_000_000);
        let later = Moment::from_micros(2_000_000);
        assert_eq!(holder((false, None)).rules(now), PasswordRules::ALONE);
        assert_eq!(holder((true, Some(later))).rules(now), PasswordRules::ALONE, "not yet");
        assert_eq!(holder((true, Some(now))).rules(now), PasswordRules::WITH_SECOND_FACTOR);
        assert_eq!(holder((true, None)).rules(now), PasswordRules::WITH_SECOND_FACTOR);
        assert!(holder((true, None)).accept("xq7-vLmp", now).is_ok());
        assert!(holder((false, None)).accept("xq7-vLmp", now).is_err());
    }

    #[test]
    fn a_link_opens_until_it_is_used_replaced_or_over_and_only_for_who_is_active() {
        let (now, active) = (Moment::from_micros(1_000_000), holder((false, None)));
        let pending = ResetLink {
            id: PasswordResetId::new(),
            user: active.user,
            why: Reset::Forgotten,
            state: State::Pending,
            expires_at: now.plus(Duration::seconds(1)),
            lifts_factor: false,
        };
        assert_eq!(pending.opens(&active, now), Ok(()));
        assert_eq!(pending.opens(&active, pending.expires_at), Err(Gone::Expired));
        let of = |state| ResetLink { state, ..pending.clone() }.opens(&active, now);
        assert_eq!((of(State::Used), of(State::Replaced)), (Err(Gone::Used), Err(Gone::Replaced)));
        for status in [Status::Deactivated, Status::Invited] {
            let other = Holder { status, ..active.clone() };
            assert_eq!(pending.opens(&other, now), Err(Gone::Deactivated));
        }
    }

    #[test]
    fn what_a_stranger_asks_for_ends_no_link_of_an_administrator_or_the_operator() {
        assert_eq!(replaced_by(Reset::Forgotten), [Reset::Forgotten]);
        assert!(!replaced_by(Reset::Required).contains(&Reset::Recovery));
        assert_eq!(replaced_by(Reset::Recovery), EVERY_KIND);
    }
}
