//! SCIM, as scim2-tester checks it against RFC 7643 and RFC 7644.

use std::io::Write;
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::installed::{python, script};
use crate::support::world::Database;
use crate::town::{Town, shown_in};

/// What one check found.
#[derive(Debug, Deserialize)]
struct Finding {
    status: String,
    check: String,
    of: String,
    reason: String,
}

impl Finding {
    fn is_wrong(&self) -> bool {
        ["ERROR", "CRITICAL", "DEVIATION"].contains(&self.status.as_str()) && !self.is_excused()
    }

    fn is_excused(&self) -> bool {
        let is_this = |check: &str, of: &str, begin: &str| {
            self.check == check && self.of == of && self.reason.starts_with(begin)
        };
        EXCUSED.iter().any(|(check, of, begin, _)| is_this(check, of, begin))
    }
}

/// What it takes for wrong and is not: check, kind of resource, the beginning of what it says, and why.
const EXCUSED: &[(&str, &str, &str, &str)] = &[
    ("check_add_attribute", "Group", UNEXPECTED_MEMBERS, OWN_DISPLAY),
    ("check_replace_attribute", "Group", UNEXPECTED_MEMBERS, OWN_DISPLAY),
];
const UNEXPECTED_MEMBERS: &str = "PATCH modify() returned unexpected value for 'members'.";
const OWN_DISPLAY: &str =
    "members come back with a display of their own (RFC 7643, section 2.4), which it did not send";

#[test]
fn a_scim_client_finds_nothing_wrong_on_sqlite() {
    finds_nothing_wrong(Database::Sqlite);
}

#[test]
fn a_scim_client_finds_nothing_wrong_on_postgres() {
    finds_nothing_wrong(Database::Postgres);
}

fn finds_nothing_wrong(database: Database) {
    let town = Town::on(database, &[]);
    town.ada.opens("/organization/iam/scim").form("Enable SCIM API").press();
    let page = town.ada.opens("/organization/iam/scim/tokens/new");
    let page = page.form("Create token").fill("Token name", "tester").press();
    let found = checked(&shown_in(&page, "Base URL"), &shown_in(&page, "Secret"));
    let wrong: Vec<_> = found.iter().filter(|it| it.is_wrong()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let are_right = |of: &str| found.iter().filter(|it| it.status == "SUCCESS" && it.of == of).count();
    assert!(are_right("User") >= 20 && are_right("Group") >= 12, "it checked too little: {found:#?}");
}

fn checked(address: &str, token: &str) -> Vec<Finding> {
    let mut child = Command::new(python())
        .arg(script("scim.py"))
        .arg(address)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("Python runs");
    writeln!(child.stdin.take().expect("standard input"), "{token}").expect("somebody who reads");
    let output = child.wait_with_output().expect("an end");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {words}", output.status);
    let lines = String::from_utf8(output.stdout).expect("text");
    lines.lines().map(|line| serde_json::from_str(line).expect("a finding")).collect()
}
