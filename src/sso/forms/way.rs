//! Where the way to a provider begins, and how it comes back.

use crate::{
    base::email_address::EmailAddress,
    sso::model::Goal,
    web::{Fields, url},
};

/// The form of the sign-in page.
#[derive(Clone, Debug, Default)]
pub struct StartDraft {
    pub email: String,
    pub return_to: String,
}

impl StartDraft {
    pub fn read(fields: &Fields) -> Self {
        let return_to = url::local(fields.get("return_to")).unwrap_or_default().to_owned();
        Self { email: fields.text("email"), return_to }
    }

    pub fn parse(&self) -> Result<EmailAddress, &'static str> {
        EmailAddress::parse(&self.email).map_err(|_| "Enter your email address, such as ada@example.com.")
    }

    pub fn goal(&self) -> Goal {
        let return_to = if self.return_to.is_empty() { url::HOME } else { self.return_to.as_str() };
        Goal::SignIn { return_to: return_to.to_owned() }
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
