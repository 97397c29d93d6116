//! Time is handed in, never taken: whoever needs "now" gets a [`Clock`].

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, Duration, NaiveDateTime, SubsecRound, Utc};

/// A moment in UTC, cut to microseconds so that it comes back from both databases as it went in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(NaiveDateTime);

impl Moment {
    pub fn new(at: DateTime<Utc>) -> Self {
        Self(at.naive_utc().trunc_subsecs(6))
    }

    pub fn from_naive(at: NaiveDateTime) -> Self {
        Self(at.trunc_subsecs(6))
    }

    pub fn from_micros(micros: i64) -> Self {
        Self(DateTime::from_timestamp_micros(micros).unwrap_or_default().naive_utc())
    }

    pub fn as_naive(&self) -> &NaiveDateTime {
        &self.0
    }

    pub fn utc(self) -> DateTime<Utc> {
        self.0.and_utc()
    }

    pub fn micros(self) -> i64 {
        self.0.and_utc().timestamp_micros()
    }

    /// RFC 3339 with microseconds and `Z`.
    pub fn rfc3339(self) -> String {
        self.utc().to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
    }

    pub fn plus(self, by: Duration) -> Self {
        Self(self.0.checked_add_signed(by).unwrap_or(self.0))
    }

    pub fn minus(self, by: Duration) -> Self {
        Self(self.0.checked_sub_signed(by).unwrap_or(self.0))
    }

    /// How long after `earlier` this is; negative when it is before.
    pub fn since(self, earlier: Moment) -> Duration {
        self.0 - earlier.0
    }
}

/// Microseconds since 1970, so that it comes back as it went in.
impl serde::Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.micros())
    }
}

impl<'de> serde::Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        i64::deserialize(deserializer).map(Self::from_micros)
    }
}

pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> Moment;
}

pub type SharedClock = Arc<dyn Clock>;

/// The machine's own clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "here alone the machine is asked for the time")]
    fn now(&self) -> Moment {
        Moment::new(Utc::now())
    }
}

/// A clock that stands still until it is moved, for tests.
#[derive(Clone)]
pub struct SetClock(Arc<AtomicI64>);

impl SetClock {
    pub fn starting_at(at: Moment) -> Self {
        Self(Arc::new(AtomicI64::new(at.micros())))
    }

    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(by.num_microseconds().unwrap_or(0), Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Moment {
        Moment::from_micros(self.0.load(Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_cut_to_microseconds() {
        let at = DateTime::from_timestamp_nanos(1_700_000_000_123_456_789);
        assert_eq!(Moment::new(at).micros(), 1_700_000_000_123_456);
        assert_eq!(Moment::from_micros(Moment::new(at).micros()), Moment::new(at));
    }

    #[test]
    fn a_set_clock_moves_only_when_told() {
        let clock = SetClock::starting_at(Moment::from_micros(0));
        clock.advance(Duration::days(8));
        assert_eq!(clock.now().since(Moment::from_micros(0)), Duration::days(8));
    }
}
