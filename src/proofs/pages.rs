//! The page that asks for a fresh proof.

use askama::Template;

use super::forms::Errors;
use crate::{
    second_factor::Standing,
    settings::Provider,
    web::{
        field::{ErrorSummary, Field},
        page::Shell,
    },
};

#[derive(Template)]
#[template(path = "proofs/show.html")]
pub struct ProvePage {
    frame: Shell,
    errors: ErrorSummary,
    email: String,
    return_to: Field,
    password: Field,
    code: Option<Field>,
    has_passkeys: bool,
    providers: Vec<Provider>,
    has_sso: bool,
}

/// What may prove somebody besides a password.
pub struct Means {
    pub standing: Standing,
    pub providers: Vec<Provider>,
    /// Their organization's own provider knows them.
    pub has_sso: bool,
}

impl ProvePage {
    pub fn new(frame: Shell, (email, means): (String, &Means), goal: &str, errors: Errors) -> Self {
        let password =
            Field::password("password", "Password", "current-password").error(errors.password).autofocus();
        let code = Field::code("code", "Code")
            .hint("Six digits from your app. Without the app, one of your recovery codes.")
            .error(errors.code);
        let code = means.standing.since.map(|_| code);
        Self {
            frame,
            errors: ErrorSummary::of(std::iter::once(&password).chain(&code)),
            email,
            return_to: Field::hidden("return_to", goal),
            password,
            code,
            has_passkeys: means.standing.has_passkeys,
            providers: means.providers.clone(),
            has_sso: means.has_sso,
        }
    }
}
