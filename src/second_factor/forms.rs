//! What the forms of two-factor authentication send.

use super::model::Presented;
use crate::{
    base::password::{PasswordRefusal, PresentedPassword},
    web::{Fields, url},
};

/// Why a field was not taken, in words for the page.
#[derive(Clone, Debug, Default)]
pub struct Errors {
    pub password: Option<String>,
    pub code: Option<String>,
}

impl Errors {
    pub fn of_password(words: impl Into<String>) -> Self {
        Self { password: Some(words.into()), ..Self::default() }
    }

    pub fn of_code(words: impl Into<String>) -> Self {
        Self { code: Some(words.into()), ..Self::default() }
    }
}

pub const WRONG_PASSWORD: &str = "That is not your password. Nothing was changed.";
pub const LAST_ADMINISTRATOR: &str = "Your organization requires single sign-on, and while its provider fails only you could \
     administer it, by your password and this. See that another administrator has both first.";
pub const WRONG_CODE: &str =
    "That code is not right, or it was used already. Wait for the next one that the app shows and type that.";
const CODE_MISSING: &str = "Enter the six digits that the app shows.";
const NEITHER: &str = "Enter the six digits that the app shows, or one of your recovery codes.";

/// A password that is presented again.
pub fn password(fields: &Fields) -> Result<PresentedPassword, String> {
    PresentedPassword::parse(fields.get("password")).map_err(|refusal| match refusal {
        PasswordRefusal::Empty => "Enter your password.".to_owned(),
        other => other.to_string(),
    })
}

/// The code of an app or a recovery code.
pub fn code(fields: &Fields) -> Result<Presented, String> {
    Presented::parse(fields.get("code")).ok_or_else(|| NEITHER.to_owned())
}

/// The code of the app alone.
pub fn app_code(fields: &Fields) -> Result<String, String> {
    match Presented::parse(fields.get("code")) {
        Some(Presented::Code(code)) => Ok(code),
        _ => Err(CODE_MISSING.to_owned()),
    }
}

/// Password and code together, or every error at once.
pub fn both(fields: &Fields) -> Result<(PresentedPassword, Presented), Errors> {
    match (password(fields), code(fields)) {
        (Ok(password), Ok(code)) => Ok((password, code)),
        (password, code) => Err(Errors { password: password.err(), code: code.err() }),
    }
}

/// Where to go afterwards: a page of ours, or the first page.
pub fn goal(fields: &Fields) -> String {
    url::local(fields.get("return_to")).unwrap_or(url::HOME).to_owned()
}
