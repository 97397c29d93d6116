//! Names of organizations and people: text that is shown to others, so nothing in it may deceive.

use crate::base::fold;

pub const MOST_CHARACTERS: usize = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameRefusal {
    Empty,
    TooLong,
}

/// A name of an organization: 1 to 100 characters that can be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationName(String);

/// A name of a person: 1 to 100 characters that can be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonName(String);

impl OrganizationName {
    pub fn parse(typed: &str) -> Result<Self, NameRefusal> {
        visible(typed).map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PersonName {
    pub fn parse(typed: &str) -> Result<Self, NameRefusal> {
        visible(typed).map(Self)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Direction marks, controls and the like are taken out; white space is made single.
fn visible(typed: &str) -> Result<String, NameRefusal> {
    let name = fold::visible(typed);
    match name.chars().count() {
        0 => Err(NameRefusal::Empty),
        n if n > MOST_CHARACTERS => Err(NameRefusal::TooLong),
        _ => Ok(name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_what_can_be_seen_and_nothing_that_deceives() {
        assert_eq!(PersonName::parse("  Ada\u{202E}\n Lovelace\0 ").unwrap().as_str(), "Ada Lovelace");
        assert_eq!(PersonName::parse("<b>Zoë</b> 🦊").unwrap().as_str(), "<b>Zoë</b> 🦊");
        assert_eq!(PersonName::parse(" \u{200B}"), Err(NameRefusal::Empty));
        assert_eq!(OrganizationName::parse(&"x".repeat(101)), Err(NameRefusal::TooLong));
    }
}
