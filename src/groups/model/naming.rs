//! Names and descriptions of groups: text that is shown to others, so nothing in it may deceive.

use crate::base::fold;

pub const MOST_NAME: usize = 60;
pub const MOST_DESCRIPTION: usize = 300;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameError {
    Empty,
    TooLong(usize),
}

/// 1 to 60 characters that can be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupLabel(String);

impl GroupLabel {
    pub fn parse(typed: &str) -> Result<Self, NameError> {
        let name = fold::visible(typed);
        match name.chars().count() {
            0 => Err(NameError::Empty),
            long if long > MOST_NAME => Err(NameError::TooLong(long)),
            _ if self::key_of(&name).is_empty() => Err(NameError::Empty),
            _ => Ok(Self(name)),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// No two groups of an organization have the same.
    pub fn key(&self) -> String {
        key_of(&self.0)
    }
}

fn key_of(name: &str) -> String {
    fold::name_key(name)
}

/// Up to 300 characters on one line, or none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description(String);

impl Description {
    /// The length of what is too long.
    pub fn parse(typed: &str) -> Result<Self, usize> {
        let text = fold::visible(typed);
        match text.chars().count() {
            long if long > MOST_DESCRIPTION => Err(long),
            _ => Ok(Self(text)),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How a group shall be called and described.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Naming {
    pub name: GroupLabel,
    pub description: Description,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_can_be_seen_and_is_not_too_long() {
        assert_eq!(GroupLabel::parse(" Night\u{202E}  shift ").unwrap().as_str(), "Night shift");
        for nothing in ["", " \u{200B}", "\u{0301}"] {
            assert_eq!(GroupLabel::parse(nothing), Err(NameError::Empty), "{nothing:?}");
        }
        assert_eq!(GroupLabel::parse(&"x".repeat(61)), Err(NameError::TooLong(61)));
        assert_eq!(GroupLabel::parse("Аdmin").unwrap().key(), "admin");
        assert_eq!(Description::parse(&"x".repeat(301)), Err(301));
        assert_eq!(Description::parse("  \n").unwrap().as_str(), "");
    }
}
