//! What an identity provider says and is told (RFC 7643, RFC 7644); pure.

mod attributes;
mod console;
pub mod discovery;
mod email;
mod etag;
mod filter;
mod group;
mod patch;
mod person;
mod person_seen;
mod question;
mod refusal;
mod value;

pub use attributes::Projection;
pub use console::{
    Connection, Life, LinkRefusal, LogLine, MOST_TOKENS, Name, NameError, Overview, Token, Waiting,
};
pub use email::Email;
pub use etag::Etag;
pub use filter::{Attribute, Condition, Filter, Operator, unanswered};
pub use group::{GroupSeen, GroupSent, Member, MemberChange, nobody};
pub use patch::Patch;
pub use person::{PersonSent, Wanted};
pub use person_seen::PersonSeen;
pub use question::{Found, Question, Window};
pub use refusal::Refusal;

pub const USER_SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
pub const GROUP_SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
pub const LIST_SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";
pub const SEARCH_SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";
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
