//! The secret of an identity provider: made as those of access tokens are, and told from them by `rst_scim_`.

use std::fmt;

use super::{access_secret, token};

pub const PREFIX: &str = "rst_scim_";

/// A secret that is well formed; whether anybody ever gave it out is another question.
#[derive(Clone)]
pub struct ScimSecret(String);

impl ScimSecret {
    /// A new one, of 214 random bits.
    pub fn random() -> Self {
        Self(access_secret::random(PREFIX))
    }

    /// Reads what somebody sent; none when it is no secret of this kind, or not as it was given out.
    pub fn parse(text: &str) -> Option<Self> {
        access_secret::is_whole(PREFIX, text).then(|| Self(text.to_owned()))
    }

    /// What of it is stored and looked up.
    pub fn hash(&self) -> String {
        token::hash(&self.0)
    }

    /// To be shown once, to whoever sets the provider up.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ScimSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rst_scim_***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::access_secret::AccessSecret;

    #[test]
    fn the_secrets_of_providers_and_of_people_do_not_stand_for_each_other() {
        let (provider, person) = (ScimSecret::random(), AccessSecret::random());
        assert!(ScimSecret::parse(provider.reveal()).is_some());
        assert!(AccessSecret::parse(provider.reveal()).is_none());
        assert!(ScimSecret::parse(person.reveal()).is_none());
        assert!(ScimSecret::parse(&provider.reveal()[..50]).is_none());
        assert_eq!(format!("{provider:?}"), "rst_scim_***");
    }
}
