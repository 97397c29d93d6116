//! Whom a change concerns: who gains what, who loses what, who would stand without access.

use crate::base::{
    ids::{GroupId, UserId},
    token,
};

/// What a change does, as far as it is told: the first fifty of everything, and how many there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    pub groups: Vec<GroupEffect>,
    pub more_groups: usize,
    /// Those whom the policy names themselves.
    pub people: Vec<PersonEffect>,
    pub more_people: usize,
    /// Active people who would not hold IAM Admin any more.
    pub lose_admin: Affected,
    /// Active people who would hold nothing any more.
    pub locked_out: Affected,
    /// Nobody would be left who administers the organization and can sign in.
    pub leaves_nobody: bool,
}

/// What the members of a group are given by all policies together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupEffect {
    pub id: GroupId,
    pub name: String,
    pub members: i64,
    pub gains: Vec<String>,
    pub loses: Vec<String>,
}

/// What somebody holds after it and not before, and the other way round, from wherever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonEffect {
    pub id: UserId,
    pub name: String,
    pub gains: Vec<String>,
    pub loses: Vec<String>,
}

/// How many, the first of them by name, and the groups too large to look at each member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Affected {
    pub ids: Vec<UserId>,
    pub names: Vec<String>,
    pub groups: Vec<(GroupId, String, i64)>,
    /// Whether whoever asks is one of them.
    pub is_me: bool,
}

impl Affected {
    pub fn is_nobody(&self) -> bool {
        self.ids.is_empty() && self.groups.is_empty()
    }
}

impl Preview {
    /// How many of each are named.
    pub const MOST_NAMED: usize = 50;

    /// Whether somebody would lose IAM Admin or all access.
    pub fn has_warnings(&self) -> bool {
        !self.lose_admin.is_nobody() || !self.locked_out.is_nobody()
    }

    /// Stands for exactly those who are warned of, to be agreed to.
    pub fn digest(&self) -> String {
        let of = |affected: &Affected| {
            let people = affected.ids.iter().map(|id| id.to_string());
            let groups = affected.groups.iter().map(|(id, ..)| id.to_string());
            people.chain(groups).collect::<Vec<_>>().join(" ")
        };
        token::hash(&format!("{}|{}", of(&self.lose_admin), of(&self.locked_out)))
    }
}
