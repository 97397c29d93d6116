//! What a token is called, how long it works, and how many somebody has.

use chrono::Duration;

use crate::base::{
    clock::Moment,
    ids::{AccessTokenId, UserId},
};

/// How many tokens one person has at the most that are neither revoked nor over.
pub const MOST_LIVE: i64 = 100;
pub const LONGEST_NAME: usize = 100;
pub const LONGEST_COMMENT: usize = 500;
/// From so long before its end on a list warns of it.
const SOON: Duration = Duration::days(7);

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

/// A token as its person and those who administer see it; the secret is known to nobody any more.
#[derive(Clone, Debug)]
pub struct Token {
    pub id: AccessTokenId,
    pub owner: UserId,
    pub name: String,
    pub comment: String,
    pub created_at: Moment,
    pub expires_at: Option<Moment>,
    pub last_used_at: Option<Moment>,
    pub revoked_at: Option<Moment>,
    /// The roles it carries at most, if it is narrowed.
    pub roles: Option<Vec<String>>,
}

/// How far a token is from its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Never,
    Later,
    /// Within seven days; this long from now.
    Soon(Duration),
    Over,
}

impl Token {
    pub fn end(&self, now: Moment) -> End {
        match self.expires_at.map(|at| at.since(now)) {
            None => End::Never,
            Some(left) if left <= Duration::zero() => End::Over,
            Some(left) if left <= SOON => End::Soon(left),
            Some(_) => End::Later,
        }
    }

    /// Whether it opens anything, as far as the token itself goes.
    pub fn is_live(&self, now: Moment) -> bool {
        self.revoked_at.is_none() && self.end(now) != End::Over
    }
}

/// A comment: at most 500 characters, NUL and the other control characters but line ends taken out.
pub fn comment(text: &str) -> Option<String> {
    let text: String = text.trim().chars().filter(|it| !it.is_control() || *it == '\n').collect();
    (text.chars().count() <= LONGEST_COMMENT).then_some(text)
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
