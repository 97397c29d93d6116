//! What is wrong with a policy.

use std::collections::BTreeMap;

use crate::policies::{
    model::{Flaw, Refusal},
    words,
};

/// What is wrong, where it is told; cards by their place.
#[derive(Clone, Debug, Default)]
pub struct PolicyErrors {
    pub whole: Vec<String>,
    pub name: Option<String>,
    pub description: Option<String>,
    pub principals: BTreeMap<usize, String>,
    pub roles: BTreeMap<usize, String>,
}

impl PolicyErrors {
    pub fn is_empty(&self) -> bool {
        self.whole.is_empty() && self.name.is_none() && self.principals.is_empty()
    }

    pub fn whole(words: impl Into<String>) -> Self {
        Self { whole: vec![words.into()], ..Self::default() }
    }

    /// A refusal at the field it is about; `told` are the words of any other.
    pub fn of(refusal: &Refusal, told: String) -> Self {
        let mut errors = Self::default();
        match refusal {
            Refusal::Flawed(flaws) => flaws.iter().for_each(|flaw| errors.add(*flaw)),
            Refusal::NameTaken => errors.name = Some(told),
            Refusal::NoSuchPrincipal { rule } => drop(errors.principals.insert(*rule, told)),
            _ => errors.whole.push(told),
        }
        errors
    }

    fn add(&mut self, flaw: Flaw) {
        let told = words::flaw(flaw);
        match flaw {
            Flaw::DescriptionTooLong => self.description = Some(told),
            Flaw::NoRules | Flaw::TooManyRules | Flaw::TooManyInAll => self.whole.push(told),
            Flaw::TooManyPrincipals { rule } | Flaw::NoPrincipal { rule } | Flaw::SameAs { rule, .. } => {
                drop(self.principals.insert(rule, told));
            }
            Flaw::NoRole { rule } | Flaw::UnknownRole { rule } => drop(self.roles.insert(rule, told)),
        }
    }
}
