//! What the forms and the way back from a provider bring.

use super::model::Goal;
use crate::web::{Fields, url};

/// What the sign-in page and the invitation page want of a provider.
pub fn goal(fields: &Fields) -> Goal {
    match fields.get("invitation") {
        "" => Goal::SignIn { return_to: return_to(fields) },
        token => Goal::Join { token: token.chars().take(300).collect() },
    }
}

/// The page to go on to: one of ours, or the first.
pub fn return_to(fields: &Fields) -> String {
    url::local(fields.get("return_to")).unwrap_or(url::HOME).to_owned()
}

/// How the browser comes back (RFC 6749, section 4.1.2).
pub enum Back {
    Code(String),
    Declined,
    /// An error of another kind, or nothing that can be read.
    Nothing,
}

pub fn back(query: &Fields) -> Back {
    match (query.get("error"), query.get("code")) {
        ("access_denied", _) => Back::Declined,
        ("", code) if !code.is_empty() && code.len() <= 4_096 => Back::Code(code.to_owned()),
        _ => Back::Nothing,
    }
}
