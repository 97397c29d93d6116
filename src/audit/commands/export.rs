//! The list, all of it, a batch at a time.

use futures_util::{Stream, stream};
use serde_json::{Map, Value, json};

use super::{
    Line, Target,
    looking::{found, meant, slice},
    record,
};
use crate::{
    access::{Permit, actions::ReadAudit},
    audit::{
        model::{Entry, Span, Toward, View},
        store::Found,
    },
    base::ids::OrganizationId,
    db::{AnyConnection, Db, Fault, Tx},
};

/// How many lines are held in memory at once.
const BATCH: usize = 500;

/// Turns lines into the bytes of a file.
pub type Write = fn(&[Entry]) -> Result<Vec<u8>, Fault>;

/// Lines on their way out.
pub struct Export {
    organization: OrganizationId,
    found: Found,
    toward: Toward,
}

/// Writes down that the lines leave the console, as which file and by which filters.
pub fn note_export(
    tx: &mut Tx<'_>,
    permit: Permit<ReadAudit>,
    view: &View,
    file: &'static str,
) -> Result<(), Fault> {
    let filters: Map<String, Value> =
        view.pairs().into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    let organization = permit.organization();
    let line = Line {
        action: permit.name(),
        target: Target::organization(organization),
        before: json!({}),
        after: json!({ "exported": file, "filters": filters }),
    };
    record(tx, organization, &permit.actor().into(), line)
}

impl Export {
    pub fn begin(
        conn: &mut AnyConnection,
        permit: &Permit<ReadAudit>,
        view: &View,
        span: Span,
    ) -> Result<Self, Fault> {
        let organization = permit.organization();
        let meant = meant(conn, organization, view)?;
        let found = found(conn, organization, view, span, meant)?;
        Ok(Self { organization, found, toward: Toward::Start })
    }

    /// What is left, written batch by batch: one is read when the one before it is on its way.
    pub fn written(self, db: Db, write: Write) -> impl Stream<Item = Result<Vec<u8>, Fault>> {
        stream::try_unfold(Some(self), move |export| written_next(db.clone(), export, write))
    }

    /// The next batch, and what is left to export after it. A batch may be empty and others follow.
    fn next(mut self, conn: &mut AnyConnection) -> Result<(Vec<Entry>, Option<Self>), Fault> {
        let slice = slice(conn, self.organization, &self.found, self.toward, BATCH)?;
        let rest = slice.next.map(|next| {
            self.toward = Toward::After(next);
            self
        });
        Ok((slice.entries, rest))
    }
}

async fn written_next(
    db: Db,
    export: Option<Export>,
    write: Write,
) -> Result<Option<(Vec<u8>, Option<Export>)>, Fault> {
    let Some(export) = export else { return Ok(None) };
    db.read(move |conn| {
        let (entries, rest) = export.next(conn)?;
        Ok(Some((write(&entries)?, rest)))
    })
    .await
}
