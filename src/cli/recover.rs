//! `roster recover`: a one-time link for an administrator who is locked out.

use std::{io::Write, sync::Arc};

use super::Outcome;
use crate::{
    base::{clock::SystemClock, email_address::EmailAddress},
    console::Foundation,
    db::Stop,
    mail::Links,
    passwords::{self, RecoverRefusal},
    people::SecondFactor,
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
    /// Using the link also takes the second factor away: the app, its recovery codes and the passkeys
    #[arg(long)]
    second_factor: bool,
}

/// Prints one link a line; with several, each behind the name of its organization.
pub fn run(settings: Settings, arguments: &RecoverArguments) -> Outcome {
    let email = EmailAddress::parse(&arguments.email)?;
    super::begin(&settings)?;
    let foundation = Foundation::open(settings, Arc::new(SystemClock))?;
    let links = Links::new(foundation.settings.public_url.clone(), foundation.signer.clone());
    let (organization, lifts_factor) = (arguments.organization.as_deref(), arguments.second_factor);
    let now = foundation.db.now();
    let found = foundation.db.read_now(|conn| passwords::recoverable(conn, &email, organization, now));
    let found = found.map_err(told)?;
    let mut out = std::io::stdout();
    for account in &found {
        let made = foundation
            .db
            .write_now(account.organization, |tx| passwords::recover(tx, account.user, lifts_factor));
        let link = links.password_reset(made.map_err(told)?);
        match found.len() {
            1 => writeln!(out, "{link}")?,
            _ => writeln!(out, "{} ({}): {link}", account.organization_name, account.organization_code)?,
        }
    }
    let has_factor = found.iter().any(|account| account.second_factor != SecondFactor::None);
    eprintln!(
        "The link works once, for 1 hour. {} Letters about it to {email} and to the other administrators are queued; the \
         running console sends them.",
        told_of_factor(has_factor, lifts_factor)
    );
    Ok(())
}

fn told_of_factor(has_factor: bool, lifts_factor: bool) -> &'static str {
    match (has_factor, lifts_factor) {
        (_, true) => {
            "Using it also takes away the second factor: the app, its recovery codes and the passkeys. Where the \
             organization requires one, the next sign-in asks to set one up."
        }
        (true, false) => {
            "There is a second factor, which it leaves as it is: signing in afterwards may ask for it. If that is lost \
             too, make a link with --second-factor instead."
        }
        (false, false) => "There is no second factor to ask for.",
    }
}

fn told(stop: Stop<RecoverRefusal>) -> Box<dyn std::error::Error> {
    match stop {
        Stop::Refused(refusal) => refusal.into(),
        Stop::Fault(fault) => fault.into(),
    }
}
