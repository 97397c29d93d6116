//! What proves somebody anew.

use crate::{
    base::password::{PasswordRefusal, PresentedPassword},
    second_factor::{self, Presented},
    web::{Fields, url},
};

#[derive(Default)]
pub struct Errors {
    pub password: Option<String>,
    pub code: Option<String>,
}

pub struct Proving {
    pub password: PresentedPassword,
    /// Where there is an app.
    pub code: Option<Presented>,
}

pub const WRONG_PASSWORD: &str = "That is not your password.";

/// Reads both fields, or tells every error at once.
pub fn read(fields: &Fields, has_app: bool) -> Result<Proving, Errors> {
    let password = PresentedPassword::parse(fields.get("password")).map_err(|refusal| match refusal {
        PasswordRefusal::Empty => "Enter your password.".to_owned(),
        other => other.to_string(),
    });
    let code = has_app.then(|| second_factor::code(fields)).transpose();
    match (password, code) {
        (Ok(password), Ok(code)) => Ok(Proving { password, code }),
        (password, code) => Err(Errors { password: password.err(), code: code.err() }),
    }
}

/// The page to go on to: one of ours, or the first.
pub fn goal(fields: &Fields) -> String {
    url::local(fields.get("return_to")).unwrap_or(url::HOME).to_owned()
}
