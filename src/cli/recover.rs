//! `roster recover`: a one-time link for an administrator who is locked out.

use std::{io::Write, sync::Arc};

use super::Outcome;
use crate::{
    base::{clock::SystemClock, email_address::EmailAddress},
    console::Foundation,
    db::Stop,
    mail::Links,
    passwords::{self, RecoverRefusal},
    settings::Settings,
};

#[derive(clap::Args)]
pub struct RecoverArguments {
    /// The address the administrator signs in with
    #[arg(long, value_name = "ADDRESS")]
    email: String,
    /// Only in the organization with this Org ID, when the address has accounts in several
    #[arg(long, value_name = "ORG_ID")]
    organization: Option<String>,
}

/// Prints one link a line; with several, each behind the name of its organization.
pub fn run(settings: Settings, arguments: &RecoverArguments) -> Outcome {
    let email = EmailAddress::parse(&arguments.email)?;
    super::begin(&settings)?;
    let foundation = Foundation::open(settings, Arc::new(SystemClock))?;
    let links = Links::new(foundation.settings.public_url.clone(), foundation.signer.clone());
    let organization = arguments.organization.as_deref();
    let now = foundation.db.now();
    let found = foundation.db.read_now(|conn| passwords::recoverable(conn, &email, organization, now));
    let found = found.map_err(told)?;
    let mut out = std::io::stdout();
    for account in &found {
        let made = foundation.db.write_now(account.organization, |tx| passwords::recover(tx, account.user));
        let link = links.password_reset(made.map_err(told)?);
        match found.len() {
            1 => writeln!(out, "{link}")?,
            _ => writeln!(out, "{} ({}): {link}", account.organization_name, account.organization_code)?,
        }
    }
    eprintln!(
        "The link works once, for 1 hour, and asks for the second factor afterwards. Letters about it to {email} and \
         to the other administrators are queued; the running console sends them."
    );
    Ok(())
}

fn told(stop: Stop<RecoverRefusal>) -> Box<dyn std::error::Error> {
    match stop {
        Stop::Refused(refusal) => refusal.into(),
        Stop::Fault(fault) => fault.into(),
    }
}
