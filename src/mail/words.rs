//! Text that others wrote, made fit for a letter: one line where one line belongs, nothing that cannot be seen,
//! no more than a bounded length, and no direction that spills into the sentence around it.

use chrono::Duration;

use crate::base::{clock::Moment, fold::is_invisible};

/// One line of at most `most` characters; what is cut shows as `…`.
pub fn line(text: &str, most: usize) -> String {
    let seen: String =
        text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_invisible(*c)).collect();
    cut(&seen.split_whitespace().collect::<Vec<_>>().join(" "), most)
}

/// A [`line`] that stands inside a sentence: isolated (UAX #9) when it holds letters that run from right to left.
pub fn inline(text: &str, most: usize) -> String {
    let line = line(text, most);
    if line.chars().any(runs_right_to_left) { format!("\u{2068}{line}\u{2069}") } else { line }
}

/// Several lines, at most `most` characters in all, with no more than one empty line between them.
pub fn lines(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut left = most;
    for text in text.lines() {
        let line = line(text, left);
        if left == 0 || (line.is_empty() && lines.last().is_none_or(String::is_empty)) {
            continue;
        }
        left = left.saturating_sub(line.chars().count().max(1));
        lines.push(line);
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

fn runs_right_to_left(c: char) -> bool {
    matches!(c, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}'
        | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// `a`, `a and b`, `a, b and c`.
pub fn listed(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

/// Such as `Sunday, 29 November 2026 at 14:03 UTC`.
pub fn day_and_time(at: Moment) -> String {
    at.utc().format("%A, %-d %B %Y at %H:%M UTC").to_string()
}

/// A length in the largest unit that tells it well, such as `7 days` or `3 hours`.
pub fn length(of: Duration) -> String {
    let minutes = of.num_minutes().max(0);
    let (count, unit) = match minutes {
        0..90 => (minutes, "minute"),
        90..2_160 => ((minutes + 30) / 60, "hour"),
        _ => ((minutes + 720) / 1_440, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_no_breaks_marks_or_excess() {
        assert_eq!(line("Ada\r\nBcc: eve@example.com", 60), "Ada Bcc: eve@example.com");
        assert_eq!(line("\u{202E}Ada\u{0}\t Lovelace\u{200B}", 60), "Ada Lovelace");
        assert_eq!(line("abcdefgh", 5), "abcd…");
        assert_eq!(line("éééé", 4), "éééé");
    }

    #[test]
    fn a_name_that_runs_the_other_way_is_isolated_and_its_own_marks_are_dropped() {
        assert_eq!(inline("\u{202E}שלום\u{2069}", 60), "\u{2068}שלום\u{2069}");
        assert_eq!(inline("Ada", 60), "Ada");
    }

    #[test]
    fn a_message_keeps_its_paragraphs_and_no_more_than_its_length() {
        assert_eq!(lines("\n\nHello\r\n\n\n\nBye \n\n", 100), ["Hello", "", "Bye"]);
        assert_eq!(lines("abcdef\nghi", 5), ["abcd…"]);
        assert!(lines("\n\n", 5).is_empty());
    }

    #[test]
    fn times_and_lengths_are_said_in_words() {
        let at = Moment::from_micros(1_795_960_980_000_000);
        assert_eq!(day_and_time(at), "Sunday, 29 November 2026 at 14:03 UTC");
        assert_eq!(length(Duration::days(7)), "7 days");
        assert_eq!(length(Duration::days(7) - Duration::seconds(1)), "7 days");
        assert_eq!(length(Duration::hours(24)), "24 hours");
        assert_eq!(length(Duration::minutes(1)), "1 minute");
        assert_eq!(length(Duration::minutes(-5)), "0 minutes");
    }

    #[test]
    fn lists_end_with_and() {
        let names = ["Admins".to_owned(), "Operators".to_owned(), "Developers".to_owned()];
        assert_eq!(listed(&names), "Admins, Operators and Developers");
        assert_eq!(listed(&names[..1]), "Admins");
    }
}
