//! The state machine, pure: how many failures in a row, and when the next try is open.

use chrono::Duration;

use crate::base::clock::Moment;

/// What is counted. An address may be shared by an office, so it gets more free tries than one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Account,
    Address,
}

impl Kind {
    fn free_failures(self) -> i32 {
        match self {
            Self::Account => 5,
            Self::Address => 40,
        }
    }
}

/// The longest wait between two tries.
const LONGEST: i64 = 60;
/// Failures this old are forgotten.
const MEMORY: Duration = Duration::hours(12);

/// After so many failures in a row an account takes tries only from browsers that it knows, so that nobody who guesses
/// keeps its owner waiting, and guessing comes to an end.
pub const STRANGERS_OUT_AFTER: i32 = 100;

/// What stands between a browser and a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    Open,
    Wait(std::time::Duration),
    /// A mailed link makes the browser known first.
    LinkFirst,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    pub failures: i32,
    pub last_failure_at: Moment,
    /// The moment of the last failure itself when that cost nothing.
    pub wait_until: Moment,
}

impl Pace {
    pub fn fresh(now: Moment) -> Self {
        Self { failures: 0, last_failure_at: now, wait_until: now }
    }

    /// What is left of it now.
    pub fn at(self, now: Moment) -> Self {
        if now.since(self.last_failure_at) >= MEMORY { Self::fresh(now) } else { self }
    }

    /// How long to wait before the next try; nothing when it is open. A try that stood in line behind another has the
    /// earlier time of the two, and does not wait for a moment that is only its own.
    pub fn wait(self, now: Moment) -> Option<std::time::Duration> {
        if self.wait_until <= self.last_failure_at {
            return None;
        }
        self.wait_until.since(now).to_std().ok().filter(|wait| !wait.is_zero())
    }

    /// What an account's pace means for a browser that has signed in with the account before, or for one that has not.
    /// Never a link for the former, never a wait beyond [`LONGEST`].
    pub fn gate(self, is_known: bool, now: Moment) -> Gate {
        match self.wait(now) {
            _ if !is_known && self.failures >= STRANGERS_OUT_AFTER => Gate::LinkFirst,
            Some(wait) => Gate::Wait(wait),
            None => Gate::Open,
        }
    }

    /// One more failure. Every try counts as one until it turns out right, so that tries side by side gain nothing.
    pub fn failed(self, kind: Kind, now: Moment) -> Self {
        let failures = self.failures.saturating_add(1);
        let over = failures - kind.free_failures();
        let wait = if over <= 0 {
            0
        } else {
            1_i64.checked_shl(over.min(10) as u32 - 1).unwrap_or(LONGEST).min(LONGEST)
        };
        Self { failures, last_failure_at: now, wait_until: now.plus(Duration::seconds(wait)) }
    }

    /// One of the failures turned out to be right.
    pub fn forgiven_one(self) -> Self {
        Self { failures: (self.failures - 1).max(0), wait_until: self.last_failure_at, ..self }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_failures_cost_nothing_then_each_doubles_the_wait_up_to_a_minute() {
        let now = Moment::from_micros(0);
        let mut pace = Pace::fresh(now);
        let waits: Vec<_> = (0..14)
            .map(|_| {
                pace = pace.failed(Kind::Account, now);
                pace.wait(now).map_or(0, |wait| wait.as_secs())
            })
            .collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
    }

    #[test]
    fn a_try_that_began_before_the_one_it_stood_in_line_behind_is_open() {
        let (first, second) = (Moment::from_micros(0), Moment::from_micros(2_000));
        for kind in [Kind::Account, Kind::Address] {
            let pace = Pace::fresh(second).failed(kind, second);
            assert_eq!(pace.wait(first), None);
            assert_eq!(pace.forgiven_one().wait(first), None);
        }
    }

    proptest! {
        #[test]
        fn nobody_waits_longer_than_a_minute_and_who_waits_may_try(steps in proptest::collection::vec((any::<bool>(), 0i64..7_200), 1..200)) {
            let mut now = Moment::from_micros(0);
            let mut pace = Pace::fresh(now);
            for (fails, seconds) in steps {
                now = now.plus(Duration::seconds(seconds));
                pace = pace.at(now);
                pace = if fails { pace.failed(Kind::Account, now) } else { pace.forgiven_one() };
                prop_assert!(pace.failures >= 0);
                if let Some(wait) = pace.wait(now) {
                    prop_assert!(wait.as_secs() <= 60);
                }
                prop_assert_eq!(pace.wait(now.plus(Duration::seconds(LONGEST))), None);
            }
        }

        #[test]
        fn guessing_ends_at_a_hundred_and_whoever_is_known_always_gets_to_try(
            steps in proptest::collection::vec((any::<bool>(), any::<bool>(), 0i64..4_000), 1..400)
        ) {
            let mut now = Moment::from_micros(0);
            let mut pace = Pace::fresh(now);
            let mut in_a_row = 0;
            for (is_known, is_right, seconds) in steps {
                now = now.plus(Duration::seconds(seconds));
                let remembered = pace.at(now);
                if remembered.failures < pace.failures {
                    in_a_row = 0;
                }
                pace = remembered;
                match pace.gate(is_known, now) {
                    Gate::Open if is_right && is_known => { pace = Pace::fresh(now); in_a_row = 0; }
                    Gate::Open => {
                        prop_assert!(is_known || in_a_row < STRANGERS_OUT_AFTER, "a stranger's try after {in_a_row}");
                        pace = pace.failed(Kind::Account, now);
                        in_a_row += 1;
                    }
                    Gate::Wait(wait) => prop_assert!(wait.as_secs() <= 60),
                    Gate::LinkFirst => {
                        prop_assert!(!is_known && in_a_row >= STRANGERS_OUT_AFTER);
                        // A stranger's try that is not taken costs the others nothing.
                        prop_assert!(pace.gate(true, now) != Gate::LinkFirst);
                    }
                }
                prop_assert_eq!(pace.gate(true, now.plus(Duration::seconds(LONGEST))), Gate::Open);
            }
        }
    }
}
