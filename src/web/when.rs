//! Times in words.

use std::fmt;

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, TimeZone, Timelike};
use chrono_tz::{OffsetName, TZ_VARIANTS, Tz};

use crate::base::clock::Moment;

/// A moment where somebody lives, with the name of its zone, such as `28 Nov 2026, 10:00 CET`; in UTC where the zone is
/// not known.
pub fn in_zone(at: Moment, zone: &str) -> String {
    let there = there(at, zone);
    let (day, hour, minute) = (Day(&there), there.hour(), there.minute());
    // Most zones have letters for their time; the others are told by how far they are from UTC.
    match there.offset().abbreviation() {
        Some(letters) if !letters.starts_with(['+', '-']) => {
            format!("{day}, {hour:02}:{minute:02} {letters}")
        }
        _ => format!("{day}, {hour:02}:{minute:02} UTC{}", there.offset()),
    }
}

fn there(at: Moment, zone: &str) -> DateTime<Tz> {
    at.utc().with_timezone(&zone.parse().unwrap_or(Tz::UTC))
}

/// Not by a format of chrono's, which is read anew for every time: a page tells many.
struct Day<'a>(&'a DateTime<Tz>);

impl fmt::Display for Day<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MONTHS: [&str; 12] =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        write!(f, "{} {} {}", self.0.day(), MONTHS[self.0.month0() as usize], self.0.year())
    }
}

/// The zone of this name in the IANA time zone database, if there is one.
pub fn zone(name: &str) -> Option<&'static str> {
    name.parse::<Tz>().ok().map(|zone| zone.name())
}

/// The zones to choose from, by place and in the order of their names; older names for them are left out.
pub fn zones() -> impl Iterator<Item = &'static str> {
    const REGIONS: [&str; 10] = [
        "Africa/",
        "America/",
        "Antarctica/",
        "Arctic/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    ];
    let by_place = TZ_VARIANTS
        .iter()
        .map(|zone| zone.name())
        .filter(|name| REGIONS.iter().any(|region| name.starts_with(region)));
    std::iter::once("UTC").chain(by_place)
}

/// The day there: `28 Nov 2026`.
pub fn day(at: Moment, zone: &str) -> String {
    Day(&there(at, zone)).to_string()
}

/// When a day begins there; where the clocks are put forward at midnight, an hour later.
pub fn begins(day: NaiveDate, zone: &str) -> Moment {
    let zone: Tz = zone.parse().unwrap_or(Tz::UTC);
    let midnight = day.and_time(NaiveTime::MIN);
    let there = zone.from_local_datetime(&midnight).earliest();
    let there = there.or_else(|| zone.from_local_datetime(&(midnight + Duration::hours(1))).earliest());
    there.map_or_else(|| Moment::from_naive(midnight), |there| Moment::new(there.to_utc()))
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
        assert_eq!(in_zone(at, "Europe/Berlin"), "28 Nov 2026, 11:00 CET");
        assert_eq!(in_zone(at, "America/Sao_Paulo"), "28 Nov 2026, 07:00 UTC-03");
        assert_eq!(in_zone(at, "UTC"), "28 Nov 2026, 10:00 UTC");
        assert_eq!(in_zone(at, "Nowhere/At all"), "28 Nov 2026, 10:00 UTC");
    }

    #[test]
    fn a_day_begins_at_midnight_there_or_when_the_clocks_were_put_forward() {
        let begins = |year, month, day, zone| {
            let day = NaiveDate::from_ymd_opt(year, month, day).unwrap();
            super::begins(day, zone).rfc3339()
        };
        assert_eq!(begins(2026, 11, 28, "Europe/Berlin"), "2026-11-27T23:00:00.000000Z");
        assert_eq!(begins(2026, 11, 28, "Nowhere"), "2026-11-28T00:00:00.000000Z");
        assert_eq!(begins(2018, 11, 4, "America/Sao_Paulo"), "2018-11-04T03:00:00.000000Z");
    }

    #[test]
    fn the_zones_to_choose_from_are_known_and_each_stands_there_once() {
        let zones: Vec<_> = zones().collect();
        assert!(zones.iter().all(|name| zone(name) == Some(name)) && zones.contains(&"Europe/Berlin"));
        assert!(zones[1..].is_sorted_by(|one, next| one < next), "by their names, after UTC");
        assert_eq!((zone("Europe/Atlantis"), zone(""), zone("Zulu")), (None, None, Some("Zulu")));
    }

    #[test]
    fn lengths_are_rounded_to_what_tells_them_well() {
        let told = |length| span(length);
        assert_eq!(told(Duration::days(7) - Duration::seconds(1)), "7 days");
        assert_eq!(told(Duration::hours(25)), "25 hours");
        assert_eq!(told(Duration::seconds(3)), "1 minute");
    }
}
