//! What is asked about access, and what was found.

use std::collections::BTreeMap;

use crate::{
    access::{GroupRoles, HoldingGroup, HoldingPerson, Standing},
    base::ids::{AccessRequestId, RuleId},
    people::Someone,
};

/// All that is needed to explain what one person may do.
#[derive(Clone, Debug)]
pub struct Explained {
    pub who: Someone,
    pub standing: Standing,
    pub groups: Vec<GroupRoles>,
    pub pending: Vec<(AccessRequestId, String)>,
    /// The number of each rule in its policy.
    pub rules: BTreeMap<RuleId, i32>,
}

/// Who holds some roles, and through what.
#[derive(Clone, Debug, Default)]
pub struct Holders {
    pub groups: Vec<HoldingGroup>,
    pub people: Vec<HoldingPerson>,
    /// There are more people than are told.
    pub are_more: bool,
}

/// For every role: the groups that carry it, how many people policies name for it, and how many hold it for a time.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    pub groups: Vec<HoldingGroup>,
    pub counts: BTreeMap<String, (i64, i64)>,
}

/// A question as it was asked: about somebody, about an action, or about both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    pub person: String,
    pub action: String,
}

impl Question {
    /// No address and no action is longer.
    const MOST: usize = 320;

    pub fn read(person: &str, action: &str) -> Self {
        let cut = |text: &str| text.trim().chars().take(Self::MOST).collect();
        Self { person: cut(person), action: cut(action) }
    }

    pub fn is_asked(&self) -> bool {
        !self.person.is_empty() || !self.action.is_empty()
    }
}

/// What was found for a question.
#[derive(Debug)]
pub enum Found {
    Nothing,
    /// The text is no address.
    NotAnAddress,
    /// Nobody in the organization has this address.
    NoSuchPerson,
    NoSuchAction,
    Person(Box<Explained>),
    /// Who may do the action.
    Holders(Holders),
}
