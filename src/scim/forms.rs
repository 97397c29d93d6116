//! The form that makes a token.

use super::model::{Name, NameError};
use crate::web::Fields;

#[derive(Clone, Debug, Default)]
pub struct TokenDraft {
    pub name: String,
}

impl TokenDraft {
    pub fn read(fields: &Fields) -> Self {
        Self { name: fields.text("name") }
    }

    /// The name, or what is wrong with it.
    pub fn parse(&self) -> Result<Name, String> {
        Name::parse(&self.name).map_err(|error| match error {
            NameError::Missing => "Enter a name, such as that of your identity provider.".to_owned(),
            NameError::TooLong => "Use at most 100 characters for the name.".to_owned(),
            NameError::Control => "Write the name in one line of letters, digits and signs.".to_owned(),
        })
    }
}
