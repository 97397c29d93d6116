//! Of whom single sign-on is to be required.

use crate::{access::RequiredOf, web::Fields};

pub struct RequireDraft {
    pub required: Option<RequiredOf>,
    /// The version of the connection that the page showed.
    pub seen: i64,
    /// Whether the summary of whom it concerns was agreed to.
    pub is_agreed: bool,
}

impl RequireDraft {
    pub fn read(fields: &Fields) -> Self {
        let all = [RequiredOf::Nobody, RequiredOf::Domains, RequiredOf::Everybody];
        Self {
            required: all.into_iter().find(|it| it.as_str() == fields.get("required_of")),
            seen: fields.get("seen").parse().unwrap_or_default(),
            is_agreed: fields.has("agreed"),
        }
    }
}
