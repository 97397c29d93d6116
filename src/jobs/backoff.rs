//! When to try again: soon at first, then ever more seldom, and not for ever.

use chrono::Duration;

use crate::base::clock::Moment;

const FIRST_SECONDS: i64 = 15;
const LONGEST_SECONDS: i64 = 3_600;

/// Work that cannot be done is given up when it is this old.
pub const GIVEN_UP_AFTER: Duration = Duration::hours(24);

/// How long to wait after `attempts` tries: 15 seconds, doubled each time, at most an hour, and up to a quarter less
/// so that what failed together does not come back together. `jitter` is a number from 0 to 1.
pub fn pause(attempts: i32, jitter: f64) -> Duration {
    let doublings = attempts.clamp(1, 16) - 1;
    let longest = (FIRST_SECONDS << doublings).min(LONGEST_SECONDS);
    let spared = longest as f64 * 0.25 * jitter.clamp(0.0, 1.0);
    Duration::milliseconds(longest * 1_000 - (spared * 1_000.0) as i64)
}

/// The moment of the next try, the last one exactly when time is up; `None` when it is up already.
pub fn next_try(attempts: i32, created_at: Moment, now: Moment, jitter: f64) -> Option<Moment> {
    let deadline = created_at.plus(GIVEN_UP_AFTER);
    (now < deadline).then(|| now.plus(pause(attempts, jitter)).min(deadline))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Moment {
        Moment::from_micros(1_800_000_000_000_000)
    }

    #[test]
    fn pauses_grow_from_fifteen_seconds_to_an_hour_and_stay_there() {
        let pauses: Vec<_> = (1..=10).map(|attempts| pause(attempts, 0.0).num_seconds()).collect();
        assert_eq!(pauses, [15, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
        assert_eq!(pause(i32::MAX, 0.0).num_seconds(), 3600);
        assert_eq!(pause(0, 0.0).num_seconds(), 15);
    }

    #[test]
    fn jitter_shortens_a_pause_by_a_quarter_at_most() {
        assert_eq!(pause(3, 1.0).num_seconds(), 45);
        assert_eq!(pause(3, 7.0).num_seconds(), 45);
    }

    #[test]
    fn the_last_try_is_after_24_hours_and_then_it_is_given_up() {
        let mut now = start();
        let mut attempts = 0;
        while let Some(next) = next_try(attempts, start(), now, 0.5) {
            assert!(next > now);
            (now, attempts) = (next, attempts + 1);
        }
        assert_eq!(now.since(start()), GIVEN_UP_AFTER);
        assert!((28..48).contains(&attempts), "{attempts} tries");
    }
}
