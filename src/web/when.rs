//! Times in words.

use chrono::Duration;
use chrono_tz::Tz;

use crate::base::clock::Moment;

/// A moment where somebody lives, such as `28 Nov 2026, 10:00`; in UTC, and saying so, where that is not known.
pub fn in_zone(at: Moment, zone: &str) -> String {
    match zone.parse::<Tz>() {
        Ok(zone) if zone != Tz::UTC => at.utc().with_timezone(&zone).format("%-d %b %Y, %H:%M").to_string(),
        _ => in_utc(at),
    }
}

/// The day there: `28 Nov 2026`.
pub fn day(at: Moment, zone: &str) -> String {
    at.utc().with_timezone(&zone.parse().unwrap_or(Tz::UTC)).format("%-d %b %Y").to_string()
}

/// For those whose time zone nobody knows: `28 Nov 2026, 10:00 UTC`.
pub fn in_utc(at: Moment) -> String {
    at.utc().format("%-d %b %Y, %H:%M UTC").to_string()
}

/// A length in the largest unit that tells it well, such as `7 days` or `3 hours`.
pub fn span(of: Duration) -> String {
    let minutes = of.num_minutes().max(0);
    let (count, unit) = match minutes {
        0..90 => (minutes.max(1), "minute"),
        90..2_160 => ((minutes + 30) / 60, "hour"),
        _ => ((minutes + 720) / 1_440, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_in_the_persons_zone_or_in_utc() {
        let at = Moment::from_micros(1_795_860_000_000_000);
        assert_eq!(in_zone(at, "Europe/Berlin"), "28 Nov 2026, 11:00");
        assert_eq!(in_zone(at, "UTC"), "28 Nov 2026, 10:00 UTC");
        assert_eq!(in_zone(at, "Nowhere/At all"), "28 Nov 2026, 10:00 UTC");
    }

    #[test]
    fn lengths_are_rounded_to_what_tells_them_well() {
        let told = |length| span(length);
        assert_eq!(told(Duration::days(7) - Duration::seconds(1)), "7 days");
        assert_eq!(told(Duration::hours(25)), "25 hours");
        assert_eq!(told(Duration::seconds(3)), "1 minute");
    }
}
