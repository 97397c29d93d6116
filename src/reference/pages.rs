//! The page that shows the document.

use askama::Template;

use super::model::Reference;
use crate::web::{
    api::problem::{KINDS, Kind},
    page::Plain,
};

#[derive(Template)]
#[template(path = "reference/show.html")]
pub struct ReferencePage<'r> {
    pub frame: Plain,
    pub reference: &'r Reference,
    pub document: &'static str,
}

impl ReferencePage<'_> {
    fn kinds(&self) -> &'static [Kind] {
        KINDS
    }
}
