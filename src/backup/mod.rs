//! Backup and restore. A backup is one SQLite file whichever database it was made of, and goes back into either.

mod commands;
mod draft;
mod store;

pub use commands::{BackedUp, Restore, Restored, back_up, restore};
pub use store::Step;

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
