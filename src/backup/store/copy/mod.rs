//! One database becoming what another is. How far it has come is noted in the target with the rows themselves, so that a
//! copy that was interrupted at any place goes on from there.

mod alone;
mod source;
mod target;

pub use source::Source;
pub use target::Target;

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel_migrations::MigrationHarness;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::rows::{self, Table};
use crate::{
    backup::CopyStep,
    db::{Fault, Stop, migrate},
};

/// The rows of a table that have come over, and the checksum of all of them in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    pub rows: u64,
    checksum: String,
}

/// What the target notes of a copy that is not finished.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Note {
    /// Which database it is of.
    source: String,
    tables: BTreeMap<String, Reached>,
}

/// The source is not what it was when the rows came over that are in the target already.
#[derive(Debug)]
pub struct Changed;

/// Brings over the tables of one moment of the source, and says how many rows those are.
pub fn transfer(
    source: &mut Source,
    target: &mut Target,
    tables: &[Table],
    tell: &dyn Fn(CopyStep),
) -> Result<u64, Stop<Changed>> {
    let whole = source.rows(tables)?;
    let mut before = 0;
    if target.note.is_none() {
        target.begin(source, tables)?;
    }
    for table in tables {
        let reached =
            target.receive(source, table, &mut |rows| tell(CopyStep::Rows { done: before + rows, whole }))?;
        before += reached.rows;
    }
    Ok(before)
}

/// The tables of this version, whichever database they are in.
pub fn tables() -> Result<Vec<Table>, Fault> {
    let mut lite = SqliteConnection::establish(":memory:")
        .map_err(|error| Fault::unavailable("opening a database in memory", error))?;
    lite.run_pending_migrations(migrate::SQLITE)
        .map_err(|error| Fault::broken("making the tables in memory", error))?;
    rows::tables(&mut lite)
}

fn hex(checksum: Sha256) -> String {
    checksum.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
