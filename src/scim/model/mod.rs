//! What an identity provider says and is told (RFC 7643, RFC 7644); pure.

mod attributes;
mod console;
pub mod discovery;
mod etag;
mod filter;
mod group;
mod patch;
mod person;
mod refusal;

pub use attributes::Projection;
pub use console::{
    Connection, Life, LinkRefusal, LogLine, MOST_TOKENS, Name, NameError, Overview, Token, Waiting,
};
pub use etag::Etag;
pub use filter::{Attribute, Condition, Filter, Operator, unanswered};
pub use group::{GroupSeen, GroupSent, Member, MemberChange, nobody};
pub use patch::Patch;
pub use person::{PersonSeen, PersonSent, Wanted};
pub use refusal::Refusal;

pub const USER_SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub const GROUP_SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub const LIST_SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
pub const ERROR_SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// The most resources in one answer; asking for more gets these.
pub const MOST_RESULTS: usize = 200;
/// The most members that an answer tells of one group; above, `excludedAttributes=members` is needed.
pub const MOST_MEMBERS: usize = 10_000;
/// The longest filter, in bytes.
pub const LONGEST_FILTER: usize = 1_000;
/// The most operations of one PATCH.
pub const MOST_OPERATIONS: usize = 1_000;
/// How many lines of the log an organization keeps.
pub const MOST_LOGGED: usize = 1_000;

/// Where a page of a list begins, counted from 1, and how many it has at the most (RFC 7644 §3.4.2.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub start: usize,
    pub count: usize,
}

impl Window {
    /// What was asked for, made possible: a start below 1 is 1, a negative count is none.
    pub fn of(start: Option<&str>, count: Option<&str>) -> Result<Self, Refusal> {
        let number = |name: &str, text: Option<&str>, otherwise: i64| match text {
            None | Some("") => Ok(otherwise),
            Some(text) => {
                text.parse::<i64>().map_err(|_| Refusal::BadValue(format!("{name} must be a whole number.")))
            }
        };
        let start = number("startIndex", start, 1)?.max(1);
        let count = number("count", count, 100)?.max(0);
        Ok(Self {
            start: usize::try_from(start).unwrap_or(usize::MAX),
            count: usize::try_from(count).unwrap_or(usize::MAX).min(MOST_RESULTS),
        })
    }

    pub fn offset(self) -> i64 {
        i64::try_from(self.start - 1).unwrap_or(i64::MAX)
    }

    pub fn limit(self) -> i64 {
        i64::try_from(self.count).unwrap_or(i64::MAX)
    }
}

/// One page of a list, and how many there are in all.
#[derive(Clone, Debug)]
pub struct Found<T> {
    pub total: i64,
    pub rows: Vec<T>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_made_possible_or_refused() {
        let of = |start, count| Window::of(start, count).map(|it| (it.start, it.count));
        assert_eq!(of(None, None).ok(), Some((1, 100)));
        assert_eq!(of(Some("0"), Some("-3")).ok(), Some((1, 0)));
        assert_eq!(of(Some("7"), Some("100000")).ok(), Some((7, MOST_RESULTS)));
        assert!(of(Some("x"), None).is_err() && of(None, Some("1.5")).is_err());
    }
}
