//! One database becoming what another is. How far it has come is noted in the target with the rows themselves, so that a
//! copy that was interrupted at any place goes on from there.

use std::{collections::BTreeMap, fs::OpenOptions, os::unix::fs::OpenOptionsExt, path::Path};

use diesel::{
    connection::SimpleConnection,
    pg::PgConnection,
    prelude::*,
    sql_query,
    sql_types::{BigInt, Bool},
};
use diesel_migrations::MigrationHarness;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{
    postgres, rows,
    rows::{Batch, Table},
    sqlite, versions,
};
use crate::{
    backup::{CopyStep, NotDone},
    db::{
        AnyConnection, Fault, Place, Stop, installation, migrate, on_each,
        schema::{installation as installation_rows, organizations},
    },
};

/// Rows that are committed together.
const COMMITTED_TOGETHER: u64 = 10_000;

/// The rows of a table that have come over, and the checksum of all of them in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    pub rows: u64,
    checksum: String,
}

/// What the target notes of a copy that is not finished.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Note {
    /// Which database it is of.
    source: String,
    tables: BTreeMap<String, Reached>,
}

/// The source is not what it was when the rows came over that are in the target already.
#[derive(Debug)]
pub struct Changed;

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    is_so: bool,
}

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = BigInt)]
    sum: i64,
}

/// A database to copy, as it stands at one moment.
pub struct Source {
    conn: AnyConnection,
    pub fingerprint: String,
    name: String,
    /// Acts that the audit had noted then.
    acts: i64,
}

impl Source {
    /// Opens it and begins the one transaction in which all is read.
    pub fn open(place: &Place) -> Result<Self, NotDone> {
        let mut conn = match place {
            Place::Sqlite(path) if !path.exists() => return Err(NotDone::NoDatabase(path.clone())),
            Place::Sqlite(path) => AnyConnection::Sqlite(sqlite::open(path)?),
            Place::Postgres(url) => AnyConnection::Postgres(postgres::connect(url)?),
        };
        let versions = on_each!(&mut conn,
            postgres pg => versions(pg, migrate::POSTGRES)?,
            sqlite lite => match sqlite::has_table(lite, "installation")? {
                true => versions(lite, migrate::SQLITE)?,
                false => return Err(NotDone::NeverServed),
            }
        );
        if versions.are_older || versions.are_newer {
            return Err(NotDone::OtherVersion);
        }
        let snapshot = match &conn {
            AnyConnection::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            AnyConnection::Sqlite(_) => "PRAGMA query_only = ON; BEGIN",
        };
        conn.batch_execute(snapshot).map_err(Fault::from)?;
        if installation::value(&mut conn, installation::COPYING)?.is_some() {
            return Err(NotDone::UnfinishedCopy);
        }
        let fingerprint = installation::value(&mut conn, installation::SECRET_KEY_FINGERPRINT)?;
        let fingerprint = fingerprint.ok_or(NotDone::NeverServed)?;
        let all: Vec<(String, String)> =
            installation_rows::table.order(installation_rows::name).load(&mut conn).map_err(Fault::from)?;
        let acts = acts(&mut conn)?;
        Ok(Self { conn, fingerprint, name: name_of(&all), acts })
    }

    /// Acts that were done there since it was opened.
    pub fn acts_since(place: &Place, opened: i64) -> Result<i64, NotDone> {
        let mut conn = match place {
            Place::Sqlite(path) => AnyConnection::Sqlite(sqlite::open(path)?),
            Place::Postgres(url) => AnyConnection::Postgres(postgres::connect(url)?),
        };
        Ok(acts(&mut conn)? - opened)
    }

    pub fn acts(&self) -> i64 {
        self.acts
    }

    pub fn rows(&mut self, tables: &[Table]) -> Result<u64, Fault> {
        tables.iter().map(|table| table.count(&mut self.conn)).sum()
    }
}

/// What tells a database from others as long as it has the same keys.
fn name_of(installation: &[(String, String)]) -> String {
    let mut name = Sha256::new();
    for (key, value) in installation {
        name.update(format!("{}:{key}={}:{value};", key.len(), value.len()));
    }
    hex(name)
}

fn acts(conn: &mut AnyConnection) -> Result<i64, Fault> {
    const ACTS: &str = "SELECT CAST(COALESCE(SUM(audit_sequence), 0) AS BIGINT) AS sum FROM organizations";
    Ok(on_each!(conn, c => sql_query(ACTS).get_result::<Sum>(c))?.sum)
}

/// A database to copy into, for as long as this lives nobody else's.
pub struct Target {
    conn: AnyConnection,
    note: Option<Note>,
}

impl Target {
    /// Opens it for nobody else, brings it up to date, and refuses one that holds anything but an unfinished copy of
    /// this source.
    pub fn open(place: &Place, source: &Source) -> Result<Self, NotDone> {
        let mut conn = match place {
            Place::Sqlite(path) => AnyConnection::Sqlite(alone_in_file(path)?),
            Place::Postgres(url) => AnyConnection::Postgres(alone_on_server(url)?),
        };
        let note = installation::value(&mut conn, installation::COPYING)?;
        let note = note
            .map(|note| serde_json::from_str::<Note>(&note))
            .transpose()
            .map_err(|error| Fault::broken("reading how far a copy has come", error))?;
        match &note {
            Some(note) if note.source != source.name => return Err(NotDone::OtherCopy),
            Some(_) => {}
            None => {
                let there: i64 = organizations::table.count().get_result(&mut conn).map_err(Fault::from)?;
                if there > 0 {
                    return Err(NotDone::TargetNotEmpty);
                }
            }
        }
        Ok(Self { conn, note })
    }

    /// Rows that an interrupted copy has brought over.
    pub fn rows_there(&self) -> u64 {
        self.note.iter().flat_map(|note| note.tables.values()).map(|reached| reached.rows).sum()
    }

    /// Empties it and notes that a copy has begun.
    pub fn begin(&mut self, source: &Source, tables: &[Table]) -> Result<(), Fault> {
        let note = Note { source: source.name.clone(), tables: BTreeMap::new() };
        self.conn.batch_execute("BEGIN")?;
        match &mut self.conn {
            AnyConnection::Postgres(pg) => {
                let names: Vec<_> = tables.iter().map(Table::quoted).collect();
                pg.batch_execute(&format!("TRUNCATE {}", names.join(", ")))?;
            }
            AnyConnection::Sqlite(lite) => {
                for table in tables.iter().rev() {
                    lite.batch_execute(&format!("DELETE FROM {}", table.quoted()))?;
                }
            }
        }
        self.write_down(&note)?;
        self.conn.batch_execute("COMMIT")?;
        self.note = Some(note);
        Ok(())
    }

    fn write_down(&mut self, note: &Note) -> Result<(), Fault> {
        let text = serde_json::to_string(note).map_err(|e| Fault::broken("noting a copy", e))?;
        let row = installation_rows::table.find(installation::COPYING);
        let value = installation_rows::value.eq(&text);
        if diesel::update(row).set(value).execute(&mut self.conn)? == 0 {
            diesel::insert_into(installation_rows::table)
                .values((installation_rows::name.eq(installation::COPYING), value))
                .execute(&mut self.conn)?;
        }
        Ok(())
    }

    /// Brings a table over and says what it then is. What is in the target already is only compared with the source.
    pub fn receive(
        &mut self,
        source: &mut Source,
        table: &Table,
        tell: &mut dyn FnMut(u64),
    ) -> Result<Reached, Stop<Changed>> {
        let mut note = self.note.clone().unwrap_or_default();
        let there = note.tables.get(&table.name).cloned().unwrap_or_default();
        let (mut rows, mut checksum, mut batch) = (0_u64, Sha256::new(), Batch::default());
        let mut is_open = false;
        table.read(&mut source.conn, |row| {
            table.digest(&row, &mut checksum)?;
            rows += 1;
            if rows % rows::BATCH as u64 == 0 {
                tell(rows);
            }
            if rows <= there.rows {
                let is_same = rows < there.rows || hex(checksum.clone()) == there.checksum;
                return if is_same { Ok(()) } else { Err(Stop::Refused(Changed)) };
            }
            if !is_open {
                self.conn.batch_execute("BEGIN").map_err(Fault::from)?;
                is_open = true;
            }
            batch.add(row, |rows, _| table.write(&mut self.conn, rows))?;
            if rows % COMMITTED_TOGETHER == 0 {
                batch.hand_on(|rows, _| table.write(&mut self.conn, rows))?;
                let reached = Reached { rows, checksum: hex(checksum.clone()) };
                self.commit(&mut note, &table.name, reached)?;
                is_open = false;
            }
            Ok::<_, Stop<Changed>>(())
        })?;
        if rows < there.rows {
            return Err(Stop::Refused(Changed));
        }
        let reached = Reached { rows, checksum: hex(checksum) };
        if reached != there {
            if !is_open {
                self.conn.batch_execute("BEGIN").map_err(Fault::from)?;
            }
            batch.hand_on(|rows, _| table.write(&mut self.conn, rows))?;
            self.commit(&mut note, &table.name, reached.clone())?;
        }
        tell(rows);
        self.note = Some(note);
        Ok(reached)
    }

    fn commit(&mut self, note: &mut Note, table: &str, reached: Reached) -> Result<(), Fault> {
        note.tables.insert(table.to_owned(), reached);
        self.write_down(note)?;
        Ok(self.conn.batch_execute("COMMIT")?)
    }

    /// Reads every table back and compares it with what was sent.
    pub fn verify(&mut self, tables: &[Table]) -> Result<(), NotDone> {
        let sent = self.note.take().unwrap_or_default().tables;
        for table in tables {
            let (mut rows, mut checksum) = (0, Sha256::new());
            table.read(&mut self.conn, |row| {
                rows += 1;
                table.digest(&row, &mut checksum)
            })?;
            let found = Reached { rows, checksum: hex(checksum) };
            if sent.get(&table.name) != Some(&found) {
                return Err(NotDone::Differs { table: table.name.clone() });
            }
        }
        Ok(())
    }

    /// After everything is verified: what counts on counts on, and the database may be served.
    pub fn finish(mut self) -> Result<(), NotDone> {
        match &mut self.conn {
            AnyConnection::Postgres(pg) => pg.batch_execute(postgres::NEXT_NUMBER).map_err(Fault::from)?,
            AnyConnection::Sqlite(lite) => sqlite::check_references(lite)?,
        }
        self.conn.batch_execute("ANALYZE").map_err(Fault::from)?;
        diesel::delete(installation_rows::table.find(installation::COPYING))
            .execute(&mut self.conn)
            .map_err(Fault::from)?;
        Ok(())
    }
}

/// The tables of this version, whichever database they are in.
pub fn tables() -> Result<Vec<Table>, Fault> {
    let mut lite = SqliteConnection::establish(":memory:")
        .map_err(|error| Fault::unavailable("opening a database in memory", error))?;
    lite.run_pending_migrations(migrate::SQLITE)
        .map_err(|error| Fault::broken("making the tables in memory", error))?;
    rows::tables(&mut lite)
}

/// The file, made when there is none, locked until the connection closes.
fn alone_in_file(path: &Path) -> Result<SqliteConnection, NotDone> {
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
fn alone_on_server(url: &str) -> Result<PgConnection, NotDone> {
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

fn hex(checksum: Sha256) -> String {
    checksum.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Brings over the tables of one moment of the source, and says how many rows those are.
pub fn transfer(
    source: &mut Source,
    target: &mut Target,
    tables: &[Table],
    tell: &dyn Fn(CopyStep),
) -> Result<u64, Stop<Changed>> {
    let whole = source.rows(tables)?;
    let mut before = 0;
    if target.note.is_none() {
        target.begin(source, tables)?;
    }
    for table in tables {
        let reached =
            target.receive(source, table, &mut |rows| tell(CopyStep::Rows { done: before + rows, whole }))?;
        before += reached.rows;
    }
    Ok(before)
}
