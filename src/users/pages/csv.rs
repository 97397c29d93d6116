//! People as lines of a table for other programs (RFC 4180, UTF-8).

use std::collections::BTreeMap;

use crate::{base::ids::UserId, groups::GroupName, users::model::Person};

const HEADINGS: [&str; 7] = ["name", "email", "status", "groups", "second_factor", "created", "last_active"];

/// The line of headings.
pub fn headings() -> Result<Vec<u8>, csv::Error> {
    let mut lines = writer();
    lines.write_record(HEADINGS)?;
    finished(lines)
}

/// A line for each person.
pub fn lines(people: &[Person], groups_of: &BTreeMap<UserId, Vec<GroupName>>) -> Result<Vec<u8>, csv::Error> {
    let mut lines = writer();
    for person in people {
        let groups = groups_of.get(&person.id).map_or(&[][..], Vec::as_slice);
        let groups: Vec<_> = groups.iter().map(|group| group.name.as_str()).collect();
        lines.write_record([
            defused(&person.name).as_str(),
            &defused(&person.email),
            person.status.as_str(),
            &defused(&groups.join("; ")),
            person.second_factor.as_str(),
            &person.created_at.rfc3339(),
            &person.last_active_at.rfc3339(),
        ])?;
    }
    finished(lines)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_that_a_spreadsheet_would_run_is_defused_and_others_are_left_alone() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(defused(formula), format!("'{formula}"));
        }
        for plain in ["Ada", "a=1", "", "李", "1-1"] {
            assert_eq!(defused(plain), plain);
        }
    }
}
