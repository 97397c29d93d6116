//! What the editor sends: cards of rules, and which of its buttons was pressed.

mod card;
mod deletion;
mod errors;

pub use card::CardDraft;
pub use deletion::DeletionDraft;
pub use errors::PolicyErrors;

use std::collections::BTreeMap;

use crate::{
    base::ids::{GroupId, UserId},
    policies::{
        commands::Sought,
        model::{Agreement, Edit, Flaw, MOST_RULES, Policy, PolicyName, Wanted, WantedRule},
        words,
    },
    web::Fields,
};

/// The longest key of a card.
const LONGEST_KEY: usize = 40;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// No button: a field that asks again by itself.
    Again,
    /// The key Enter.
    Enter,
    Find,
    Add,
    /// The card with this key.
    Delete(String),
    Preview,
    Save,
}

#[derive(Clone, Debug)]
pub struct PolicyDraft {
    pub act: Act,
    pub name: String,
    pub description: String,
    pub version: String,
    /// What was agreed to: see [`crate::policies::model::Preview::digest`].
    pub agreed: String,
    pub cards: Vec<CardDraft>,
    /// More cards came than are read.
    are_too_many: bool,
}

impl Act {
    fn parse(text: &str, is_there: bool) -> Self {
        match text {
            "save" => Self::Save,
            "preview" => Self::Preview,
            "add" => Self::Add,
            "find" => Self::Find,
            "" if is_there => Self::Enter,
            _ => match text.strip_prefix("delete:") {
                Some(key) => Self::Delete(key.to_owned()),
                None => Self::Again,
            },
        }
    }
}

impl PolicyDraft {
    /// A policy that is begun: one rule that says nothing yet.
    pub fn new() -> Self {
        let mut draft = Self {
            act: Act::Again,
            name: String::new(),
            description: String::new(),
            version: String::new(),
            agreed: String::new(),
            cards: Vec::new(),
            are_too_many: false,
        };
        draft.add();
        draft
    }

    pub fn of(policy: &Policy) -> Self {
        let card = |rule: WantedRule| CardDraft {
            key: rule.id.map(|id| id.to_string()).unwrap_or_default(),
            users: rule.users.iter().map(UserId::to_string).collect(),
            groups: rule.groups.iter().map(GroupId::to_string).collect(),
            roles: rule.roles,
            ..CardDraft::default()
        };
        Self {
            name: policy.name.clone(),
            description: policy.description.clone(),
            version: policy.version.to_string(),
            cards: policy.as_wanted().rules.into_iter().map(card).collect(),
            ..Self::new()
        }
    }

    pub fn read(fields: &Fields) -> Self {
        let mut draft = Self {
            act: Act::parse(fields.get("act"), fields.has("act")),
            name: fields.text("name"),
            description: fields.text("description"),
            version: fields.get("version").to_owned(),
            agreed: fields.get("agreed").to_owned(),
            are_too_many: fields.all("rule").nth(MOST_RULES).is_some(),
            cards: Vec::new(),
        };
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        for key in fields.all("rule").take(MOST_RULES).filter(|key| key.len() <= LONGEST_KEY) {
            if !places.contains_key(key) {
                places.insert(key, draft.cards.len());
                draft.cards.push(CardDraft { key: key.to_owned(), ..CardDraft::default() });
            }
        }
        for (name, value) in fields.iter() {
            let Some((part, key)) = name.split_once('.') else { continue };
            if let Some(card) = places.get(key).and_then(|place| draft.cards.get_mut(*place)) {
                card.take(part, value);
            }
        }
        draft
    }

    /// Of a Default policy only principals are sent; everything else stands as it is stored, unless something else was
    /// asked for.
    pub fn settled(mut self, policy: &Policy) -> Self {
        if !policy.is_standard {
            return self;
        }
        if self.name.is_empty() {
            self.name.clone_from(&policy.name);
        }
        if self.description.is_empty() {
            self.description.clone_from(&policy.description);
        }
        for card in self.cards.iter_mut().filter(|card| card.roles.is_empty()) {
            let stored = policy.rules.iter().find(|rule| rule.id.as_str() == card.key);
            card.roles = stored.map(|rule| rule.roles.iter().cloned().collect()).unwrap_or_default();
        }
        self
    }

    /// One more rule; false when there are as many as there may be.
    pub fn add(&mut self) -> bool {
        if self.cards.len() >= MOST_RULES {
            return false;
        }
        let number = |card: &CardDraft| card.key.strip_prefix('n').and_then(|it| it.parse::<u32>().ok());
        let next = self.cards.iter().filter_map(number).max().unwrap_or(0).saturating_add(1);
        self.cards.push(CardDraft { key: format!("n{next}"), ..CardDraft::default() });
        true
    }

    pub fn remove(&mut self, key: &str) {
        self.cards.retain(|card| card.key != key);
    }

    /// Whether something was typed into a search that is not answered yet.
    pub fn searches(&self) -> bool {
        self.cards.iter().any(CardDraft::searches)
    }

    /// What each card has chosen and looks for.
    pub fn sought(&self) -> Vec<Sought> {
        let sought = |card: &CardDraft| Sought {
            users: card.users.iter().filter_map(|id| id.parse().ok()).collect(),
            groups: card.groups.iter().filter_map(|id| id.parse().ok()).collect(),
            people_like: card.people_like.clone(),
            groups_like: card.groups_like.clone(),
        };
        self.cards.iter().map(sought).collect()
    }

    pub fn parse(&self) -> Result<Wanted, PolicyErrors> {
        let mut errors = PolicyErrors::default();
        let name = PolicyName::parse(&self.name).map_err(|refusal| errors.name = Some(words::name(refusal)));
        if self.are_too_many {
            errors.whole.push(words::flaw(Flaw::TooManyRules));
        }
        let mut rules = Vec::new();
        for (place, card) in self.cards.iter().enumerate() {
            match card.parse() {
                Some(rule) => rules.push(rule),
                None => drop(errors.principals.insert(place, words::NOT_ANY_MORE.to_owned())),
            }
        }
        match (name, errors.is_empty()) {
            (Ok(name), true) => Ok(Wanted { name, description: self.description.clone(), rules }),
            _ => Err(errors),
        }
    }

    /// A page without a version is a stale one.
    pub fn edit(&self) -> Result<Edit, PolicyErrors> {
        Ok(Edit {
            wanted: self.parse()?,
            version: self.version.parse().unwrap_or(0),
            agreement: Agreement::To(self.agreed.clone()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(pairs: &[(&str, &str)]) -> PolicyDraft {
        let fields: Fields = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        PolicyDraft::read(&fields)
    }

    #[test]
    fn cards_are_read_in_their_order_and_what_belongs_to_none_is_left_out() {
        let ada = UserId::new().to_string();
        let draft = draft(&[
            ("name", " Clusters "),
            ("rule", "n2"),
            ("rule", "n1"),
            ("rule", "n2"),
            ("user.n1", &ada),
            ("user.n1", &ada),
            ("role.n2", "cks_admin"),
            ("role.n9", "cks_admin"),
            ("act", "delete:n1"),
        ]);
        assert_eq!(draft.cards.iter().map(|card| card.key.as_str()).collect::<Vec<_>>(), ["n2", "n1"]);
        assert_eq!((draft.cards[1].users.len(), draft.cards[0].roles.len()), (1, 1));
        assert_eq!((draft.name.as_str(), &draft.act), ("Clusters", &Act::Delete("n1".into())));
        let wanted = draft.parse().unwrap();
        assert_eq!((wanted.rules.len(), wanted.rules[0].id), (2, None));
    }

    #[test]
    fn a_new_card_has_a_key_of_its_own_and_there_is_an_end() {
        let mut draft = draft(&[("rule", "n7")]);
        assert!(draft.add());
        assert_eq!(draft.cards[1].key, "n8");
        while draft.add() {}
        assert_eq!(draft.cards.len(), MOST_RULES);
        let many: Vec<(String, String)> = (0..10_000).map(|n| ("rule".to_owned(), format!("n{n}"))).collect();
        let draft = PolicyDraft::read(&many.into_iter().collect());
        assert_eq!(draft.cards.len(), MOST_RULES);
        assert!(draft.parse().unwrap_err().whole[0].contains("at most 100 rules"));
    }

    #[test]
    fn enter_in_a_search_finds_and_elsewhere_saves() {
        assert!(draft(&[("rule", "n1"), ("people_like.n1", "ada")]).searches());
        assert!(!draft(&[("rule", "n1"), ("people_like.n1", "ada"), ("people_shown.n1", "ada")]).searches());
        assert_eq!(draft(&[("act", "")]).act, Act::Enter);
        assert_eq!(draft(&[]).act, Act::Again);
    }
}
