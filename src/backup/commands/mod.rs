//! Backing up while the console serves, and restoring while it does not.

mod copy;

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

pub use copy::{Copied, copy};

use super::{
    NotDone,
    draft::Draft,
    store::{self, Step},
};
use crate::{base::clock::Moment, db::Place};

/// What a backup is.
#[derive(Debug)]
pub struct BackedUp {
    pub bytes: u64,
    /// Of the secret key without which it does not open.
    pub fingerprint: String,
}

/// What a restore did besides.
#[derive(Debug)]
pub struct Restored {
    /// Where the database went that was there before.
    pub kept: Option<PathBuf>,
}

/// How often it is looked how far a copy has come.
const GLANCES: Duration = Duration::from_millis(100);

/// Writes what the database holds at this moment into a file, while others read and write. The file appears under its
/// name once it is complete and on the disk.
pub fn back_up(from: &Place, file: &Path, replace: bool, tell: &dyn Fn(Step)) -> Result<BackedUp, NotDone> {
    if file.exists() && !replace {
        return Err(NotDone::FileExists(file.to_owned()));
    }
    let draft = Draft::beside(file).map_err(NotDone::files("making the file"))?;
    match from {
        Place::Sqlite(path) => back_up_sqlite(path, &draft, tell)?,
        Place::Postgres(url) => store::postgres::back_up(url, draft.path(), tell)?,
    }
    let fingerprint = store::sqlite::fingerprint(draft.path())?.ok_or(NotDone::NeverServed)?;
    let bytes = draft.bytes();
    draft.become_file(file).map_err(NotDone::files("keeping the file"))?;
    Ok(BackedUp { bytes, fingerprint })
}

fn back_up_sqlite(path: &Path, draft: &Draft, tell: &dyn Fn(Step)) -> Result<(), NotDone> {
    let whole = fs::metadata(path).map_err(|_| NotDone::NoDatabase(path.to_owned()))?.len();
    thread::scope(|scope| {
        let copy = scope.spawn(|| store::sqlite::copy_into(path, draft.path()));
        while !copy.is_finished() {
            thread::sleep(GLANCES);
            tell(Step::Bytes { done: draft.bytes().min(whole), whole });
        }
        copy.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

/// What is asked of a restore.
pub struct Restore<'a> {
    pub file: &'a Path,
    pub into: &'a Place,
    /// Where files may be made meanwhile.
    pub folder: &'a Path,
    /// Fingerprints of the keys there are.
    pub keys: &'a [String],
    /// What to say instead of a key that fits.
    pub instead: &'a str,
    pub replace: bool,
    pub now: Moment,
}

/// Puts a backup in the place of a database. Sessions end by it: what was signed out since the backup must not come
/// back. Until the very end the database that was there stays as it was.
pub fn restore(asked: &Restore<'_>, tell: &dyn Fn(Step)) -> Result<Restored, NotDone> {
    if !asked.file.is_file() {
        return Err(NotDone::NoBackup(asked.file.to_owned()));
    }
    let beside = match asked.into {
        Place::Sqlite(path) => path.clone(),
        Place::Postgres(_) => asked.folder.join("restoring.sqlite3"),
    };
    let draft = Draft::beside(&beside).map_err(NotDone::files("making room for a copy"))?;
    draft.fill_from(asked.file).map_err(NotDone::files("copying the backup"))?;
    tell(Step::Checking);
    store::sqlite::check(draft.path(), asked.file)?;
    match store::sqlite::fingerprint(draft.path())? {
        None => return Err(NotDone::NotABackup(asked.file.to_owned())),
        Some(expected) if !asked.keys.contains(&expected) => {
            return Err(NotDone::OtherKey { expected, instead: asked.instead.to_owned() });
        }
        Some(_) => {}
    }
    store::sqlite::prepare(draft.path())?;
    match asked.into {
        Place::Sqlite(path) => replace_sqlite(path, draft, asked),
        Place::Postgres(url) => {
            store::postgres::restore(url, draft.path(), asked.replace, tell)?;
            Ok(Restored { kept: None })
        }
    }
}

fn replace_sqlite(path: &Path, draft: Draft, asked: &Restore<'_>) -> Result<Restored, NotDone> {
    let mut kept = None;
    if path.exists() && store::sqlite::close_for_good(path)? {
        if !asked.replace {
            return Err(NotDone::NotEmpty);
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let aside =
            path.with_file_name(format!("{name}.before-{}", asked.now.utc().format("%Y%m%dT%H%M%SZ")));
        fs::hard_link(path, &aside).map_err(NotDone::files("keeping the database that is there"))?;
        move_log(path, &aside).map_err(NotDone::files("keeping the database that is there"))?;
        kept = Some(aside);
    }
    draft.become_file(path).map_err(NotDone::files("putting the backup in its place"))?;
    Ok(Restored { kept })
}

/// What a damaged database left beside its file belongs to that file alone.
fn move_log(from: &Path, to: &Path) -> std::io::Result<()> {
    for ending in ["-wal", "-shm", "-journal"] {
        let with_ending = |path: &Path| PathBuf::from(format!("{}{ending}", path.display()));
        if with_ending(from).exists() {
            fs::rename(with_ending(from), with_ending(to))?;
        }
    }
    Ok(())
}
