//! Whose accounts may sign in to accounts here.

use serde::{Deserialize, Serialize};

use super::Settings;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    Google,
    #[serde(rename = "github")]
    GitHub,
}

impl Provider {
    pub const ALL: [Provider; 2] = [Provider::Google, Provider::GitHub];

    /// As addresses and rows name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Google => "google",
            Self::GitHub => "github",
        }
    }

    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.word() == word)
    }

    /// As people know it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Google => "Google",
            Self::GitHub => "GitHub",
        }
    }
}

impl Settings {
    /// Those that are set up, in the order in which pages name them.
    pub fn providers(&self) -> Vec<Provider> {
        Provider::ALL.into_iter().filter(|provider| self.issuer_of(*provider).is_some()).collect()
    }

    /// In whose name this provider vouches for people, without a slash at the end; nothing when it is not set up. A
    /// subject is one only together with its issuer.
    pub fn issuer_of(&self, provider: Provider) -> Option<String> {
        let url = match provider {
            Provider::Google => self.google.as_ref().map(|google| &google.issuer),
            Provider::GitHub => self.github.as_ref().map(|github| &github.url),
        };
        url.map(|url| url.as_str().trim_end_matches('/').to_owned())
    }

    /// The issuers whose word lets somebody in.
    pub fn issuers(&self) -> Vec<String> {
        Provider::ALL.into_iter().filter_map(|provider| self.issuer_of(provider)).collect()
    }
}
