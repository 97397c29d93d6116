//! What deleting a group does, as a page and as a dialog.

use askama::Template;

use super::in_order;
use crate::{
    access::Catalogue,
    groups::model::Deletion,
    web::{field::ErrorSummary, page::Shell, url},
};

#[derive(Template)]
#[template(path = "groups/delete.html", blocks = ["dialog"])]
pub struct DeletePage {
    frame: Shell,
    errors: ErrorSummary,
    name: String,
    members: String,
    policies: Vec<(String, Vec<String>)>,
    is_standard: bool,
    action: String,
    back: String,
}

impl DeletePage {
    pub fn new(frame: Shell, catalogue: &Catalogue, deletion: Deletion, refused: Option<String>) -> Self {
        let Deletion { group, named_by } = deletion;
        let errors = refused.into_iter().fold(ErrorSummary::default(), |all, words| all.with("", words));
        Self {
            frame,
            errors,
            members: match group.members {
                0 => "Nobody is in it".to_owned(),
                1 => "1 person is taken out of it".to_owned(),
                many => format!("{many} people are taken out of it"),
            },
            policies: named_by.into_iter().map(|by| (by.name, in_order(catalogue, &by.roles))).collect(),
            is_standard: group.standard,
            action: url::group_act(group.id, "delete"),
            back: url::group(group.id),
            name: group.name,
        }
    }

    fn label(&self) -> String {
        format!("Delete {}", self.name)
    }
}
