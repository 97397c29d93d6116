//! Lines for other programs: CSV (RFC 4180) and JSON Lines, both UTF-8, newest first.

use serde_json::Value;

use crate::{
    audit::{model::Entry, shown::LineShown, words},
    db::Fault,
};

const HEADINGS: [&str; 14] = [
    "sequence",
    "at",
    "told",
    "action",
    "actor_kind",
    "actor_id",
    "actor",
    "target_kind",
    "target_id",
    "target",
    "address",
    "request_id",
    "before",
    "after",
];

/// The CSV line of headings.
pub fn csv_headings() -> Result<Vec<u8>, csv::Error> {
    let mut lines = writer();
    lines.write_record(HEADINGS)?;
    finished(lines)
}

/// A CSV line for each line.
pub fn csv(entries: &[Entry]) -> Result<Vec<u8>, csv::Error> {
    let mut lines = writer();
    for entry in entries {
        lines.write_record([
            entry.sequence.to_string().as_str(),
            &entry.at.rfc3339(),
            &defused(&words::sentence(entry)),
            &defused(&entry.action),
            &entry.actor.kind,
            &entry.actor.id,
            &defused(&named(&entry.actor.name, &entry.actor.email)),
            &entry.target.kind,
            &entry.target.id,
            &defused(&named(&entry.target.name, &entry.target.email)),
            &defused(&entry.address),
            &defused(&entry.request_id),
            &defused(&written(&entry.before)),
            &defused(&written(&entry.after)),
        ])?;
    }
    finished(lines)
}

/// A JSON object on a line for each line.
pub fn json_lines(entries: &[Entry]) -> Result<Vec<u8>, Fault> {
    let mut lines = Vec::new();
    for entry in entries {
        serde_json::to_writer(&mut lines, &LineShown::from(entry))
            .map_err(|error| Fault::broken("writing JSON", error))?;
        lines.push(b'\n');
    }
    Ok(lines)
}

fn named(name: &str, email: &str) -> String {
    match (name, email) {
        ("", email) => email.to_owned(),
        (name, "") => name.to_owned(),
        (name, email) => format!("{name} <{email}>"),
    }
}

fn written(value: &Value) -> String {
    if value.is_null() { String::new() } else { value.to_string() }
}

fn writer() -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new())
}

fn finished(lines: csv::Writer<Vec<u8>>) -> Result<Vec<u8>, csv::Error> {
    lines.into_inner().map_err(|error| error.into_error().into())
}

/// What a spreadsheet would run as a formula begins with an apostrophe instead (OWASP, CSV injection).
fn defused(cell: &str) -> String {
    match cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}
