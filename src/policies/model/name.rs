//! Names of policies: text that is shown to others, so nothing in it may deceive.

use crate::base::fold;

pub const MOST_CHARACTERS: usize = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameRefusal {
    Empty,
    TooLong,
}

/// A name of a policy: 1 to 100 characters that can be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyName(String);

impl PolicyName {
    /// Direction marks, controls and the like are taken out; white space is made single.
    pub fn parse(typed: &str) -> Result<Self, NameRefusal> {
        let name = fold::visible(typed);
        match name.chars().count() {
            0 => Err(NameRefusal::Empty),
            n if n > MOST_CHARACTERS => Err(NameRefusal::TooLong),
            _ => Ok(Self(name)),
        }
    }

    /// A name that is stored already.
    pub fn kept(stored: &str) -> Self {
        Self(stored.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What it is compared by: names that look alike are the same.
    pub fn key(&self) -> String {
        fold::name_key(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_what_can_be_seen_and_is_compared_by_how_it_looks() {
        let name = PolicyName::parse("  Clusters\u{202E}\n of  Berlin\0 ").unwrap();
        assert_eq!(name.as_str(), "Clusters of Berlin");
        assert_eq!(name.key(), PolicyName::parse("CLUSTERS оf berlin").unwrap().key());
        assert_eq!(PolicyName::parse(" \u{200B}"), Err(NameRefusal::Empty));
        assert_eq!(PolicyName::parse(&"x".repeat(101)), Err(NameRefusal::TooLong));
    }
}
