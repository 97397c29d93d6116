//! What the summary before a deletion sends.

use crate::{policies::model::Agreement, web::Fields};

#[derive(Clone, Debug)]
pub struct DeletionDraft {
    pub version: i64,
    pub agreement: Agreement,
}

impl DeletionDraft {
    pub fn read(fields: &Fields) -> Self {
        Self {
            version: fields.get("version").parse().unwrap_or(0),
            agreement: Agreement::To(fields.get("agreed").to_owned()),
        }
    }
}
