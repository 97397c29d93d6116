//! A card: one rule as it was typed and ticked.

use std::collections::BTreeSet;

use crate::policies::model::WantedRule;

/// The longest search in a card.
const MOST_TYPED: usize = 200;

/// A rule as it was typed and ticked. Its key is its id, or `n` and a number while it has none.
#[derive(Clone, Debug, Default)]
pub struct CardDraft {
    pub key: String,
    pub users: BTreeSet<String>,
    pub groups: BTreeSet<String>,
    pub roles: BTreeSet<String>,
    pub people_like: String,
    pub groups_like: String,
    /// What the people and groups that are shown were found by.
    pub(super) shown_for: (String, String),
}

impl CardDraft {
    pub(super) fn take(&mut self, part: &str, value: &str) {
        let typed = || value.trim().chars().take(MOST_TYPED).collect::<String>();
        match part {
            "user" => drop(self.users.insert(value.to_owned())),
            "group" => drop(self.groups.insert(value.to_owned())),
            "role" => drop(self.roles.insert(value.to_owned())),
            "people_like" => self.people_like = typed(),
            "groups_like" => self.groups_like = typed(),
            "people_shown" => self.shown_for.0 = typed(),
            "groups_shown" => self.shown_for.1 = typed(),
            _ => {}
        }
    }

    /// Whether something was typed into a search that is not answered yet.
    pub(super) fn searches(&self) -> bool {
        self.people_like != self.shown_for.0 || self.groups_like != self.shown_for.1
    }

    /// Nothing when somebody is named by what is no id.
    pub(super) fn parse(&self) -> Option<WantedRule> {
        Some(WantedRule {
            id: self.key.parse().ok(),
            users: self.users.iter().map(|id| id.parse().ok()).collect::<Option<_>>()?,
            groups: self.groups.iter().map(|id| id.parse().ok()).collect::<Option<_>>()?,
            roles: self.roles.clone(),
        })
    }
}
