//! Lengths of time in words.

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

    #[test]
    fn lengths_are_told_exactly() {
        assert_eq!(
            [15, 60, 720, 1_440, 10_080].map(span),
            ["15 minutes", "1 hour", "12 hours", "1 day", "7 days"]
        );
    }
}
