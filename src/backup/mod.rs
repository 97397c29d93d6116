//! Backup, restore and copy. A backup is one SQLite file whichever database it was made of, and goes back into either; a
//! copy goes from one database into another.

mod commands;
mod draft;
mod store;

pub use commands::{BackedUp, Copied, Restore, Restored, back_up, copy, restore};
pub use store::{CopyStep, Step};

use std::{io, path::PathBuf};

use crate::db::Fault;

/// Why a backup was not made or not restored. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum NotDone {
    #[error("there is no database at {}", .0.display())]
    NoDatabase(PathBuf),
    #[error("{} exists already; name another file, or say --replace", .0.display())]
    FileExists(PathBuf),
    #[error("the database is of another version than this program; use the version that serves it")]
    OtherVersion,
    #[error("the database has never been served")]
    NeverServed,
    #[error("there is no backup at {}", .0.display())]
    NoBackup(PathBuf),
    #[error("{} is not a backup of Roster", .0.display())]
    NotABackup(PathBuf),
    #[error("{} is damaged: {found}", path.display())]
    Damaged { path: PathBuf, found: String },
    #[error("it was made by a newer version of Roster; restore it with that version")]
    Newer,
    #[error("the backup opens only with the secret key whose fingerprint is {expected}; {instead}")]
    OtherKey { expected: String, instead: String },
    #[error("the database has an organization in it already; say --replace to put the backup in its place")]
    NotEmpty,
    #[error("a console is running on the database; stop it first")]
    InUse,
    #[error("the source and the target are the same database")]
    SamePlace,
    #[error("the target holds an organization already; name an empty database")]
    TargetNotEmpty,
    #[error("the target holds an unfinished copy of another database; empty it, or name an empty one")]
    OtherCopy,
    #[error("the database holds a copy that was interrupted; run roster copy again to complete it")]
    UnfinishedCopy,
    #[error("the copy differs from its source in the table {table}; it is not to be used")]
    Differs { table: String },
    #[error("{doing}: {source}")]
    Files { doing: &'static str, source: io::Error },
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl NotDone {
    fn files(doing: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Files { doing, source }
    }
}
