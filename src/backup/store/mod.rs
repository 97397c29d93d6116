//! Rows on their way from one database to another.

pub mod copy;
pub mod postgres;
mod rows;
pub mod sqlite;

use diesel::{
    backend::Backend,
    migration::{Migration, MigrationSource},
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness};

use crate::db::Fault;

/// What is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Bytes { done: u64, whole: u64 },
    Rows { done: u64, whole: u64 },
    Checking,
}

/// What a copy does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CopyStep {
    Rows {
        done: u64,
        whole: u64,
    },
    /// An interrupted one goes on.
    GoesOn {
        rows: u64,
    },
    /// The source is not what it was before the interruption.
    BeginsAnew,
    Verifying,
}

/// How the migrations of a database stand to those of this program.
struct Versions {
    /// Some are not applied yet.
    are_older: bool,
    /// Some are applied that this program does not know.
    are_newer: bool,
}

fn versions<DB: Backend>(
    conn: &mut impl MigrationHarness<DB>,
    known: EmbeddedMigrations,
) -> Result<Versions, Fault> {
    let failed = |error| Fault::broken("reading the version of the database", error);
    let applied = conn.applied_migrations().map_err(failed)?;
    let known = MigrationSource::<DB>::migrations(&known).map_err(failed)?;
    let known: Vec<_> = known.iter().map(|it| it.name().version().as_owned()).collect();
    Ok(Versions {
        are_older: known.iter().any(|it| !applied.contains(it)),
        are_newer: applied.iter().any(|it| !known.contains(it)),
    })
}
