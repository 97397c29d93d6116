//! Times as a person reads them: in their own zone, short. Script makes near ones relative.

use chrono::{DateTime, Duration};
use chrono_tz::Tz;

use crate::base::clock::Moment;

/// A person's time zone.
#[derive(Clone, Copy, Debug)]
pub struct Zone(Tz);

impl Zone {
    /// By its name in the time zone database, such as `Europe/Paris`; UTC when there is none of that name.
    pub fn of(name: &str) -> Self {
        Self(name.parse().unwrap_or(Tz::UTC))
    }

    /// `12 Nov 2026, 09:12`.
    pub fn day_and_time(self, at: Moment) -> String {
        self.local(at).format("%-d %b %Y, %H:%M").to_string()
    }

    /// `12 Nov 2026`.
    pub fn day(self, at: Moment) -> String {
        self.local(at).format("%-d %b %Y").to_string()
    }

    fn local(self, at: Moment) -> DateTime<Tz> {
        at.utc().with_timezone(&self.0)
    }
}

/// A length of time in its largest unit: `6 days`, `1 hour`.
pub fn length(of: Duration) -> String {
    let minutes = of.num_minutes().max(1);
    let (number, unit) = match minutes {
        2_880.. => (minutes / 1_440, "day"),
        120.. => (minutes / 60, "hour"),
        _ => (minutes, "minute"),
    };
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_in_the_zone_of_who_reads_it() {
        let at = Moment::from_micros(1_794_474_720_000_000);
        assert_eq!(Zone::of("UTC").day_and_time(at), "12 Nov 2026, 09:12");
        assert_eq!(Zone::of("Asia/Tokyo").day_and_time(at), "12 Nov 2026, 18:12");
        assert_eq!(Zone::of("Pacific/Kiritimati").day(at), "12 Nov 2026");
        assert_eq!(Zone::of("no such zone").day(at), "12 Nov 2026");
    }

    #[test]
    fn a_length_is_told_in_its_largest_unit() {
        assert_eq!(length(Duration::days(7)), "7 days");
        assert_eq!(length(Duration::hours(47)), "47 hours");
        assert_eq!(length(Duration::minutes(60)), "60 minutes");
        assert_eq!(length(Duration::seconds(-5)), "1 minute");
    }
}
