//! `roster setup-link`: a one-time link for a further organization.

use std::{io::Write, sync::Arc};

use super::Outcome;
use crate::{
    base::{clock::SystemClock, email_address::EmailAddress},
    console::{self, Foundation},
    settings::Settings,
    setup,
};

pub fn run(settings: Settings, email: Option<EmailAddress>) -> Outcome {
    super::begin(&settings)?;
    let foundation = Foundation::open(settings, Arc::new(SystemClock))?;
    let site = foundation.site()?;
    let id = site.db.write_now(None, |tx| setup::further_link(tx, email.as_ref()))?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", console::setup_link(&site, id))?;
    if let Some(email) = &email {
        writeln!(out, "A letter with this link to {email} is queued; the running console sends it.")?;
    }
    Ok(())
}
