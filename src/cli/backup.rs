//! `roster backup FILE`: what the database holds at this moment, as one file.

use std::{io::Write, path::PathBuf};

use super::{
    Outcome,
    progress::{Progress, Unit},
};
use crate::{
    backup::{self, Step},
    console,
    settings::Settings,
};

#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct BackupArguments {
    /// Where to; the file appears once it is complete
    file: PathBuf,
    /// Write over a backup that is there
    #[arg(long)]
    replace: bool,
}

const EXAMPLES: &str = "\
The backup does not hold the secret key, and opens only with it: keep a copy of the key in another place. Letters that
are kept as files are not in it either.

Example:
  roster backup /var/backups/roster-$(date +%F).backup";

pub fn run(settings: &Settings, arguments: &BackupArguments) -> Outcome {
    super::begin(settings)?;
    let place = console::place(&settings.database);
    let progress = Progress::begin(Unit::Whole);
    let backed_up =
        backup::back_up(&place, &arguments.file, arguments.replace, &|step| told(&progress, step));
    progress.end();
    let backed_up = backed_up?;
    let mut out = std::io::stdout();
    writeln!(out, "Backed up into {} ({} bytes).", arguments.file.display(), backed_up.bytes)?;
    let key = settings.secret_key_file().map(|path| format!(", {}", path.display())).unwrap_or_default();
    writeln!(
        out,
        "It opens only with the secret key whose fingerprint is {}{key}: keep a copy of the key elsewhere.",
        backed_up.fingerprint
    )?;
    Ok(())
}

pub(super) fn told(progress: &Progress, step: Step) {
    match step {
        Step::Bytes { done, whole } | Step::Rows { done, whole } => progress.at(done, whole),
        Step::Checking => progress.say("checking the backup"),
    }
}
