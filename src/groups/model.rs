//! What a group is, what may be asked of it, and pages of groups and members.

mod list;
mod naming;
mod place;

use crate::{
    base::{
        clock::Moment,
        ids::{GroupId, PolicyId},
    },
    people::Someone,
};

pub use list::{Listed, Page, page_of};
pub use naming::{Description, GroupLabel, MOST_DESCRIPTION, MOST_NAME, NameError, Naming};
pub use place::{MemberPlace, Place};

/// How many groups an organization may have: as many as every form of groups shows.
pub const MOST_GROUPS: usize = 500;
/// How many people one act adds or takes out.
pub const MOST_AT_ONCE: usize = 500;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub id: GroupId,
    pub name: String,
    pub description: String,
    /// One that every organization starts with: its Default policy is bound to it, so neither its name nor its
    /// existence changes.
    pub standard: bool,
    pub members: i64,
    pub created_at: Moment,
}

/// A policy with a rule that names the group, and the roles it gives there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedBy {
    pub policy: PolicyId,
    pub name: String,
    pub roles: Vec<String>,
}

/// One page of members, by name.
#[derive(Clone, Debug, Default)]
pub struct Members {
    /// Each with their place in the list.
    pub people: Vec<(MemberPlace, Someone)>,
    pub previous: Option<MemberPlace>,
    pub next: Option<MemberPlace>,
}

/// All that the page of a group shows.
#[derive(Clone, Debug)]
pub struct Seen {
    pub group: Group,
    pub named_by: Vec<NamedBy>,
    pub members: Members,
    /// The place in the address could not be read.
    pub is_lost: bool,
    /// Whoever asks holds all that the group gives.
    pub may_add: bool,
    /// An identity provider settles its name and members.
    pub is_provisioned: bool,
}

/// What deleting a group would do.
#[derive(Clone, Debug)]
pub struct Deletion {
    pub group: Group,
    pub named_by: Vec<NamedBy>,
}

/// People to choose from, and those who are chosen already.
#[derive(Clone, Debug)]
pub struct Candidates {
    pub group: Group,
    pub chosen: Vec<Someone>,
    pub found: Vec<Candidate>,
    /// There are more than are shown.
    pub are_more: bool,
    pub may_add: bool,
}

#[derive(Clone, Debug)]
pub struct Candidate {
    pub who: Someone,
    pub is_member: bool,
}

/// Why a group was not made, or is named as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamingRefusal {
    NoSuchGroup,
    /// There is one with this name already, or with one that looks like it.
    Taken(String),
    /// It is one of those that every organization starts with.
    Standard,
    /// An identity provider settles it.
    Provisioned,
    TooMany,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeleteRefusal {
    NoSuchGroup,
    Standard,
    /// An identity provider settles it.
    Provisioned,
    /// Nobody would be left who administers the organization and can sign in.
    LastAdministrator,
}

/// Why the members are as they were.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MembersRefusal {
    NoSuchGroup,
    /// Somebody who was ticked is not in the organization any more.
    NoSuchPerson,
    /// Nobody has these addresses.
    UnknownAddresses(Vec<String>),
    /// The group carries roles that whoever asks does not hold.
    MoreThanOwn,
    /// An identity provider settles who is in it.
    Provisioned,
    LastAdministrator,
}

/// What became of adding people.
#[derive(Clone, Debug)]
pub struct Added {
    pub group: String,
    pub people: Vec<Someone>,
    /// How many of those asked for were members before.
    pub were_members: usize,
}

#[derive(Clone, Debug)]
pub struct Removed {
    pub group: String,
    pub people: Vec<Someone>,
}
