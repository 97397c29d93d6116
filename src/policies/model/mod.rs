//! What a policy is, what is wanted of it, and whom a change concerns.

mod difference;
mod name;
mod policy;
mod preview;
mod view;
mod wanted;

pub use difference::{Difference, difference};
pub use name::{MOST_CHARACTERS, NameRefusal, PolicyName};
pub use policy::{Heard, Listed, ListedRule, Policy, Principal, Rule, Workbench};
pub use preview::{Affected, GroupEffect, PersonEffect, Preview};
pub use view::{Cursor, Looked, Toward, View};
pub use wanted::{
    Agreement, Edit, Flaw, LONGEST_DESCRIPTION, MOST_IN_ALL, MOST_PRINCIPALS, MOST_RULES, Refusal, Wanted,
    WantedRule, touched,
};
