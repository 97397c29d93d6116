//! `roster audit verify`: computes the chain again, from the first line to the newest.

use std::{io::Write, sync::Arc};

use super::Outcome;
use crate::{
    audit::{self, Head},
    base::clock::SystemClock,
    console::Foundation,
    settings::Settings,
};

/// `ORG:SEQUENCE:MAC`, as an earlier run printed it.
pub fn parse_head(text: &str) -> Result<Head, String> {
    let mut parts = text.split(':');
    match (parts.next(), parts.next().map(str::parse), parts.next(), parts.next()) {
        (Some(organization), Some(Ok(sequence)), Some(mac), None) => {
            Ok(Head { organization: organization.to_owned(), sequence, mac: mac.to_owned() })
        }
        _ => Err("a head is written ORG:SEQUENCE:MAC, as roster audit verify prints it".into()),
    }
}

pub fn verify(settings: Settings, earlier: &[Head]) -> Outcome {
    super::begin(&settings)?;
    let foundation = Foundation::open(settings, Arc::new(SystemClock))?;
    let verified = foundation.db.read_now(|conn| audit::verify(conn, &foundation.audit_key, earlier))?;
    let mut out = std::io::stdout();
    let mut broken = 0;
    for found in &verified {
        let Head { organization, sequence, mac } = &found.head;
        match &found.broken {
            Some(line) => {
                broken += 1;
                writeln!(out, "{organization}: broken at line {}: {}", line.sequence, line.why)?;
            }
            None => writeln!(out, "{organization}: whole, head {organization}:{sequence}:{mac}")?,
        }
        if found.erased_details > 0 {
            writeln!(out, "{organization}: the details of {} lines were erased", found.erased_details)?;
        }
    }
    match broken {
        0 => Ok(()),
        n => {
            Err(format!("the audit of {n} of {} organizations is not as it was written", verified.len())
                .into())
        }
    }
}
