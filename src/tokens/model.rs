//! What a token is called, how long it works, and how many somebody has.

use chrono::Duration;

use crate::base::clock::Moment;

/// How many tokens one person has at the most that are neither revoked nor over.
pub const MOST_LIVE: i64 = 100;
pub const LONGEST_NAME: usize = 100;

/// A token's name: 1 to 100 characters without control characters, trimmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    Missing,
    TooLong,
    Control,
}

impl Name {
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let name = text.trim();
        match name {
            "" => Err(NameError::Missing),
            name if name.chars().count() > LONGEST_NAME => Err(NameError::TooLong),
            name if name.chars().any(char::is_control) => Err(NameError::Control),
            name => Ok(Self(name.to_owned())),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How long a token works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Life {
    Hour,
    EightHours,
    #[default]
    Month,
    NinetyDays,
    Year,
    Never,
}

impl Life {
    pub const ALL: [Self; 6] =
        [Self::Hour, Self::EightHours, Self::Month, Self::NinetyDays, Self::Year, Self::Never];

    /// Its word in forms and in the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hour => "1h",
            Self::EightHours => "8h",
            Self::Month => "30d",
            Self::NinetyDays => "90d",
            Self::Year => "365d",
            Self::Never => "never",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Hour => "1 hour",
            Self::EightHours => "8 hours",
            Self::Month => "One month",
            Self::NinetyDays => "90 days",
            Self::Year => "One year",
            Self::Never => "Never",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|life| life.word() == word)
    }

    /// When a token made now is over; none for one that never is.
    pub fn end(self, now: Moment) -> Option<Moment> {
        let length = match self {
            Self::Hour => Duration::hours(1),
            Self::EightHours => Duration::hours(8),
            Self::Month => Duration::days(30),
            Self::NinetyDays => Duration::days(90),
            Self::Year => Duration::days(365),
            Self::Never => return None,
        };
        Some(now.plus(length))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_trimmed_bounded_and_one_line() {
        assert_eq!(Name::parse("  ci  ").map(|name| name.as_str().to_owned()), Ok("ci".to_owned()));
        assert_eq!(Name::parse(" \t "), Err(NameError::Missing));
        assert_eq!(Name::parse("a\nb"), Err(NameError::Control));
        assert!(Name::parse(&"ü".repeat(100)).is_ok());
        assert_eq!(Name::parse(&"ü".repeat(101)), Err(NameError::TooLong));
    }

    #[test]
    fn a_life_reads_back_from_its_word_and_ends_when_it_says() {
        let now = Moment::from_micros(0);
        for life in Life::ALL {
            assert_eq!(Life::parse(life.word()), Some(life));
        }
        assert_eq!(Life::default().end(now), Some(now.plus(Duration::days(30))));
        assert_eq!(Life::Never.end(now), None);
        assert_eq!(Life::parse("2h"), None);
    }
}
