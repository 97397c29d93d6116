//! What the forms of passkeys send.

use serde::de::DeserializeOwned;

use super::model::{self, LONGEST_ANSWER};
use crate::web::{Fields, url};

/// What the authenticator answered, as script wrote it down; nothing when it is not that, or too long.
pub fn answer<T: DeserializeOwned>(fields: &Fields) -> Option<T> {
    let written = fields.get("credential");
    (written.len() <= LONGEST_ANSWER).then(|| serde_json::from_str(written).ok()).flatten()
}

pub fn name(fields: &Fields) -> Result<String, String> {
    model::name(fields.get("name"))
}

/// The page to go on to: one of ours, or the first.
pub fn goal(fields: &Fields) -> String {
    url::local(fields.get("return_to")).unwrap_or(url::HOME).to_owned()
}
