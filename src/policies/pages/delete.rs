//! What deleting a policy takes from whom, as a page and as a dialog.

use askama::Template;

use super::preview::PreviewPart;
use crate::{
    policies::{
        model::{Policy, Preview},
        words,
    },
    web::{field::ErrorSummary, page::Shell, url},
};

#[derive(Template)]
#[template(path = "policies/delete.html", blocks = ["dialog"])]
pub struct DeletePage {
    frame: Shell,
    errors: ErrorSummary,
    name: String,
    rules: String,
    action: String,
    back: String,
    version: i64,
    agreed: String,
    /// Why it cannot be deleted.
    obstacle: Option<String>,
    preview: Option<PreviewPart>,
}

impl DeletePage {
    /// `weighed` is what deleting would do, or why it cannot be done; `refused` says why it was not done a moment ago.
    pub fn new(
        frame: Shell,
        policy: &Policy,
        weighed: Result<&Preview, String>,
        refused: Option<String>,
    ) -> Self {
        let errors =
            refused.map_or_else(ErrorSummary::default, |words| ErrorSummary::default().with("", words));
        let is_in_the_way = weighed.as_ref().is_ok_and(|preview| preview.leaves_nobody);
        Self {
            frame,
            errors,
            name: policy.name.clone(),
            rules: words::rules(policy.rules.len() as u64),
            action: url::delete_policy(policy.id),
            back: url::POLICIES.to_owned(),
            version: policy.version,
            agreed: weighed.as_ref().map(|preview| preview.digest()).unwrap_or_default(),
            preview: weighed.as_ref().ok().map(|preview| PreviewPart::of(preview)),
            obstacle: weighed.err().or_else(|| is_in_the_way.then(|| words::NOBODY_LEFT.to_owned())),
        }
    }

    fn label(&self) -> String {
        format!("Delete {}", self.name)
    }
}
