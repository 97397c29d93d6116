//! The section of the settings, and the pages of one passkey.

use askama::{Template, filters::HtmlSafe};

use super::model::{LONGEST_NAME, Shown};
use crate::web::{
    field::{ErrorSummary, Field},
    page::Shell,
    section::Section,
    url, when,
};

#[derive(Template)]
#[template(path = "passkeys/section.html")]
pub struct PasskeysSection {
    passkeys: Vec<Row>,
    name: Field,
    errors: ErrorSummary,
    /// Whether passkeys can belong to the address that people come by.
    is_possible: bool,
}

impl HtmlSafe for PasskeysSection {}

impl Section for PasskeysSection {
    const ID: &'static str = "passkeys";
    const TITLE: &'static str = "Passkeys";
}

struct Row {
    name: String,
    rename: String,
    remove: String,
    told: String,
}

/// What stands in the form for a new one.
pub struct Draft {
    pub name: String,
    pub error: Option<String>,
    /// Of the form as a whole.
    pub refused: Option<String>,
}

impl PasskeysSection {
    pub fn new(passkeys: Vec<Shown>, zone: &str, is_possible: bool, draft: Draft) -> Self {
        let name = Field::text("name", "Name")
            .id("passkey-name")
            .value(draft.name)
            .error(draft.error)
            .maxlength(u32::try_from(LONGEST_NAME * 2).unwrap_or(u32::MAX))
            .hint("So that you know it again, such as the device it is on.");
        let mut errors = ErrorSummary::of([&name]);
        if let Some(words) = draft.refused {
            errors = errors.with("", words);
        }
        let row = |shown: Shown| {
            let used = shown.last_used_at.map_or_else(
                || "not used yet".to_owned(),
                |at| format!("last used {}", when::in_zone(at, zone)),
            );
            Row {
                told: format!("Added {}, {used}", when::in_zone(shown.created_at, zone)),
                rename: url::passkey(shown.id),
                remove: url::remove_passkey(shown.id),
                name: shown.name,
            }
        };
        Self { passkeys: passkeys.into_iter().map(row).collect(), name, errors, is_possible }
    }
}

#[derive(Template)]
#[template(path = "passkeys/edit.html", blocks = ["dialog"])]
pub struct EditPage {
    frame: Shell,
    errors: ErrorSummary,
    action: String,
    name: Field,
}

impl EditPage {
    pub fn new(frame: Shell, passkey: &Shown, typed: Option<&str>, error: Option<String>) -> Self {
        let name = Field::text("name", "Name").value(typed.unwrap_or(&passkey.name)).error(error).autofocus();
        Self { frame, errors: ErrorSummary::of([&name]), action: url::passkey(passkey.id), name }
    }
}

#[derive(Template)]
#[template(path = "passkeys/remove.html", blocks = ["dialog"])]
pub struct RemovePage {
    frame: Shell,
    errors: ErrorSummary,
    action: String,
    name: String,
}

impl RemovePage {
    pub fn new(frame: Shell, passkey: Shown, refused: Option<&str>) -> Self {
        let errors =
            refused.map_or_else(ErrorSummary::default, |words| ErrorSummary::default().with("", words));
        Self { frame, errors, action: url::remove_passkey(passkey.id), name: passkey.name }
    }

    fn label(&self) -> String {
        format!("Remove {}", self.name)
    }
}
