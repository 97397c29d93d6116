//! Where the way to a provider begins, and how it comes back.

use crate::{
    base::email_address::EmailAddress,
    sso::model::Goal,
    web::{Fields, url},
};

/// The form of the sign-in page, or of an invitation's.
#[derive(Clone, Debug, Default)]
pub struct StartDraft {
    pub email: String,
    pub return_to: String,
    /// The link of the invitation; empty when it is about none.
    pub invitation: String,
}

/// No link of ours is longer.
const LONGEST_LINK: usize = 300;

impl StartDraft {
    pub fn read(fields: &Fields) -> Self {
        let return_to = url::local(fields.get("return_to")).unwrap_or_default().to_owned();
        let invitation = fields.get("invitation").chars().take(LONGEST_LINK).collect();
        Self { email: fields.text("email"), return_to, invitation }
    }

    pub fn parse(&self) -> Result<EmailAddress, &'static str> {
        EmailAddress::parse(&self.email).map_err(|_| "Enter your email address, such as ada@example.com.")
    }

    pub fn goal(&self) -> Goal {
        if !self.invitation.is_empty() {
            return Goal::Join { email: self.email.clone(), token: self.invitation.clone() };
        }
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
