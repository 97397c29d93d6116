//! What was typed of a connection, and what the way back from a provider brings.

mod oidc;
mod people;
mod require;
mod saml;
mod terms;
mod way;

pub use oidc::OidcDraft;
pub use people::{PeopleDraft, group_id, value_id};
pub use require::RequireDraft;
pub use saml::{Entered, SamlDraft, Source, Tab, pem};
pub use terms::Terms;
pub use way::{Back, StartDraft, back, return_to};

use super::model::LONGEST;

/// What is wrong, by the id of the field; empty for the form as a whole.
#[derive(Clone, Debug, Default)]
pub struct Errors(pub Vec<(String, String)>);

impl Errors {
    pub fn whole(words: impl Into<String>) -> Self {
        Self(vec![(String::new(), words.into())])
    }

    pub fn at(field: &str, words: impl Into<String>) -> Self {
        Self(vec![(field.to_owned(), words.into())])
    }

    pub fn of(&self, field: &str) -> Option<String> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, words)| words.clone())
    }

    fn add(&mut self, field: &str, words: impl Into<String>) {
        self.0.push((field.to_owned(), words.into()));
    }
}

/// Words as a sentence.
pub fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
