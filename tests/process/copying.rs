//! `roster copy`.

use std::process::Stdio;

use diesel::prelude::*;
use roster::db::schema::{installation, sessions, users};

use crate::ground::{Ground, KEY, on_both_grounds, text, told};
use crate::support::binary::{roster, run};
use crate::support::people::PASSWORD;
use crate::support::world::Database;

on_both_grounds!(
    everything_comes_over_and_whoever_was_signed_in_still_is,
    what_holds_something_else_or_is_served_is_refused,
    a_copy_that_was_killed_goes_on_and_nobody_serves_it_before,
    a_source_that_has_changed_since_is_copied_anew,
    another_key_is_told_of,
);

/// So many that a copy of them takes a while.
const PEOPLE: u64 = 12_000;

const ADA: &str = "ada.lovelace@analytical-engines.example";

/// An empty database of the other kind.
fn other(ground: &Ground) -> Ground {
    let there = Ground::on(if ground.is_sqlite() { Database::Postgres } else { Database::Sqlite });
    std::fs::create_dir_all(there.folder.join("data")).expect("a folder");
    there
}

fn url(ground: &Ground) -> String {
    ground.settings()[0].1.to_owned()
}

fn copied(from: &Ground, to: &Ground) -> String {
    let said = from.done(&["copy", "--from", &url(from), "--to", &url(to)]);
    assert!(said.contains("counts and checksums agree"), "{said}");
    said
}

fn everything_comes_over_and_whoever_was_signed_in_still_is(ground: Ground) {
    let ground = ground.seeded(700);
    let server = ground.serves();
    let ada = server.visitor();
    ada.signs_in(ADA, PASSWORD);
    ada.invites("grace@example.com", &["read"]);
    let cookie = ada.cookies();
    assert!(cookie.contains("roster="), "{cookie}");
    server.is_asked_to_end();
    assert!(server.ends().success());

    let there = other(&ground);
    let said = copied(&ground, &there);
    assert!(!said.contains("was in use"), "{said}");
    assert_eq!(there.rows(), ground.rows());
    there.counts_agree();
    there.audit_is_whole();
    let count = |at: &Ground| at.asks(|conn| sessions::table.count().get_result::<i64>(conn));
    assert_eq!(count(&there), count(&ground));
    let notes = there.asks(|conn| {
        installation::table.filter(installation::name.eq("copying")).count().get_result::<i64>(conn)
    });
    assert_eq!(notes, 0);

    let back = Ground::on(if ground.is_sqlite() { Database::Sqlite } else { Database::Postgres });
    std::fs::create_dir_all(back.folder.join("data")).expect("a folder");
    copied(&there, &back);
    assert_eq!(back.rows(), ground.rows(), "and back as it was");
    let server = there.serves();
    let page = reqwest_with(&server, &cookie);
    assert!(page.contains("Ada Lovelace"), "the session is still valid: {page}");
    let ada = server.visitor();
    ada.signs_in(ADA, PASSWORD);
    ada.invites("ken@example.com", &[]);
    there.mailbox.letter_to("ken@example.com");
}

/// The settings page as this cookie opens it.
fn reqwest_with(server: &crate::support::binary::Server, cookie: &str) -> String {
    let url = server.base_url().join("/account/settings").expect("an address");
    crate::support::person::wait(async {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        let request = client.build().expect("a client").get(url).header("cookie", cookie);
        request.send().await.expect("an answer").text().await.expect("a page")
    })
}

fn what_holds_something_else_or_is_served_is_refused(ground: Ground) {
    let ground = ground.seeded(5);
    let there = other(&ground).seeded(3);
    let rows = there.rows();
    let words = ["copy", "--from", &url(&ground), "--to", &url(&there)];
    let why = ground.refused(&words);
    assert!(why.contains("holds an organization already"), "{why}");
    assert_eq!(there.rows(), rows);
    let why = ground.refused(&["copy", "--from", &url(&ground), "--to", &url(&ground)]);
    assert!(why.contains("are the same database"), "{why}");

    let empty = other(&ground);
    let server = empty.serves();
    let why = ground.refused(&["copy", "--from", &url(&ground), "--to", &url(&empty)]);
    assert!(why.contains("a console is running"), "{why}");
    server.is_asked_to_end();
    assert!(server.ends().success());
    copied(&ground, &empty);
    assert_eq!(empty.rows(), ground.rows(), "one that was started and never set up is empty");

    let nothing = Ground::on(Database::Sqlite);
    let why = nothing.refused(&["copy", "--from", &url(&nothing), "--to", &url(&there)]);
    assert!(why.contains("there is no database"), "{why}");
    let output = ground.run(&["copy", "--from", "mysql://x", "--to", &url(&empty)]);
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
}

/// Begins to copy and kills the process as soon as people are in the target for good; false when it was faster.
fn is_killed_in_the_middle(from: &Ground, to: &Ground) -> bool {
    to.done(&["migrate"]);
    let mut has_people = holds_people(to);
    let words = ["copy", "--from", &url(from), "--to", &url(to)];
    let mut command = roster(&from.folder, &words, &from.settings());
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("roster runs");
    while !has_people() && child.try_wait().expect("a process").is_none() {
        std::thread::yield_now();
    }
    child.kill().expect("a process");
    !child.wait().expect("a process").success()
}

/// Asks again and again whether people have come over. A file that is copied into is locked, so that it is only looked
/// at: when it is so large it holds all the people, and what belongs to them is still missing.
fn holds_people(ground: &Ground) -> Box<dyn FnMut() -> bool> {
    if ground.is_sqlite() {
        let file = ground.file();
        return Box::new(move || file.metadata().expect("a file").len() > 15_000_000);
    }
    let mut conn = PgConnection::establish(&url(ground)).expect("a connection");
    Box::new(move || users::table.count().get_result::<i64>(&mut conn).expect("a number") > 0)
}

fn a_copy_that_was_killed_goes_on_and_nobody_serves_it_before(ground: Ground) {
    let ground = ground.seeded(PEOPLE);
    let there = other(&ground);
    assert!(is_killed_in_the_middle(&ground, &there));
    let why = there.refused(&["audit", "verify"]);
    assert!(why.contains("a copy that was interrupted"), "{why}");
    let stranger = Ground::on(Database::Sqlite).seeded(2);
    let why = stranger.refused(&["copy", "--from", &url(&stranger), "--to", &url(&there)]);
    assert!(why.contains("an unfinished copy of another database"), "{why}");
    let third = Ground::on(Database::Sqlite);
    std::fs::create_dir_all(third.folder.join("data")).expect("a folder");
    let why = third.refused(&["copy", "--from", &url(&there), "--to", &url(&third)]);
    assert!(why.contains("a copy that was interrupted"), "{why}");

    let output = ground.run(&["copy", "--from", &url(&ground), "--to", &url(&there)]);
    assert!(output.status.success(), "{}", told(&output));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("an interrupted copy goes on") && !said.contains("begins anew"), "{said}");
    assert_eq!(there.rows(), ground.rows());
    there.counts_agree();
    there.audit_is_whole();
}

fn a_source_that_has_changed_since_is_copied_anew(ground: Ground) {
    let ground = ground.seeded(PEOPLE);
    let there = other(&ground);
    assert!(is_killed_in_the_middle(&ground, &there));
    ground
        .database()
        .write_now(None, |tx| {
            let first = users::table.order(users::number).select(users::id).first::<String>(tx.conn())?;
            diesel::update(users::table.filter(users::id.eq(first)))
                .set(users::name.eq("Somebody Else"))
                .execute(tx.conn())?;
            Ok::<_, roster::db::Fault>(())
        })
        .expect("a change");
    let output = ground.run(&["copy", "--from", &url(&ground), "--to", &url(&there)]);
    assert!(output.status.success(), "{}", told(&output));
    assert!(String::from_utf8_lossy(&output.stderr).contains("the copy begins anew"), "{}", told(&output));
    assert_eq!(there.rows(), ground.rows());
}

fn another_key_is_told_of(ground: Ground) {
    let ground = ground.seeded(5);
    let there = other(&ground);
    let settings = [("secret_key", "another key for tests, as long as a key has to be")];
    let output = run(&ground.folder, &["copy", "--from", &url(&ground), "--to", &url(&there)], &settings);
    assert!(output.status.success(), "{}", told(&output));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("does not open it"), "{said}");
    assert!(!said.contains(KEY) && !text(&ground.folder).is_empty());
    there.audit_is_whole();
}
