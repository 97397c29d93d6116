//! `roster restore FILE`: a backup in the place of the database.

use std::{io::Write, path::PathBuf};

use super::{
    Outcome,
    backup::told,
    progress::{Progress, Unit},
};
use crate::{
    backup::{self, Restore},
    base::clock::{Clock, SystemClock},
    console,
    settings::Settings,
};

#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct RestoreArguments {
    /// A file that roster backup wrote
    file: PathBuf,
    /// Take the place of a database that has an organization in it; a SQLite file is kept under another name
    #[arg(long)]
    replace: bool,
}

const EXAMPLES: &str = "\
Needs the secret key that the backup belongs to, and no console running on the database. Everybody has to sign in anew.

Examples:
  roster restore roster-2026-11-22.backup
  roster --data-dir ./drill restore roster-2026-11-22.backup     into a folder of its own, to see that it works";

pub fn run(settings: &Settings, arguments: &RestoreArguments) -> Outcome {
    super::begin(settings)?;
    console::create_data_folder(settings)?;
    let keys: Vec<_> = settings.secret_keys_there()?.iter().map(|key| key.fingerprint()).collect();
    let instead = instead(settings, &keys);
    let place = console::place(&settings.database);
    let restore = Restore {
        file: &arguments.file,
        into: &place,
        folder: &settings.data_dir,
        keys: &keys,
        instead: &instead,
        replace: arguments.replace,
        now: SystemClock.now(),
    };
    let progress = Progress::begin(Unit::Whole);
    let restored = backup::restore(&restore, &|step| told(&progress, step));
    progress.end();
    let restored = restored?;
    let mut out = std::io::stdout();
    writeln!(out, "Restored {}. Everybody has to sign in anew.", arguments.file.display())?;
    if let Some(kept) = restored.kept {
        writeln!(out, "The database that was there is kept as {}.", kept.display())?;
    }
    Ok(())
}

/// What to say when the key does not fit.
fn instead(settings: &Settings, keys: &[String]) -> String {
    match (keys.first(), settings.secret_key_file()) {
        (None, Some(path)) => format!("there is none yet: put it into {}", path.display()),
        (Some(key), Some(path)) => format!("the one in {} has {key}", path.display()),
        (Some(key), None) => format!("the one given has {key}"),
        (None, None) => "none is given".to_owned(),
    }
}
