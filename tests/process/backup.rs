//! `roster backup` and `roster restore`.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use diesel::prelude::*;
use diesel::{SqliteConnection, sql_query};
use roster::db::schema::{sessions, users};

use crate::ground::{Ground, on_both_grounds, text};
use crate::support::binary::Server;
use crate::support::people::PASSWORD;
use crate::support::world::Database;

on_both_grounds!(
    a_backup_made_while_people_write_is_whole_and_goes_back,
    a_backup_goes_into_the_other_database_and_back_as_it_was,
    a_restore_takes_the_place_of_a_database_only_when_told_to,
    a_restore_waits_for_no_console_that_runs,
    a_restore_ends_sessions,
    people_can_be_invited_after_a_restore,
);

const ADA: &str = "ada.lovelace@analytical-engines.example";

fn backed_up(ground: &Ground) -> String {
    let file = ground.folder.join("roster.backup");
    let said = ground.done(&["backup", &text(&file)]);
    assert!(said.contains("whose fingerprint is"), "{said}");
    text(&file)
}

fn other(ground: &Ground) -> Ground {
    Ground::on(if ground.is_sqlite() { Database::Postgres } else { Database::Sqlite })
}

fn another(ground: &Ground) -> Ground {
    Ground::on(if ground.is_sqlite() { Database::Sqlite } else { Database::Postgres })
}

fn a_backup_made_while_people_write_is_whole_and_goes_back(ground: Ground) {
    let ground = ground.seeded(300);
    let server = ground.serves();
    let (is_over, written) = (AtomicBool::new(false), AtomicBool::new(false));
    let file = std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    let ada = server.visitor();
                    ada.signs_in(ADA, PASSWORD);
                    ada.signs_out();
                    written.store(true, Ordering::Relaxed);
                }
            });
        }
        while !written.load(Ordering::Relaxed) {
            std::thread::yield_now();
        }
        let file = backed_up(&ground);
        is_over.store(true, Ordering::Relaxed);
        file
    });
    drop(server);

    let restored = another(&ground);
    restored.done(&["restore", &file]);
    restored.counts_agree();
    restored.audit_is_whole();
    assert_eq!(restored.audit_lines("organization.seed"), 1);
    assert!(restored.audit_lines("account.sign_in") > 0, "what was written before the backup is in it");
    let server = restored.serves();
    assert!(server.printed().is_empty(), "nobody is asked to set it up: {:#?}", server.printed());
    let ada = server.visitor();
    ada.signs_in(ADA, PASSWORD);
    assert!(ada.is_signed_in());
}

fn a_backup_goes_into_the_other_database_and_back_as_it_was(ground: Ground) {
    let ground = ground.seeded(1_200);
    let rows = ground.rows();
    let there = other(&ground);
    there.done(&["restore", &backed_up(&ground)]);
    assert_eq!(there.rows(), rows);
    there.audit_is_whole();
    let back = another(&ground);
    back.done(&["restore", &backed_up(&there)]);
    assert_eq!(back.rows(), rows);
    back.counts_agree();
    back.audit_is_whole();
}

fn a_restore_takes_the_place_of_a_database_only_when_told_to(ground: Ground) {
    let ground = ground.seeded(30);
    let file = backed_up(&ground);
    ground.done(&["seed", "--users", "5", "--seed", "2", "--organization", "Difference Engines"]);
    let why = ground.refused(&["restore", &file]);
    assert!(why.contains("has an organization in it already"), "{why}");
    let count = || ground.asks(|conn| users::table.count().get_result::<i64>(conn));
    assert_eq!(count(), 38);
    let said = ground.done(&["restore", &file, "--replace"]);
    assert_eq!(count(), 33);
    ground.counts_agree();
    if ground.is_sqlite() {
        let kept =
            said.split_whitespace().find(|word| word.contains(".before-")).expect("a file that is kept");
        let mut conn = SqliteConnection::establish(kept.trim_end_matches('.')).expect("a database");
        assert_eq!(users::table.count().get_result::<i64>(&mut conn).expect("a count"), 38);
    }
}

fn a_restore_waits_for_no_console_that_runs(ground: Ground) {
    let ground = ground.seeded(5);
    let file = backed_up(&ground);
    let server = ground.serves();
    let why = ground.refused(&["restore", &file, "--replace"]);
    assert!(why.contains("a console is running"), "{why}");
    assert!(server.visitor().signs_in(ADA, PASSWORD).reader.is_signed_in());
    server.is_asked_to_end();
    assert!(server.ends().success());
    ground.done(&["restore", &file, "--replace"]);
}

fn a_restore_ends_sessions(ground: Ground) {
    let ground = ground.seeded(5);
    let server = ground.serves();
    assert!(server.visitor().signs_in(ADA, PASSWORD).reader.is_signed_in());
    let file = backed_up(&ground);
    drop(server);
    let sessions = || ground.asks(|conn| sessions::table.count().get_result::<i64>(conn));
    assert!(sessions() > 0);
    ground.done(&["restore", &file, "--replace"]);
    assert_eq!(sessions(), 0);
}

/// What counts on from the rows there are, such as the number of a person, counts on.
fn people_can_be_invited_after_a_restore(ground: Ground) {
    let ground = ground.seeded(10);
    let restored = another(&ground);
    restored.done(&["restore", &backed_up(&ground)]);
    let server = restored.serves();
    let ada = server.visitor();
    ada.signs_in(ADA, PASSWORD);
    ada.invites("grace@example.com", &[]);
    restored.mailbox.letter_to("grace@example.com");
    restored.counts_agree();
    let found = ada.opens("/organization/users?q=grace@exam");
    assert!(found.says("grace@example.com"), "{}", found.text());
}

#[test]
fn a_restore_needs_the_key_that_the_backup_belongs_to() {
    let ground = Ground::on(Database::Sqlite).seeded(3);
    let file = backed_up(&ground);
    let elsewhere = Ground::on(Database::Sqlite).with_key("another key for tests, and just as long");
    let why = elsewhere.refused(&["restore", &file]);
    assert!(why.contains("opens only with the secret key whose fingerprint is"), "{why}");
    assert!(!elsewhere.file().exists());
}

#[test]
fn what_is_no_backup_or_a_damaged_one_is_not_restored() {
    let ground = Ground::on(Database::Sqlite).seeded(300);
    let file = backed_up(&ground);
    let elsewhere = Ground::on(Database::Sqlite);
    let why = elsewhere.refused(&["restore", &text(&ground.folder.join("nothing"))]);
    assert!(why.contains("there is no backup at"), "{why}");

    let letter = elsewhere.folder.join("letter");
    fs::write(&letter, "Dear Ada").expect("written");
    let why = elsewhere.refused(&["restore", &text(&letter)]);
    assert!(why.contains("is not a backup of Roster"), "{why}");

    let mut bytes = fs::read(&file).expect("a backup");
    let half = bytes.len() / 2;
    bytes[half..].fill(7);
    let damaged = text(&elsewhere.folder.join("damaged"));
    fs::write(&damaged, bytes).expect("written");
    let why = elsewhere.refused(&["restore", &damaged]);
    assert!(why.contains("is damaged"), "{why}");

    let mut conn = SqliteConnection::establish(&file).expect("a database");
    sql_query("INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')")
        .execute(&mut conn)
        .expect("a migration of the future");
    let why = elsewhere.refused(&["restore", &file]);
    assert!(why.contains("newer version of Roster"), "{why}");
    assert!(!elsewhere.file().exists());
    let left: Vec<_> = fs::read_dir(elsewhere.folder.join("data")).expect("a folder").collect();
    assert!(left.is_empty(), "{left:?}");
}

/// A database whose file is damaged is why a backup is restored.
#[test]
fn a_restore_takes_the_place_of_a_damaged_database() {
    let ground = Ground::on(Database::Sqlite).seeded(30);
    let file = backed_up(&ground);
    fs::write(ground.file(), "SQLite format 3\0 and then nothing of the kind").expect("written");
    fs::write(text(&ground.file()) + "-wal", "what was left").expect("written");
    ground.refused(&["restore", &file]);
    ground.done(&["restore", &file, "--replace"]);
    ground.counts_agree();
    let _server: Server = ground.serves();
}

#[test]
fn a_backup_is_not_written_over_and_of_nothing_there_is_none() {
    let ground = Ground::on(Database::Sqlite).seeded(3);
    let file = backed_up(&ground);
    let why = ground.refused(&["backup", &file]);
    assert!(why.contains("exists already"), "{why}");
    ground.done(&["backup", &file, "--replace"]);
    let elsewhere = Ground::on(Database::Sqlite);
    let why = elsewhere.refused(&["backup", "roster.backup"]);
    assert!(why.contains("there is no database at"), "{why}");
    assert_eq!(fs::read_dir(&elsewhere.folder).expect("a folder").count(), 0, "nothing is left behind");
}

#[cfg(unix)]
#[test]
fn a_backup_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let ground = Ground::on(Database::Sqlite).seeded(3);
    for path in [backed_up(&ground), text(&ground.file())] {
        assert_eq!(fs::metadata(path).expect("a file").permissions().mode() & 0o777, 0o600);
    }
}
