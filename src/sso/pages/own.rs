//! What people see of their own identity at the provider.

use askama::{Template, filters::HtmlSafe};

use crate::{
    sso::model::Known,
    web::{field::ErrorSummary, page::Shell, section::Section, url, when},
};

#[derive(Template)]
#[template(path = "sso/section.html")]
pub struct OwnSection {
    host: String,
    told: String,
    /// What holds it, or where it is unlinked.
    unlink: Option<&'static str>,
}

impl HtmlSafe for OwnSection {}

impl Section for OwnSection {
    const ID: &'static str = "single-sign-on";
    const TITLE: &'static str = "Single sign-on";
}

impl OwnSection {
    pub fn new(known: &Known, zone: &str) -> Self {
        let since = when::in_zone(known.created_at, zone);
        let used = match known.is_on {
            true => format!("last used {}", when::in_zone(known.last_used_at, zone)),
            false => "turned off, so it signs nobody in".to_owned(),
        };
        Self {
            host: known.configuration.host().to_owned(),
            told: format!("{} · linked {since}, {used}", known.email),
            unlink: (!known.is_required).then_some(url::SSO_UNLINK),
        }
    }
}

#[derive(Template)]
#[template(path = "sso/unlink.html", blocks = ["dialog"])]
pub struct UnlinkPage {
    frame: Shell,
    errors: ErrorSummary,
    host: String,
    email: String,
}

impl UnlinkPage {
    pub fn new(frame: Shell, known: &Known, refused: Option<&str>) -> Self {
        let errors =
            refused.map_or_else(ErrorSummary::default, |words| ErrorSummary::default().with("", words));
        let (host, email) = (known.configuration.host().to_owned(), known.email.clone());
        Self { frame, errors, host, email }
    }
}
