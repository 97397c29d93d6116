//! The audit with a million lines.

use std::sync::Arc;
use std::time::{Duration, Instant};

use roster::access::Origin;
use roster::audit::{self, By, Line, Target};
use roster::base::clock::SystemClock;
use roster::base::ids::{OrganizationId, UserId};
use roster::console::Foundation;
use roster::db::{Fault, Tx};
use serde_json::json;

use super::client::get;
use super::console::{Console, Ground};
use super::figures::{Latencies, Report};

/// Lines written in one transaction.
const BATCH: u64 = 5_000;

/// Writes lines until the organization has so many; says how long that took, if any were missing.
pub fn write_lines(ground: &Ground, lines: u64) -> Option<Duration> {
    let foundation = Foundation::open(ground.settings(), Arc::new(SystemClock)).expect("the database");
    let db = &foundation.db;
    let (organization, people, written) = db.read_now(audit_ground).expect("people");
    if written >= lines {
        return None;
    }
    let begun = Instant::now();
    let mut next = written;
    while next < lines {
        let end = (next + BATCH).min(lines);
        let write =
            |tx: &mut Tx<'_>| (next..end).try_for_each(|nth| write_line(tx, organization, &people, nth));
        db.write_now(organization, write).expect("lines");
        next = end;
    }
    Some(begun.elapsed())
}

/// The seeded organization, some of its people, and how many lines it has.
fn audit_ground(conn: &mut roster::db::AnyConnection) -> Result<(OrganizationId, Vec<UserId>, u64), Fault> {
    use diesel::prelude::*;
    use roster::db::schema::{organizations, users};
    let (organization, written): (OrganizationId, i64) =
        organizations::table.select((organizations::id, organizations::audit_sequence)).first(conn)?;
    let people = users::table.filter(users::organization_id.eq(organization)).select(users::id).limit(1_000);
    Ok((organization, people.load(conn)?, written.unsigned_abs()))
}

/// Sign-ins mostly, as in life; some acts on others.
fn write_line(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    people: &[UserId],
    nth: u64,
) -> Result<(), Fault> {
    let person = |place: u64| people[place as usize % people.len()];
    let (actor, target) = (person(nth * 31), person(nth * 17));
    let (action, target, after) = match nth % 10 {
        0 => ("iam.users.invite", target, json!({ "email": format!("guest{nth}@example.com") })),
        1 => ("iam.memberships.write", target, json!({ "groups": ["read", "write"] })),
        2 => ("account.profile", actor, json!({ "time_zone": "Europe/Berlin" })),
        _ => ("account.sign_in", actor, json!({ "complete": true })),
    };
    let address = format!("10.{}.{}.{}", nth % 7, nth / 256 % 256, nth % 256);
    let origin = Origin { request_id: format!("{nth:026}"), address };
    let line = Line { action, target: Target::user(target), before: json!({}), after };
    audit::record(tx, organization, &By::person(actor, origin), line)
}

/// Pages of the audit, each kind of question by itself.
pub fn pages(console: &Console, lines: u64, requests: usize, report: &mut Report) {
    let audit = |query: &str| format!("/organization/audit?{query}");
    let tenth = |of: u64| lines / 10 * of;
    let asked = [
        ("first page", vec![audit("")]),
        ("deep page", (1..10).map(|of| audit(&format!("after={}", tenth(of)))).collect()),
        ("one action", vec![audit("action=iam.users.invite")]),
        ("one actor", vec![audit("actor=ada.lovelace%40analytical-engines.example")]),
        ("one address", vec![audit("address=10.3.7.11"), audit("address=10.5.200.9")]),
        ("words of one line", (1..10).map(|of| audit(&format!("q=guest{}%40", tenth(of)))).collect()),
        ("a word of very many lines", vec![audit("q=example"), audit("q=guest")]),
        ("words of none", vec![audit("q=nobody+at+all"), audit("q=guestguest")]),
        ("words and an action", vec![audit("q=berlin&action=account.profile")]),
    ];
    let mut connection = console.connection();
    for (name, paths) in asked {
        let mut took = Vec::new();
        for nth in 0..requests + 20 {
            let path = &paths[nth % paths.len()];
            let begun = Instant::now();
            let answer = connection.ask(&get(path, &console.cookie)).expect("an answer");
            let lasted = begun.elapsed();
            assert!(answer.status == 200, "{path} is {}: {}", answer.status, connection.body());
            if nth >= 20 {
                took.push(lasted);
            }
        }
        let took = Latencies::of(took);
        let (half, most) = (took.percentile(50), took.percentile(99));
        report.say(format!("audit of {lines} lines, {name}: p50 {half:.2} ms, p99 {most:.2} ms"));
    }
}
