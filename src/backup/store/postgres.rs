//! A PostgreSQL database, into a SQLite file and out of one.

use std::path::Path;

use diesel::{connection::SimpleConnection, prelude::*, sql_query, sql_types::BigInt};
use diesel_migrations::MigrationHarness;

use super::{
    Step,
    rows::{self, Table},
    sqlite, versions,
};
use crate::{
    backup::NotDone,
    db::{Fault, Stop, migrate, schema::organizations},
};

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

pub(super) fn connect(url: &str) -> Result<PgConnection, Fault> {
    PgConnection::establish(url).map_err(|error| Fault::unavailable("connecting to the database", error))
}

/// Writes every row there is at this moment into an empty file.
pub fn back_up(url: &str, file: &Path, tell: &dyn Fn(Step)) -> Result<(), NotDone> {
    let mut pg = connect(url)?;
    let versions = versions(&mut pg, migrate::POSTGRES)?;
    if versions.are_older || versions.are_newer {
        return Err(NotDone::OtherVersion);
    }
    let mut lite = sqlite::open(file)?;
    lite.run_pending_migrations(migrate::SQLITE)
        .map_err(|error| Fault::broken("making the tables of the backup", error))?;
    let tables = rows::tables(&mut lite)?;
    // The file is of no use before it is whole, so it need not survive a fall before it is. It is brought to the
    // disk at the end.
    lite.batch_execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF").map_err(Fault::from)?;
    let copied: Result<(), Stop<()>> = pg.build_transaction().repeatable_read().read_only().run(|pg| {
        let mut progress = Progress::of(tables.iter().map(|table| table.count_in_postgres(pg)), tell)?;
        lite.batch_execute("BEGIN")?;
        for table in &tables {
            table.copy_to_sqlite(pg, &mut lite, &mut |more| progress.add(more))?;
        }
        Ok(lite.batch_execute("COMMIT")?)
    });
    fault_of(copied)
}

/// Puts the rows of a file that is up to date in the place of all there are, in one transaction.
pub fn restore(url: &str, file: &Path, replace: bool, tell: &dyn Fn(Step)) -> Result<(), NotDone> {
    let mut pg = connect(url)?;
    if others(&mut pg)? > 0 {
        return Err(NotDone::InUse);
    }
    if versions(&mut pg, migrate::POSTGRES)?.are_newer {
        return Err(NotDone::OtherVersion);
    }
    pg.run_pending_migrations(migrate::POSTGRES)
        .map_err(|error| Fault::broken("applying the migrations", error))?;
    let organizations: i64 = organizations::table.count().get_result(&mut pg).map_err(Fault::from)?;
    if organizations > 0 && !replace {
        return Err(NotDone::NotEmpty);
    }
    let mut lite = sqlite::open(file)?;
    let tables = rows::tables(&mut lite)?;
    let copied: Result<(), Stop<()>> = pg.transaction(|pg| {
        let names: Vec<_> = tables.iter().map(Table::quoted).collect();
        pg.batch_execute(&format!("TRUNCATE {}", names.join(", ")))?;
        let mut progress = Progress::of(tables.iter().map(|table| table.count_in_sqlite(&mut lite)), tell)?;
        for table in &tables {
            table.copy_to_postgres(&mut lite, pg, &mut |more| progress.add(more))?;
        }
        Ok(pg.batch_execute(NEXT_NUMBER)?)
    });
    fault_of(copied)?;
    Ok(pg.batch_execute("ANALYZE").map_err(Fault::from)?)
}

/// Rows that come later are counted on from those that are there.
pub(super) const NEXT_NUMBER: &str = "SELECT setval(pg_get_serial_sequence('users', 'number'), \
    greatest(1, (SELECT max(number) FROM users))); \
    SELECT setval(pg_get_serial_sequence('audit_details', 'number'), \
    greatest(1, (SELECT max(number) FROM audit_details)))";

/// How many connections of running consoles there are.
pub(super) fn others(pg: &mut PgConnection) -> Result<i64, Fault> {
    const OTHERS: &str = "SELECT count(*) AS number FROM pg_stat_activity \
        WHERE datname = current_database() AND application_name = 'roster' AND pid <> pg_backend_pid()";
    Ok(sql_query(OTHERS).get_result::<Number>(pg)?.number)
}

fn fault_of(outcome: Result<(), Stop<()>>) -> Result<(), NotDone> {
    match outcome {
        Ok(()) | Err(Stop::Refused(())) => Ok(()),
        Err(Stop::Fault(fault)) => Err(fault.into()),
    }
}

struct Progress<'a> {
    done: u64,
    whole: u64,
    tell: &'a dyn Fn(Step),
}

impl<'a> Progress<'a> {
    fn of(counts: impl Iterator<Item = Result<u64, Fault>>, tell: &'a dyn Fn(Step)) -> Result<Self, Fault> {
        Ok(Self { done: 0, whole: counts.sum::<Result<u64, Fault>>()?, tell })
    }

    fn add(&mut self, more: usize) {
        self.done += more as u64;
        (self.tell)(Step::Rows { done: self.done, whole: self.whole });
    }
}
