//! The section of the settings, the steps of switching on and off, and the second step of a sign-in.

use askama::{Template, filters::HtmlSafe};

use super::{
    forms::Errors,
    model::{RECOVERY_CODES, RecoveryCode, Standing},
};
use crate::{
    base::clock::Moment,
    crypto::{
        qr::{self, Picture},
        totp::Key,
    },
    db::Fault,
    web::{
        field::{ErrorSummary, Field},
        page::{Plain, Shell},
        section::Section,
        url, when,
    },
};

/// Two-factor authentication, at the end of the settings.
#[derive(Template)]
#[template(path = "second_factor/section.html")]
pub struct TwoFactorSection {
    /// Since when, for the machine and for people.
    since: Option<(String, String)>,
    codes_left: usize,
    is_required: bool,
    has_passkeys: bool,
    out_of_band: bool,
}

impl HtmlSafe for TwoFactorSection {}

impl Section for TwoFactorSection {
    const ID: &'static str = "two-factor";
    const TITLE: &'static str = "Two-factor authentication";
}

impl TwoFactorSection {
    pub fn new(standing: &Standing, zone: &str) -> Self {
        let since = |at: Moment| (at.rfc3339(), when::in_zone(at, zone));
        Self {
            since: standing.since.map(since),
            codes_left: standing.codes_left,
            is_required: standing.is_required,
            has_passkeys: standing.has_passkeys,
            out_of_band: false,
        }
    }

    /// To be swapped in beside a dialog's own answer.
    pub fn out_of_band(self) -> Self {
        Self { out_of_band: true, ..self }
    }

    /// Where the switch leads.
    fn href(&self) -> &'static str {
        if self.since.is_some() { url::TWO_FACTOR_DISABLE } else { url::TWO_FACTOR_ENABLE }
    }

    fn codes_words(&self) -> String {
        match self.codes_left {
            0 => "None are left".to_owned(),
            left => format!("{left} of {RECOVERY_CODES} left"),
        }
    }
}

fn password_field(errors: &Errors) -> Field {
    Field::password("password", "Password", "current-password")
        .id("two-factor-password")
        .error(errors.password.clone())
        .autofocus()
}

fn code_field(errors: &Errors) -> Field {
    Field::code("code", "Code").id("two-factor-code").error(errors.code.clone())
}

/// The first step: it is really them.
#[derive(Template)]
#[template(path = "second_factor/enable.html", blocks = ["dialog"])]
pub struct EnablePage {
    frame: Shell,
    errors: ErrorSummary,
    password: Field,
}

impl EnablePage {
    pub fn new(frame: Shell, errors: &Errors) -> Self {
        let password = password_field(errors);
        Self { frame, errors: ErrorSummary::of([&password]), password }
    }
}

/// A key for an app, as picture and as text.
pub struct ShownKey {
    qr: Picture,
    groups: String,
    address: String,
}

impl ShownKey {
    pub fn new(key: &Key, organization: &str, email: &str) -> Result<Self, Fault> {
        let address = key.address(organization, email)?;
        Ok(Self { qr: qr::picture(&address)?, groups: key.in_groups(), address })
    }
}

/// The second step: the app has the key.
#[derive(Template)]
#[template(path = "second_factor/key.html", blocks = ["dialog"])]
pub struct KeyPage {
    frame: Shell,
    errors: ErrorSummary,
    key: ShownKey,
    code: Field,
}

impl KeyPage {
    pub fn new(frame: Shell, key: ShownKey, errors: &Errors) -> Self {
        let code = code_field(errors);
        Self { frame, errors: ErrorSummary::of([&code]), key, code }
    }
}

/// Recovery codes, shown once.
pub struct Codes(Vec<String>);

impl Codes {
    pub fn new(codes: &[RecoveryCode]) -> Self {
        Self(codes.iter().map(RecoveryCode::shown).collect())
    }

    fn as_text(&self) -> String {
        self.0.join("\n")
    }
}

/// The third step, and what new codes on demand end in.
#[derive(Template)]
#[template(path = "second_factor/codes.html", blocks = ["dialog"])]
pub struct CodesPage {
    frame: Shell,
    title: &'static str,
    codes: Codes,
    /// Whether it is swapped into a dialog, with the section that stands beneath it then.
    in_dialog: bool,
    beneath: TwoFactorSection,
}

impl CodesPage {
    pub fn new(
        frame: Shell,
        (title, codes): (&'static str, &[RecoveryCode]),
        in_dialog: bool,
        beneath: TwoFactorSection,
    ) -> Self {
        Self { frame, title, codes: Codes::new(codes), in_dialog, beneath: beneath.out_of_band() }
    }
}

#[derive(Template)]
#[template(path = "second_factor/disable.html", blocks = ["dialog"])]
pub struct DisablePage {
    frame: Shell,
    errors: ErrorSummary,
    is_required: bool,
    has_passkeys: bool,
    password: Field,
    code: Field,
}

impl DisablePage {
    pub fn new(frame: Shell, standing: &Standing, errors: &Errors) -> Self {
        let hint = "From the app, or one of your recovery codes.";
        let (password, code) = (password_field(errors), code_field(errors).hint(hint));
        Self {
            frame,
            errors: ErrorSummary::of([&password, &code]),
            is_required: standing.is_required,
            has_passkeys: standing.has_passkeys,
            password,
            code,
        }
    }
}

/// Asks before the older recovery codes are made useless.
#[derive(Template)]
#[template(path = "second_factor/renew.html", blocks = ["dialog"])]
pub struct RenewPage {
    pub frame: Shell,
    pub codes_left: usize,
}

/// The second step of a sign-in.
#[derive(Template)]
#[template(path = "second_factor/sign_in.html")]
pub struct SignInPage {
    frame: Plain,
    errors: ErrorSummary,
    email: String,
    return_to: Field,
    code: Field,
    /// Whether there is an app to have a code of.
    has_app: bool,
    has_passkeys: bool,
}

impl SignInPage {
    pub fn new(
        frame: Plain,
        (email, standing): (String, &Standing),
        return_to: &str,
        errors: &Errors,
    ) -> Self {
        let code = Field::code("code", "Code")
            .hint("Six digits from your app. Without the app, one of your recovery codes.")
            .error(errors.code.clone())
            .autofocus();
        Self {
            frame,
            errors: ErrorSummary::of([&code]),
            email,
            return_to: Field::hidden("return_to", return_to),
            code,
            has_app: standing.since.is_some(),
            has_passkeys: standing.has_passkeys,
        }
    }
}

/// A second factor is required and there is none yet.
#[derive(Template)]
#[template(path = "second_factor/enrol.html")]
pub struct EnrolPage {
    pub frame: Plain,
    pub organization: String,
    pub return_to: Field,
}

#[derive(Template)]
#[template(path = "second_factor/enrol_key.html")]
pub struct EnrolKeyPage {
    frame: Plain,
    errors: ErrorSummary,
    key: ShownKey,
    code: Field,
    return_to: Field,
}

impl EnrolKeyPage {
    pub fn new(frame: Plain, key: ShownKey, return_to: &str, errors: &Errors) -> Self {
        let code = code_field(errors);
        let return_to = Field::hidden("return_to", return_to);
        Self { frame, errors: ErrorSummary::of([&code]), key, code, return_to }
    }
}

#[derive(Template)]
#[template(path = "second_factor/enrol_codes.html")]
pub struct EnrolCodesPage {
    frame: Plain,
    codes: Codes,
    goal: String,
}

impl EnrolCodesPage {
    pub fn new(frame: Plain, codes: &[RecoveryCode], goal: String) -> Self {
        Self { frame, codes: Codes::new(codes), goal }
    }
}
