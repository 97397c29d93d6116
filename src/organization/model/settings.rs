//! What an organization settles for everyone in it, and what a change of it means.

use std::ops::RangeInclusive;

use chrono::Duration;
use serde_json::{Value, json};

use super::{Domains, Limits, OrganizationName};
use crate::base::{clock::Moment, token};

/// How many days people may have to set up a second factor.
pub const DAYS_OF_GRACE: RangeInclusive<i32> = 0..=90;
/// How many days an invitation may stay open.
pub const DAYS_OF_INVITATION: RangeInclusive<i32> = 1..=30;
/// How many of those whom a change affects are named.
pub const MOST_NAMED: i64 = 10;

/// The parts that are changed one at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    Name,
    SecondFactor,
    Sessions,
    Domains,
    InvitationLife,
}

/// What holds now.
#[derive(Clone, Debug)]
pub struct Settings {
    pub name: String,
    pub is_factor_required: bool,
    pub factor_from: Option<Moment>,
    pub limits: Limits,
    pub domains: Domains,
    pub invitation_days: i32,
}

/// One change of the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Name(OrganizationName),
    /// Required after so many days from now; or not at all.
    SecondFactor(Option<i32>),
    Sessions(Limits),
    Domains(Domains),
    InvitationLife(i32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeRefusal {
    /// It is not any more what it was when the page was made.
    ChangedMeanwhile,
    /// It is like that already.
    Nothing,
    LastAdministrator,
}

/// Whom a change concerns: how many, and the first of them by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Affected {
    pub count: i64,
    pub names: Vec<String>,
    /// Whether whoever changes it, or the session they do it in, is among them.
    pub is_me: bool,
}

impl Topic {
    pub const ALL: [Topic; 5] =
        [Topic::Name, Topic::SecondFactor, Topic::Sessions, Topic::Domains, Topic::InvitationLife];

    /// The id of its section.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Name => "organization-name",
            Self::SecondFactor => "organization-second-factor",
            Self::Sessions => "organization-sessions",
            Self::Domains => "organization-domains",
            Self::InvitationLife => "organization-invitations",
        }
    }

    /// Whether a change of it is shown with those whom it concerns before it is saved.
    pub fn has_preview(self) -> bool {
        matches!(self, Self::SecondFactor | Self::Sessions | Self::Domains)
    }

    /// Whether changing it decides who gets in, and so needs a fresh proof of identity.
    pub fn is_sensitive(self) -> bool {
        self != Self::Name
    }
}

impl Settings {
    /// What a page shows of this topic, to be sent back with a change of it: a change of something else than what was
    /// seen is refused.
    pub fn seen(&self, topic: Topic) -> String {
        self.told(topic).to_string()
    }

    /// Stands for all of it: another one when anything was changed.
    pub fn version(&self) -> String {
        let all: Vec<Value> = Topic::ALL.map(|topic| self.told(topic)).into();
        token::hash(&Value::from(all).to_string())
    }

    /// As the audit tells it.
    pub fn told(&self, topic: Topic) -> Value {
        match topic {
            Topic::Name => json!({ "name": self.name }),
            Topic::SecondFactor => json!({
                "second_factor_required": self.is_factor_required,
                "from": self.factor_from.filter(|_| self.is_factor_required).map(Moment::rfc3339),
            }),
            Topic::Sessions => {
                json!({ "idle_minutes": self.limits.idle, "overall_minutes": self.limits.overall })
            }
            Topic::Domains => json!({ "invitation_domains": self.domains.ascii() }),
            Topic::InvitationLife => json!({ "invitation_days": self.invitation_days }),
        }
    }

    /// The days until a second factor is required, begun ones counted whole; nothing when it is not.
    pub fn days_of_grace(&self, now: Moment) -> Option<i32> {
        let left = self.factor_from.map_or(0, |from| from.since(now).num_seconds().max(0));
        self.is_factor_required.then(|| i32::try_from((left + 86_399) / 86_400).unwrap_or(i32::MAX))
    }

    /// What holds after this change.
    pub fn with(&self, change: &Change, now: Moment) -> Self {
        let mut then = self.clone();
        match change {
            Change::Name(name) => name.as_str().clone_into(&mut then.name),
            Change::SecondFactor(days) => {
                then.is_factor_required = days.is_some();
                then.factor_from = days.map(|days| now.plus(Duration::days(days.into())));
            }
            Change::Sessions(limits) => then.limits = *limits,
            Change::Domains(domains) => then.domains = domains.clone(),
            Change::InvitationLife(days) => then.invitation_days = *days,
        }
        then
    }

    /// Whether this is how it is already.
    pub fn has(&self, change: &Change, now: Moment) -> bool {
        match change {
            Change::SecondFactor(days) => *days == self.days_of_grace(now),
            other => self.seen(other.topic()) == self.with(other, now).seen(other.topic()),
        }
    }
}

impl Change {
    pub fn topic(&self) -> Topic {
        match self {
            Self::Name(_) => Topic::Name,
            Self::SecondFactor(_) => Topic::SecondFactor,
            Self::Sessions(_) => Topic::Sessions,
            Self::Domains(_) => Topic::Domains,
            Self::InvitationLife(_) => Topic::InvitationLife,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings {
            name: "Acme".into(),
            is_factor_required: false,
            factor_from: None,
            limits: Limits { idle: 720, overall: 10_080 },
            domains: Domains::default(),
            invitation_days: 7,
        }
    }

    #[test]
    fn a_version_stands_for_everything_that_is_settled() {
        let now = Moment::from_micros(0);
        let changes = [
            Change::Name(OrganizationName::parse("Zebra").unwrap()),
            Change::SecondFactor(Some(7)),
            Change::Sessions(Limits { idle: 15, overall: 60 }),
            Change::Domains(Domains::parse("example.com").unwrap()),
            Change::InvitationLife(9),
        ];
        for change in changes {
            assert_ne!(settings().with(&change, now).version(), settings().version(), "{change:?}");
        }
        assert_eq!(settings().version(), settings().version());
    }

    #[test]
    fn days_of_grace_run_down_and_end() {
        let now = Moment::from_micros(0);
        let then = settings().with(&Change::SecondFactor(Some(7)), now);
        let left = |days: i64| then.days_of_grace(now.plus(Duration::days(days)));
        assert_eq!([left(0), left(1), left(7), left(30)], [Some(7), Some(6), Some(0), Some(0)]);
        assert!(then.has(&Change::SecondFactor(Some(7)), now) && !then.has(&Change::SecondFactor(None), now));
        let off = then.with(&Change::SecondFactor(None), now);
        assert_eq!((off.days_of_grace(now), off.factor_from), (None, None));
    }
}
