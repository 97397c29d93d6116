//! SQLite files: the backup itself, and the database of an installation.

use std::{fs::File, io::Read, path::Path};

use diesel::{
    connection::SimpleConnection,
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text},
};
use diesel_migrations::MigrationHarness;

use super::versions;
use crate::{
    backup::NotDone,
    db::{
        Fault, installation, migrate,
        schema::{organizations, sessions},
    },
};

#[derive(QueryableByName)]
struct Words {
    #[diesel(sql_type = Text)]
    words: String,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

pub(super) fn open(path: &Path) -> Result<SqliteConnection, Fault> {
    let mut conn = SqliteConnection::establish(&path.to_string_lossy())
        .map_err(|error| Fault::unavailable("opening the database file", error))?;
    conn.batch_execute("PRAGMA busy_timeout = 10000")?;
    Ok(conn)
}

/// Copies what is committed at this moment into an empty file, without the space that is not used any more. Row
/// numbers stay: `users.number` is the row's own.
pub fn copy_into(from: &Path, to: &Path) -> Result<(), NotDone> {
    let mut conn = open(from)?;
    let vacuum = sql_query("VACUUM INTO ?").bind::<Text, _>(to.to_string_lossy());
    vacuum.execute(&mut conn).map_err(Fault::from)?;
    Ok(())
}

/// The fingerprint of the secret key that the database was made with, where it is one of Roster.
pub fn fingerprint(path: &Path) -> Result<Option<String>, NotDone> {
    let mut conn = open(path)?;
    if !has_table(&mut conn, "installation")? {
        return Ok(None);
    }
    if installation::value_in(&mut conn, installation::COPYING)?.is_some() {
        return Err(NotDone::UnfinishedCopy);
    }
    Ok(installation::value_in(&mut conn, installation::SECRET_KEY_FINGERPRINT)?)
}

/// Finds out whether a copy of the file `named` is whole and of a version this program knows.
pub fn check(copy: &Path, named: &Path) -> Result<(), NotDone> {
    let mut conn = open(copy)?;
    let damaged = |found: String| NotDone::Damaged { path: named.to_owned(), found };
    match has_table(&mut conn, "installation") {
        Ok(true) => {}
        Err(fault) if begins_as_sqlite(copy) => return Err(damaged(fault.to_string())),
        Ok(false) | Err(_) => return Err(NotDone::NotABackup(named.to_owned())),
    }
    const WHOLE: &str = "SELECT integrity_check AS words FROM pragma_integrity_check UNION ALL \
        SELECT 'a row of ' || \"table\" || ' belongs to none of ' || parent FROM pragma_foreign_key_check";
    let found: Vec<Words> =
        sql_query(WHOLE).load(&mut conn).map_err(|error| damaged(Fault::from(error).to_string()))?;
    if let Some(found) = found.into_iter().find(|it| it.words != "ok") {
        return Err(damaged(found.words));
    }
    match versions(&mut conn, migrate::SQLITE)?.are_newer {
        true => Err(NotDone::Newer),
        false => Ok(()),
    }
}

/// Brings a copy up to date, ends its sessions, and leaves it as one file.
pub fn prepare(copy: &Path) -> Result<(), NotDone> {
    let mut conn = open(copy)?;
    conn.run_pending_migrations(migrate::SQLITE)
        .map_err(|error| Fault::broken("applying the migrations", error))?;
    diesel::delete(sessions::table).execute(&mut conn).map_err(Fault::from)?;
    conn.batch_execute("PRAGMA journal_mode = DELETE").map_err(Fault::from)?;
    Ok(())
}

/// Makes sure that nobody has the database open and that it lies in one file; says whether something is in it that
/// must not be lost. A file that cannot be read as a database may be one that is damaged.
pub fn close_for_good(path: &Path) -> Result<bool, NotDone> {
    let mut conn = open(path)?;
    // Leaving the write-ahead log needs the database for oneself alone.
    let alone = conn.batch_execute("PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE");
    match alone {
        Err(error) if error.to_string().contains("locked") => return Err(NotDone::InUse),
        Err(_) => return Ok(true),
        Ok(()) => {}
    }
    if !has_table(&mut conn, "organizations").unwrap_or(true) {
        return Ok(false);
    }
    let count = organizations::table.count().get_result::<i64>(&mut conn);
    Ok(count.map_or(true, |count| count > 0))
}

/// Whether every row belongs to those that it names.
pub(super) fn check_references(conn: &mut SqliteConnection) -> Result<(), Fault> {
    const ALONE: &str = "SELECT count(*) AS number FROM pragma_foreign_key_check";
    match sql_query(ALONE).get_result::<Number>(conn)?.number {
        0 => Ok(()),
        many => Err(Fault::broken("checking the copy", format!("{many} rows belong to none"))),
    }
}

pub(super) fn has_table(conn: &mut SqliteConnection, name: &str) -> Result<bool, Fault> {
    const COUNT: &str = "SELECT count(*) AS number FROM sqlite_schema WHERE type = 'table' AND name = ?";
    let count: Number = sql_query(COUNT).bind::<Text, _>(name).get_result(conn)?;
    Ok(count.number > 0)
}

fn begins_as_sqlite(path: &Path) -> bool {
    let mut start = [0; 16];
    File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok()
        && &start == b"SQLite format 3\0"
}
