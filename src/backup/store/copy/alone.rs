//! Connections to a database that is nobody else's meanwhile.

use std::{fs::OpenOptions, os::unix::fs::OpenOptionsExt, path::Path};

use diesel::{connection::SimpleConnection, pg::PgConnection, prelude::*, sql_query, sql_types::Bool};
use diesel_migrations::MigrationHarness;

use crate::{
    backup::{
        NotDone,
        store::{postgres, sqlite, versions},
    },
    db::{Fault, migrate},
};

/// The file, made when there is none, locked until the connection closes.
pub fn in_file(path: &Path) -> Result<SqliteConnection, NotDone> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
        .map_err(NotDone::files("making the file of the target"))?;
    sqlite::close_for_good(path)?;
    let mut conn = sqlite::open(path)?;
    conn.batch_execute("PRAGMA busy_timeout = 0; PRAGMA foreign_keys = OFF; PRAGMA locking_mode = EXCLUSIVE")
        .map_err(Fault::from)?;
    let locked = conn.batch_execute("BEGIN EXCLUSIVE; COMMIT");
    if let Err(error) = locked {
        return Err(match error.to_string().contains("locked") {
            true => NotDone::InUse,
            false => Fault::from(error).into(),
        });
    }
    if sqlite::has_table(&mut conn, "installation")? && versions(&mut conn, migrate::SQLITE)?.are_newer {
        return Err(NotDone::OtherVersion);
    }
    conn.run_pending_migrations(migrate::SQLITE)
        .map_err(|error| Fault::broken("applying the migrations", error))?;
    Ok(conn)
}

/// A connection that keeps consoles from starting on the database as long as it is open: they wait for the migrations.
pub fn on_server(url: &str) -> Result<PgConnection, NotDone> {
    let mut conn = postgres::connect(url)?;
    conn.batch_execute("SET application_name = 'roster'").map_err(Fault::from)?;
    let lock = format!("SELECT pg_try_advisory_lock({}) AS is_so", migrate::LOCK);
    let is_ours = sql_query(lock).get_result::<Answer>(&mut conn).map_err(Fault::from)?.is_so;
    if !is_ours || postgres::others(&mut conn)? > 0 {
        return Err(NotDone::InUse);
    }
    if versions(&mut conn, migrate::POSTGRES)?.are_newer {
        return Err(NotDone::OtherVersion);
    }
    conn.run_pending_migrations(migrate::POSTGRES)
        .map_err(|error| Fault::broken("applying the migrations", error))?;
    Ok(conn)
}

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    is_so: bool,
}
