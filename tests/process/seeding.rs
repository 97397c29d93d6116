//! `roster seed`.

use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::{QueryableByName, SqliteConnection, sql_query};
use roster::db::schema::{jobs, organizations, password_credentials, users};

use crate::ground::{Ground, on_both_grounds, text};
use crate::support::binary::{Server, roster};
use crate::support::people::PASSWORD;
use crate::support::world::Database;

on_both_grounds!(
    counts_agree_with_the_rows_and_one_line_tells_of_all,
    seeded_people_sign_in_with_the_password_that_was_given,
    without_a_password_nobody_can_sign_in,
    a_database_is_seeded_once_by_each_number,
);

const ADA: &str = "ada.lovelace@analytical-engines.example";

#[test]
fn the_same_seed_makes_the_same_rows_on_both_databases() {
    let rows = |database, seed| {
        let ground = Ground::on(database);
        ground.done(&["seed", "--users", "700", "--invitations", "60", "--seed", seed, "--at", "2026-11-22"]);
        ground.rows()
    };
    let first = rows(Database::Sqlite, "7");
    assert!(first.len() > 1_500, "{}", first.len());
    assert_eq!(first, rows(Database::Sqlite, "7"));
    assert_eq!(first, rows(Database::Postgres, "7"));
    assert_ne!(first, rows(Database::Sqlite, "8"));
}

fn counts_agree_with_the_rows_and_one_line_tells_of_all(ground: Ground) {
    let ground = ground.seeded(600);
    ground.counts_agree();
    ground.audit_is_whole();
    assert_eq!(ground.audit_lines("organization.seed"), 1);
    let (people, waiting): (i64, i64) = ground.asks(|conn| {
        let waiting = jobs::table.filter(jobs::queue.eq("mail")).filter(jobs::state.eq("waiting"));
        Ok((users::table.count().get_result(conn)?, waiting.count().get_result(conn)?))
    });
    assert_eq!((people, waiting), (660, 0), "nobody is written to");
}

fn seeded_people_sign_in_with_the_password_that_was_given(ground: Ground) {
    let ground = ground.seeded(20);
    let server = ground.serves();
    let ada = server.visitor();
    let page = ada.signs_in(ADA, PASSWORD);
    assert!(ada.is_signed_in(), "{}", page.text());
    let page = ada.users();
    assert!(page.says("Ada Lovelace") && page.has_link("Invite User"), "she administers: {}", page.text());
    assert!(!server.visitor().signs_in(ADA, "seven quiet rivers at noon").says("Ada Lovelace"));
}

fn without_a_password_nobody_can_sign_in(ground: Ground) {
    ground.done(&["seed", "--users", "20"]);
    let stored: i64 = ground.asks(|conn| password_credentials::table.count().get_result(conn));
    assert_eq!(stored, 0);
    let server = ground.serves();
    let ada = server.visitor();
    ada.signs_in(ADA, PASSWORD);
    assert!(!ada.is_signed_in());
}

fn a_database_is_seeded_once_by_each_number(ground: Ground) {
    ground.done(&["seed", "--users", "3"]);
    let why = ground.refused(&["seed", "--users", "3"]);
    assert!(why.contains("--seed 1 already"), "{why}");
    ground.done(&["seed", "--users", "3", "--seed", "2", "--organization", "Difference Engines"]);
    let organizations: i64 = ground.asks(|conn| organizations::table.count().get_result(conn));
    assert_eq!(organizations, 2);
}

#[test]
fn a_password_that_would_be_refused_elsewhere_is_refused_here() {
    let ground = Ground::on(Database::Sqlite);
    let why = ground.refused(&["seed", "--users", "3", "--password", "short"]);
    assert!(why.contains("--password: Use at least 15 characters"), "{why}");
}

#[derive(QueryableByName)]
struct Made {
    #[diesel(sql_type = Text)]
    sql: String,
}

fn made(ground: &Ground) -> Vec<String> {
    let mut conn = SqliteConnection::establish(&text(&ground.file())).expect("a database");
    let all = sql_query("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY sql");
    all.load::<Made>(&mut conn).expect("a schema").into_iter().map(|it| it.sql).collect()
}

#[test]
fn indexes_that_were_taken_down_for_many_people_stand_again() {
    let ground = Ground::on(Database::Sqlite);
    ground.done(&["migrate"]);
    let before = made(&ground);
    let ground = ground.seeded(20_000);
    assert_eq!(made(&ground), before);
    let mut conn = SqliteConnection::establish(&text(&ground.file())).expect("a database");
    // Compares the search index with the rows, and fails when they differ.
    sql_query("INSERT INTO users_search (users_search, rank) VALUES ('integrity-check', 1)")
        .execute(&mut conn)
        .expect("a search index that is whole");
}

#[test]
fn a_seed_that_is_killed_leaves_nothing_behind() {
    let ground = Ground::on(Database::Sqlite);
    ground.done(&["migrate"]);
    let before = made(&ground);
    let log = ground.folder.join("data/roster.sqlite3-wal");
    let mut seed =
        roster(&ground.folder, &["seed", "--users", "200000"], &ground.settings()).spawn().expect("a seed");
    // It is under way as soon as it writes.
    while std::fs::metadata(&log).map_or(0, |log| log.len()) < 4_000_000 {
        assert!(seed.try_wait().expect("a process").is_none(), "it writes before it ends");
        std::thread::yield_now();
    }
    seed.kill().expect("a process to kill");
    seed.wait().expect("an end");
    assert_eq!(made(&ground), before);
    let people: i64 = ground.asks(|conn| users::table.count().get_result(conn));
    assert_eq!(people, 0);
    let ground = ground.seeded(30);
    ground.counts_agree();
    let _server: Server = ground.serves();
}
