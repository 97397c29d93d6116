//! `roster migrate`: brings the database up to date without serving.

use std::{io::Write, sync::Arc};

use super::Outcome;
use crate::{base::clock::SystemClock, console::Foundation, settings::Settings};

pub fn run(settings: Settings) -> Outcome {
    super::begin(&settings)?;
    Foundation::open(settings, Arc::new(SystemClock))?;
    writeln!(std::io::stdout(), "The database is up to date.")?;
    Ok(())
}
