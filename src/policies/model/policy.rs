//! A policy as it is stored.

use std::collections::{BTreeMap, BTreeSet};

use super::{PolicyName, Wanted, WantedRule};
use crate::{
    base::{
        clock::Moment,
        ids::{GroupId, PolicyId, RuleId, UserId},
    },
    groups::GroupName,
    people::Someone,
};

/// A policy with all its rules, in their order.
#[derive(Clone, Debug)]
pub struct Policy {
    pub id: PolicyId,
    pub name: String,
    pub description: String,
    /// Whether the organization began with it: then only its principals can be changed.
    pub is_standard: bool,
    pub version: i64,
    pub rules: Vec<Rule>,
}

/// Roles, and to whom they are given; people and groups by name, roles by their identifier.
#[derive(Clone, Debug)]
pub struct Rule {
    pub id: RuleId,
    pub users: Vec<Someone>,
    pub groups: Vec<GroupName>,
    pub roles: Vec<String>,
}

/// Who a rule names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Principal {
    User(UserId),
    Group(GroupId),
}

/// A policy as a row of the list shows it: its first rules, and how many there are.
#[derive(Clone, Debug)]
pub struct Listed {
    pub id: PolicyId,
    pub name: String,
    pub key: String,
    pub description: String,
    pub is_standard: bool,
    pub updated_at: Moment,
    pub count: i64,
    pub rules: Vec<ListedRule>,
}

#[derive(Clone, Debug, Default)]
pub struct ListedRule {
    pub roles: Vec<String>,
    pub groups: Vec<String>,
    /// The first few of those it names.
    pub people: Vec<String>,
    pub people_count: i64,
}

/// The names an editor needs: of everybody chosen, and of those found for each card.
#[derive(Clone, Debug, Default)]
pub struct Workbench {
    pub people: BTreeMap<UserId, Someone>,
    pub groups: BTreeMap<GroupId, GroupName>,
    /// All groups, when they are few enough to be listed in every card.
    pub all_groups: Option<Vec<GroupName>>,
    /// By the number of the card.
    pub found: BTreeMap<usize, Heard>,
}

/// What a search in a card found.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    pub people: Vec<Someone>,
    pub are_more_people: bool,
    pub groups: Vec<GroupName>,
    pub are_more_groups: bool,
}

impl Policy {
    /// The same as it would be asked for.
    pub fn as_wanted(&self) -> Wanted {
        let rule = |rule: &Rule| WantedRule {
            id: Some(rule.id),
            users: rule.users.iter().map(|person| person.id).collect(),
            groups: rule.groups.iter().map(|group| group.id).collect(),
            roles: rule.roles.iter().cloned().collect(),
        };
        Wanted {
            name: PolicyName::kept(&self.name),
            description: self.description.clone(),
            rules: self.rules.iter().map(rule).collect(),
        }
    }

    pub fn has_role(&self, role: &str) -> bool {
        self.rules.iter().any(|rule| rule.roles.iter().any(|it| it == role))
    }
}

/// What rules give to each of those they name.
pub fn given(rules: &[WantedRule]) -> BTreeMap<Principal, BTreeSet<&str>> {
    let mut given: BTreeMap<Principal, BTreeSet<&str>> = BTreeMap::new();
    for rule in rules {
        for principal in rule.principals() {
            given.entry(principal).or_default().extend(rule.roles.iter().map(String::as_str));
        }
    }
    given
}
