//! `roster copy --from URL --to URL`: everything from one database into another.

use std::io::Write;

use super::{
    Outcome,
    progress::{Progress, Unit},
};
use crate::{
    backup::{self, Copied, CopyStep},
    console,
    settings::{DatabaseUrl, Settings},
};

#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct CopyArguments {
    /// The database to read, as it stands when the copy begins
    #[arg(long, value_name = "URL")]
    from: DatabaseUrl,
    /// The database to fill; it must be empty, or hold a copy of the same source that was interrupted
    #[arg(long, value_name = "URL")]
    to: DatabaseUrl,
}

const EXAMPLES: &str = "\
Moves everything, sessions and tokens too, and verifies each table at the end. The source may be served meanwhile, but
what is done there after the copy has begun is not in it: stop its console first. The target is served by no console
until the copy is complete, and afterwards with the same secret key.
When it was interrupted, say the same again: it goes on where it was, or begins anew when the source has changed.

Examples:
  roster copy --from sqlite:data/roster.sqlite3 --to postgres://roster@db.example.com/roster
  roster copy --from postgres://roster@db.example.com/roster --to sqlite:data/roster.sqlite3";

pub fn run(settings: &Settings, arguments: &CopyArguments) -> Outcome {
    super::begin(settings)?;
    let progress = Progress::begin(Unit::Whole);
    let (from, to) = (console::place(&arguments.from), console::place(&arguments.to));
    let copied = backup::copy(&from, &to, &|step| told(&progress, step));
    progress.end();
    say(settings, &copied?)
}

fn told(progress: &Progress, step: CopyStep) {
    match step {
        CopyStep::Rows { done, whole } => progress.at(done, whole),
        CopyStep::GoesOn { rows } => {
            progress.say(format!("an interrupted copy goes on; {rows} rows are there already"));
        }
        CopyStep::BeginsAnew => progress.say("the source has changed since; the copy begins anew"),
        CopyStep::Verifying => progress.say("verifying"),
    }
}

fn say(settings: &Settings, copied: &Copied) -> Outcome {
    let mut out = std::io::stdout();
    let Copied { rows, tables, fingerprint, missed } = copied;
    writeln!(out, "Copied {rows} rows of {tables} tables; counts and checksums agree.")?;
    let keys: Vec<_> = settings.secret_keys_there()?.iter().map(|key| key.fingerprint()).collect();
    let other = match keys.first() {
        Some(key) if !keys.contains(fingerprint) => format!(" The one here has {key} and does not open it."),
        _ => String::new(),
    };
    writeln!(
        out,
        "It opens with the same secret key as the source, whose fingerprint is {fingerprint}.{other} Sessions and \
         tokens stay valid."
    )?;
    if *missed > 0 {
        writeln!(
            out,
            "The source was in use: {missed} acts were done there after the copy had begun and are not in it. Stop \
             its console, empty the target and copy again."
        )?;
    }
    Ok(())
}
