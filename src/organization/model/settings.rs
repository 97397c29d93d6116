//! What an organization settles for everyone in it, and what a change of it means.

use std::ops::RangeInclusive;

use chrono::Duration;
use serde_json::{Value, json};

use super::OrganizationName;
use crate::base::{clock::Moment, email_address::EmailAddress, token};

/// How many days people may have to set up a second factor.
pub const DAYS_OF_GRACE: RangeInclusive<i32> = 0..=90;
/// How many days an invitation may stay open.
pub const DAYS_OF_INVITATION: RangeInclusive<i32> = 1..=30;
/// After how many minutes without a request a session may end.
pub const IDLE_MINUTES: [i32; 9] = [15, 30, 60, 120, 240, 480, 720, 1_440, 4_320];
/// After how many minutes a session may end in any case; none lives longer than thirty days.
pub const OVERALL_MINUTES: [i32; 7] = [60, 480, 720, 1_440, 10_080, 20_160, 43_200];
const MOST_DOMAINS: usize = 100;
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

/// After how many minutes sessions end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub idle: i32,
    pub overall: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitsRefusal {
    Idle,
    Overall,
    /// A session would be over before it could be idle for so long.
    IdleBeyondOverall,
}

/// The domains that people are invited to, in ASCII as they are compared; none means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Domains(Vec<String>);

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

impl Limits {
    /// Only lengths that are offered are taken.
    pub fn of(idle: Option<i32>, overall: Option<i32>) -> Result<Self, LimitsRefusal> {
        let idle = idle.filter(|it| IDLE_MINUTES.contains(it)).ok_or(LimitsRefusal::Idle)?;
        let overall = overall.filter(|it| OVERALL_MINUTES.contains(it)).ok_or(LimitsRefusal::Overall)?;
        if idle > overall { Err(LimitsRefusal::IdleBeyondOverall) } else { Ok(Self { idle, overall }) }
    }

    /// When sessions must have been seen and begun since, to live at this moment.
    pub fn since(self, now: Moment) -> (Moment, Moment) {
        let before = |minutes: i32| now.minus(Duration::minutes(minutes.into()));
        (before(self.idle), before(self.overall))
    }
}

impl Domains {
    /// Reads domains that stand one in a line or between commas or spaces, with an @ before them or not, in any script.
    ///
    /// # Errors
    /// Names the first text that is no domain; nothing when there are more than a hundred.
    pub fn parse(typed: &str) -> Result<Self, Option<String>> {
        let mut domains = Vec::new();
        let words = typed.split(|c: char| c.is_whitespace() || c == ',' || c == ';');
        for word in words.filter(|word| !word.is_empty()) {
            let domain = word.strip_prefix('@').unwrap_or(word);
            let address = EmailAddress::parse(&format!("x@{domain}"))
                .map_err(|_| Some(word.chars().take(80).collect()))?;
            let domain = address.ascii_domain().to_owned();
            if !domains.contains(&domain) {
                domains.push(domain);
            }
        }
        if domains.len() > MOST_DOMAINS { Err(None) } else { Ok(Self(domains)) }
    }

    /// What stands in the settings' row, whoever wrote it.
    pub fn kept(row: &str) -> Self {
        let domains = row.split(',').map(|domain| domain.trim().to_lowercase());
        Self(domains.filter(|domain| !domain.is_empty()).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// As they are kept: a comma list.
    pub fn ascii(&self) -> String {
        self.0.join(",")
    }

    /// Each in its own script.
    pub fn shown(&self) -> Vec<String> {
        let shown = |domain: &String| {
            EmailAddress::parse(&format!("x@{domain}"))
                .map_or_else(|_| domain.clone(), |address| address.domain().to_owned())
        };
        self.0.iter().map(shown).collect()
    }
}

/// A length such as `30 minutes`, `12 hours` or `7 days`, exactly.
pub fn span(minutes: i32) -> String {
    let (count, unit) = match minutes {
        it if it > 0 && it % 1_440 == 0 => (it / 1_440, "day"),
        it if it > 0 && it % 60 == 0 => (it / 60, "hour"),
        it => (it, "minute"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

pub fn days(count: i32) -> String {
    format!("{count} day{}", if count == 1 { "" } else { "s" })
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
    fn domains_are_kept_in_ascii_once_each_and_shown_in_their_script() {
        let domains =
            Domains::parse("Example.com, @BÜCHER.example\nxn--bcher-kva.example; example.com").unwrap();
        assert_eq!(domains.ascii(), "example.com,xn--bcher-kva.example");
        assert_eq!(domains.shown(), ["example.com", "bücher.example"]);
        assert_eq!(Domains::kept(&domains.ascii()), domains);
        assert_eq!(Domains::parse("example.com a_b.com"), Err(Some("a_b.com".into())));
        assert_eq!(Domains::parse("a%.com"), Err(Some("a%.com".into())));
        let many: Vec<_> = (0..101).map(|n| format!("a{n}.example")).collect();
        assert_eq!(Domains::parse(&many.join(" ")), Err(None));
        assert!(Domains::parse(" ,\n").unwrap().is_empty());
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
    fn a_session_cannot_be_idle_longer_than_it_lives() {
        assert_eq!(Limits::of(Some(15), Some(60)), Ok(Limits { idle: 15, overall: 60 }));
        assert_eq!(Limits::of(Some(1_440), Some(60)), Err(LimitsRefusal::IdleBeyondOverall));
        assert_eq!(Limits::of(Some(1), Some(60)), Err(LimitsRefusal::Idle));
        assert_eq!(Limits::of(Some(15), Some(99_999)), Err(LimitsRefusal::Overall));
        assert_eq!(Limits::of(None, None), Err(LimitsRefusal::Idle));
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

    #[test]
    fn lengths_are_told_exactly() {
        assert_eq!(
            [15, 60, 720, 1_440, 10_080].map(span),
            ["15 minutes", "1 hour", "12 hours", "1 day", "7 days"]
        );
    }
}
