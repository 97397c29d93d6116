//! What the sign-in page asks for.

use crate::{
    base::{email_address::EmailAddress, password::PresentedPassword},
    web::{Fields, url},
};

#[derive(Clone, Default)]
pub struct SignInDraft {
    pub email: String,
    pub return_to: String,
    password: String,
}

#[derive(Default)]
pub struct SignInErrors {
    pub email: Option<String>,
    pub password: Option<String>,
    /// Of both together: told above the form, so that it does not say which of them is wrong.
    pub pair: Option<String>,
    /// Of another way of signing in.
    pub whole: Option<String>,
}

pub struct SignIn {
    /// The folded address; whatever cannot be one is looked for as it is, and not found.
    pub email_key: String,
    pub password: PresentedPassword,
}

impl SignInDraft {
    /// An empty form that leads to this page.
    pub fn returning_to(return_to: String) -> Self {
        Self { return_to, ..Self::default() }
    }

    pub fn of(fields: &Fields) -> Self {
        Self {
            email: fields.text("email"),
            return_to: fields.get("return_to").to_owned(),
            password: fields.get("password").to_owned(),
        }
    }

    pub fn parse(&self) -> Result<SignIn, SignInErrors> {
        let password = PresentedPassword::parse(&self.password);
        match (self.email.is_empty(), password) {
            (false, Ok(password)) => Ok(SignIn { email_key: email_key(&self.email), password }),
            (is_empty, password) => Err(SignInErrors {
                email: is_empty.then(|| "Enter your e-mail address.".into()),
                password: password.err().map(|refusal| match refusal {
                    crate::base::password::PasswordRefusal::Empty => "Enter your password.".into(),
                    other => other.to_string(),
                }),
                pair: None,
                whole: None,
            }),
        }
    }

    /// Where to go afterwards: a page of ours, or the first page.
    pub fn goal(&self) -> &str {
        url::local(&self.return_to).unwrap_or(url::HOME)
    }
}

fn email_key(typed: &str) -> String {
    let shortened: String = typed.chars().take(300).collect();
    EmailAddress::parse(&shortened)
        .map_or_else(|_| shortened.to_lowercase(), |email| email.folded().to_owned())
}
