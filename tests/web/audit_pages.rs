//! The page of the audit: what lines say, which are found, who reads them, and as which files they leave.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chrono::Duration;
use diesel::RunQueryDsl;
use reqwest::StatusCode;
use roster::audit::{self, By, Line, Target};
use roster::db::{Fault, Tx};
use serde_json::{Value, json};

use crate::cast::{Cast, Kind, another_organization};
use crate::support::element::until;
use crate::support::on_both;
use crate::support::page::{Page, text_of};
use crate::support::people::PASSWORD;
use crate::support::person::Person;
use crate::support::world::World;
use crate::users::{id_of, organization};

const AUDIT: &str = "/organization/audit";

on_both!(
    a_line_tells_who_did_what_to_whom_from_where,
    lines_are_found_by_actor_subject_action_day_and_address,
    words_are_looked_for_in_names_addresses_and_changes,
    every_view_walks_over_each_line_that_matches_exactly_once,
    whoever_is_gone_is_named_by_the_line_itself,
    the_audit_of_a_thing_is_one_link_away_for_whoever_may_read_it,
    a_persons_page_shows_their_activity_to_whoever_may_read_it,
    only_whoever_has_the_right_reads_the_audit,
    another_organization_reads_its_own_lines_only,
    an_export_is_the_filtered_view_and_is_written_down,
    lines_of_an_earlier_version_are_made_findable,
    a_query_that_makes_no_sense_breaks_nothing,
);

/// The sentences of a page, newest first.
fn told(page: &Page) -> Vec<String> {
    page.whole().all(".audit-told").map(text_of).collect()
}

/// Writes this many lines as the administrator's.
fn write_lines(world: &World, many: usize) {
    let (of, ada) = (organization(world), id_of(world, "ada@example.com"));
    let write = |tx: &mut Tx<'_>| {
        for nth in 0..many {
            let action = ["account.theme", "account.profile", "iam.organization.write"][nth % 3];
            let target = if nth % 3 == 2 { Target::organization(of) } else { Target::user(ada) };
            let after = json!({ "name": format!("n{nth:04}x") });
            let origin = roster::access::Origin {
                request_id: format!("r{nth}"),
                address: ["192.0.2.1", "192.0.2.2"][nth % 2].to_owned(),
            };
            let by = if nth % 5 == 0 { By::operator() } else { By::person(ada, origin) };
            audit::record(tx, of, &by, Line { action, target, before: json!({}), after })?;
        }
        Ok::<_, Fault>(())
    };
    world.db().write_now(of, write).expect("lines");
}

fn a_line_tells_who_did_what_to_whom_from_where(world: World) {
    let ada = world.administrator();
    world.member(&ada, "bob@example.com", "Bob Babbage", &["read"]);
    ada.users().row("Bob Babbage").follow("Deactivate").form("Deactivate Bob Babbage").press();
    let page = ada.users().follow("Audit");
    assert_eq!((page.status, page.heading().as_str()), (StatusCode::OK, "Audit"));
    assert_eq!(told(&page)[0], "Ada Lovelace deactivated Bob Babbage");
    assert!(told(&page).iter().any(|line| line == "Ada Lovelace invited Bob Babbage"), "{:?}", told(&page));
    assert!(page.says("Status: active → deactivated"), "{}", page.text());
    assert!(page.says("from 127.0.0.1") && page.says("iam.users.deactivate"));
    assert_eq!(
        page.link("Bob Babbage").path(),
        format!("/organization/users/{}", id_of(&world, "bob@example.com"))
    );
    let diffs: Vec<String> = page.whole().all(".diff").map(|it| it.text().collect()).collect();
    assert!(
        diffs[0].contains("- status: \"active\"") && diffs[0].contains("+ status: \"deactivated\""),
        "{diffs:?}"
    );
}

fn lines_are_found_by_actor_subject_action_day_and_address(world: World) {
    let ada = world.administrator();
    world.member(&ada, "bob@example.com", "Bob Babbage", &[]);
    let bob = id_of(&world, "bob@example.com");
    world.later(Duration::days(2));
    let ada = world.visitor().signs_in("ada@example.com", PASSWORD).reader;
    let found = |query: &str| told(&ada.opens(&format!("{AUDIT}?{query}")));
    let today = ["Ada Lovelace signed in"];
    assert_eq!(found("from=2026-11-25"), today);
    assert_eq!(found("from=2026-11-25&to=2026-11-25"), today);
    assert_eq!(found("from=2026-11-26"), [""; 0]);
    assert!(!found("to=2026-11-24").is_empty() && !found("to=2026-11-24").contains(&today[0].to_owned()));
    for query in [format!("actor={bob}"), "actor=bob%40example.com".into(), "actor=BOB".into()] {
        let lines = found(&query);
        assert!(
            !lines.is_empty() && lines.iter().all(|line| line.starts_with("Bob Babbage ")),
            "{query}: {lines:?}"
        );
    }
    assert_eq!(found("target=Bob+Babbage&actor=Ada+Lovelace"), ["Ada Lovelace invited Bob Babbage"]);
    assert_eq!(found("action=iam.users.invite"), ["Ada Lovelace invited Bob Babbage"]);
    assert_eq!(found("action=iam.users.invite&address=192.0.2.7"), [""; 0]);
    assert_eq!(found("action=iam.users.invite&address=127.0.0.1"), ["Ada Lovelace invited Bob Babbage"]);
    let page = ada.opens(&format!("{AUDIT}?actor=Nobody+At+All"));
    assert!(told(&page).is_empty() && page.says("Nobody here is called “Nobody At All”"), "{}", page.text());

    let form = ada.opens(AUDIT).form("Apply");
    let page = form.fill("Who did it", "Bob Babbage").fill("From day", "2026-11-23").press();
    assert!(page.says("By Bob Babbage") && page.says("From 23 Nov 2026"), "{}", page.text());
    let about = page.follow("Remove the filter By Bob Babbage");
    assert!(about.url.query().unwrap_or_default().contains("from=2026-11-23"));
    assert!(!about.url.query().unwrap_or_default().contains("actor"));
}

fn words_are_looked_for_in_names_addresses_and_changes(world: World) {
    let ada = world.administrator();
    world.member(&ada, "zoe@example.com", "Zoë O'Neil", &["write"]);
    let search = |typed: &str| {
        let page = ada.opens(AUDIT).form("Search").fill("Search names, addresses, changes", typed).press();
        assert_eq!(page.status, StatusCode::OK);
        told(&page)
    };
    assert!(search("ZOE o'n").iter().any(|line| line == "Zoë O'Neil accepted their invitation"));
    assert!(search("zoe@example").iter().all(|line| line.contains("Zoë")));
    assert_eq!(search("iam.users.invite"), ["Ada Lovelace invited Zoë O'Neil"]);
    assert!(!search("zo").is_empty(), "two letters");
    for nothing in ["z_e", "zo%", "nobody at all", "<script>"] {
        assert_eq!(search(nothing), [""; 0], "{nothing}");
    }
}

/// Follows Next to the end, then Previous back to the beginning; both ways the same.
fn walk(person: &Person, address: &str) -> Vec<String> {
    let ids = |page: &Page| -> Vec<String> {
        page.whole().all(".audit > li").filter_map(|line| line.attr("id").map(str::to_owned)).collect()
    };
    let mut page = person.opens(address);
    let mut forth = ids(&page);
    while page.has_link("Next") {
        page = page.follow("Next");
        forth.extend(ids(&page));
    }
    let mut back = ids(&page);
    while page.has_link("Previous") {
        page = page.follow("Previous");
        back.splice(0..0, ids(&page));
    }
    assert_eq!(forth, back, "{address}");
    forth
}

fn every_view_walks_over_each_line_that_matches_exactly_once(world: World) {
    let ada = world.administrator();
    write_lines(&world, 180);
    let me = id_of(&world, "ada@example.com");
    let count = |condition: &str| -> usize {
        let sql = format!(
            "SELECT CAST(l.sequence AS TEXT) FROM audit_lines l JOIN audit_details d \
             ON d.organization_id = l.organization_id AND d.sequence = l.sequence WHERE {condition}"
        );
        crate::snapshot::texts(&world, &sql).len()
    };
    for (query, condition) in [
        (String::new(), "1 = 1".to_owned()),
        (format!("actor={me}"), format!("l.actor_id = '{me}'")),
        ("actor=operator".into(), "l.actor_kind = 'operator'".into()),
        (format!("target={me}"), format!("l.target_id = '{me}'")),
        ("action=account.theme".into(), "l.action = 'account.theme'".into()),
        ("address=192.0.2.2".into(), "d.address = '192.0.2.2'".into()),
        (
            "address=192.0.2.2&action=account.profile".into(),
            "d.address = '192.0.2.2' AND l.action = 'account.profile'".into(),
        ),
        (format!("of=user:{me}"), format!("(l.actor_id = '{me}' OR l.target_id = '{me}')")),
        ("q=n00".into(), "d.search_text LIKE '%n00%'".into()),
        (
            "q=1x&action=account.theme".into(),
            "d.search_text LIKE '%1x%' AND l.action = 'account.theme'".into(),
        ),
        ("from=2026-11-23&to=2026-11-23&q=lovelace".into(), "d.search_text LIKE '%lovelace%'".into()),
    ] {
        let met = walk(&ada, &format!("{AUDIT}?{query}"));
        let distinct: BTreeSet<_> = met.iter().collect();
        assert_eq!((met.len(), distinct.len()), (count(&condition), count(&condition)), "{query}");
        assert!(met.len() > 5, "{query} says something");
    }
    let lost = ada.opens(&format!("{AUDIT}?after=nonsense"));
    assert!(lost.says("cannot be found") && told(&lost).len() == 50);
}

fn whoever_is_gone_is_named_by_the_line_itself(world: World) {
    let ada = world.administrator();
    ada.invites("grace@example.com", &[]);
    let guest = id_of(&world, "grace@example.com");
    ada.users().row("grace@example.com").form("Revoke").press();
    let page = ada.opens(&format!("{AUDIT}?of=user:{guest}"));
    assert_eq!(
        told(&page),
        [
            "Ada Lovelace revoked the invitation of grace@example.com",
            "Ada Lovelace invited grace@example.com"
        ]
    );
    assert!(!page.has_link("grace@example.com"), "whoever is gone has no page");
}

fn a_persons_page_shows_their_activity_to_whoever_may_read_it(world: World) {
    let ada = world.administrator();
    world.member(&ada, "bob@example.com", "Bob Babbage", &[]);
    let page = ada.users().follow("Bob Babbage");
    assert!(page.says("Activity") && page.says("Bob Babbage accepted their invitation"), "{}", page.text());
    let all = page.follow("All activity");
    assert!(told(&all).iter().all(|line| line.contains("Bob Babbage")), "{:?}", told(&all));
    assert!(all.says("About or by Bob Babbage"));
}

fn the_audit_of_a_thing_is_one_link_away_for_whoever_may_read_it(world: World) {
    let cast = Cast::assemble(&world);
    let ada = cast.enters(Kind::Administrator);
    let naming = ada.opens("/organization/groups").follow("New group").form("Create group");
    let group = naming.fill("Name", "Night shift").press();
    assert_eq!(told(&group.follow("Audit of Night shift")), ["Ada Lovelace created the group Night shift"]);
    let policies = ada.opens("/organization/iam/access-policies");
    let page = policies.follow("write").follow("Audit of write");
    assert_eq!((page.status, page.heading().as_str()), (StatusCode::OK, "Audit"));
    assert!(page.url.query().is_some_and(|it| it.starts_with("of=policy%3A")), "{}", page.url);

    let requests = "/organization/iam/access-requests";
    let fields = [("role", "iam_viewer"), ("minutes", "30"), ("reason", "Somebody calls.")];
    cast.enters(Kind::Member).post(&format!("{requests}/new"), &fields);
    let page = ada.opens(requests).row("Moe Member").follow("IAM Viewer").follow("Audit of this request");
    assert_eq!(told(&page).len(), 1, "{}", page.text());
}

fn only_whoever_has_the_right_reads_the_audit(world: World) {
    let ada = world.administrator();
    let bob = world.member(&ada, "bob@example.com", "Bob Babbage", &["metrics"]);
    for path in [AUDIT, "/organization/audit.csv", "/organization/audit.jsonl"] {
        assert_eq!(bob.get(path).status, StatusCode::FORBIDDEN, "{path}");
        assert!(world.visitor().get(path).status.is_redirection(), "{path}");
    }
    assert!(!bob.opens("/account/settings").has_link("Audit"));
}

fn another_organization_reads_its_own_lines_only(world: World) {
    let ada = world.administrator();
    ada.invites("secret@example.com", &[]);
    let guest = id_of(&world, "secret@example.com");
    let grace = another_organization(&world, "Second", "grace@example.com", PASSWORD);
    for query in
        ["", "q=secret", &format!("target={guest}"), &format!("of=user:{guest}"), "address=127.0.0.1"]
    {
        let page = grace.opens(&format!("{AUDIT}?{query}"));
        assert!(!told(&page).iter().any(|line| line.contains("Ada") || line.contains("secret")), "{query}");
    }
    assert!(!grace.get("/organization/audit.jsonl").body.contains("secret@example.com"));
}

fn an_export_is_the_filtered_view_and_is_written_down(world: World) {
    let ada = world.administrator();
    write_lines(&world, 1_200);
    ada.invites("grace@example.com", &[]);
    let (of, me) = (organization(&world), id_of(&world, "ada@example.com"));
    let formula = |tx: &mut Tx<'_>| {
        let origin = roster::access::Origin { request_id: "=1+1".into(), address: String::new() };
        let line =
            Line { action: "account.theme", target: Target::user(me), before: json!({}), after: json!({}) };
        audit::record(tx, of, &By::person(me, origin), line)
    };
    world.db().write_now(of, formula).expect("a line");

    let page = ada.opens(AUDIT);
    let jsonl = ada.get(page.link("JSON Lines").as_str());
    assert_eq!(jsonl.headers["content-type"], "application/jsonl; charset=utf-8");
    assert_eq!(jsonl.headers["content-disposition"], "attachment; filename=\"audit.jsonl\"");
    let lines: Vec<Value> =
        jsonl.body.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let sequences: Vec<i64> = lines.iter().map(|line| line["sequence"].as_i64().expect("a number")).collect();
    let newest = sequences[0];
    assert_eq!(sequences, (1..=newest).rev().collect::<Vec<_>>(), "each line once");
    assert_eq!(lines[0]["action"], "iam.audit.read", "the export is the newest line");
    let invited = lines.iter().find(|line| line["action"] == "iam.users.invite").expect("the invitation");
    assert_eq!(invited["told"], "Ada Lovelace invited grace@example.com");
    assert_eq!(
        (&invited["actor"]["email"], &invited["address"]),
        (&json!("ada@example.com"), &json!("127.0.0.1"))
    );

    let csv = ada.get("/organization/audit.csv?action=account.theme");
    assert!(csv.headers["content-type"].to_str().expect("text").starts_with("text/csv; charset=utf-8"));
    let mut reader = csv::Reader::from_reader(csv.body.as_bytes());
    let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("a record")).collect();
    assert_eq!(records.len(), 401);
    assert!(records.iter().all(|record| &record[3] == "account.theme"));
    assert_eq!(&records[0][11], "'=1+1", "a cell that a spreadsheet would run is defused");
    assert_eq!(crate::users::lines(&world, "iam.audit.read"), 2);
    let noted = ada.opens(&format!("{AUDIT}?action=iam.audit.read"));
    assert!(noted.says("Exported: audit.csv") && noted.says("action account.theme"), "{}", noted.text());
}

fn lines_of_an_earlier_version_are_made_findable(world: World) {
    let ada = world.administrator();
    ada.invites("grace@example.com", &[]);
    let before = crate::snapshot::texts(
        &world,
        "SELECT COALESCE(search_text, '') || address FROM audit_details ORDER BY number",
    );
    let forget = |tx: &mut Tx<'_>| {
        Ok::<_, Fault>(
            diesel::sql_query("UPDATE audit_details SET search_text = NULL, address = ''")
                .execute(tx.conn())?,
        )
    };
    world.db().write_now(None, forget).expect("forgotten");
    let page = ada.opens(&format!("{AUDIT}?q=grace"));
    assert!(told(&page).is_empty() && page.says("still being made ready"), "{}", page.text());
    world.later(Duration::hours(2));
    let after = || {
        crate::snapshot::texts(
            &world,
            "SELECT COALESCE(search_text, '') || address FROM audit_details ORDER BY number",
        )
    };
    until(
        || if after() == before { Ok(()) } else { Err("not yet".to_owned()) },
        |why| format!("the lines are folded: {why}"),
    );
    let ada = world.visitor().signs_in("ada@example.com", PASSWORD).reader;
    let page = ada.opens(&format!("{AUDIT}?q=grace"));
    assert_eq!(told(&page), ["Ada Lovelace invited grace@example.com"]);
    assert!(!page.says("still being made ready"));
}

fn a_query_that_makes_no_sense_breaks_nothing(world: World) {
    let ada = world.administrator();
    let long = "x".repeat(3_000);
    for value in ["%00", "%ff", "'%3B+DROP+TABLE+users", "<script>alert(1)</script>", "\\%25_", &long] {
        for name in ["q", "actor", "target", "action", "from", "to", "address", "of", "after", "before"] {
            let page = ada.get(&format!("{AUDIT}?{name}={value}"));
            assert_eq!(page.status, StatusCode::OK, "{name}={value}");
            assert!(!page.body.contains("<script>alert"), "{name}={value}");
        }
    }
}

#[test]
fn every_action_that_is_written_down_has_its_words() {
    /// Names of the same form that are no actions of the audit: kinds of jobs, files.
    const OTHERS: &[&str] = &["invitations.send_again", "passwords.mail_link"];
    let known: BTreeSet<&str> = audit::ACTIONS.iter().map(|words| words.action).collect();
    let mut wordless = BTreeSet::new();
    for (path, text) in commands(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))) {
        let literals = text.split('"').skip(1).step_by(2);
        let is_action = |literal: &&str| {
            literal.split('.').count() >= 2
                && literal.split('.').all(|part| !part.is_empty())
                && literal.bytes().all(|b| b.is_ascii_lowercase() || b == b'_' || b == b'.')
                && ![".csv", ".html", ".txt", ".jsonl"].iter().any(|ending| literal.ends_with(ending))
        };
        wordless.extend(
            literals
                .filter(is_action)
                .filter(|literal| !known.contains(*literal) && !OTHERS.contains(literal))
                .map(|literal| format!("{literal} ({path})")),
        );
    }
    assert!(wordless.is_empty(), "give these their words in src/audit/words_of_actions.rs: {wordless:#?}");
}

/// Every file that writes lines: the commands of rooms, and what they call.
fn commands(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(commands(&path));
            continue;
        }
        let name = path.display().to_string();
        let text = fs::read_to_string(&path).unwrap_or_default();
        let writes =
            text.contains("audit::record") || text.contains("audit::Line") || text.contains("Line {");
        // Pages only show.
        let is_elsewhere = ["/src/audit/", "/pages/"].iter().any(|part| name.contains(part));
        if name.ends_with(".rs") && writes && !is_elsewhere {
            found.push((name, text));
        }
    }
    found
}
