//! Migrations, embedded; the two trees say the same in two dialects.

use diesel::{connection::SimpleConnection, migration::MigrationVersion};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{AnyConnection, Fault};

pub const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
pub const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Any number will do, as long as all instances use the same one.
pub const LOCK: &str = "7274733";

/// Applies what is missing and says how many that were. One process does it, the others wait for it.
pub fn run(conn: &mut AnyConnection) -> Result<usize, Fault> {
    match conn {
        AnyConnection::Postgres(pg) => {
            pg.batch_execute(&format!("SELECT pg_advisory_lock({LOCK})"))?;
            let applied = pg.run_pending_migrations(POSTGRES).map(|done| count(&done));
            pg.batch_execute(&format!("SELECT pg_advisory_unlock({LOCK})"))?;
            applied.map_err(|e| Fault::broken("applying the migrations", e))
        }
        AnyConnection::Sqlite(lite) => match lite.run_pending_migrations(SQLITE).map(|done| count(&done)) {
            Ok(applied) => Ok(applied),
            // Another process came first: then nothing is missing any more.
            Err(_) if !lite.has_pending_migration(SQLITE).unwrap_or(true) => Ok(0),
            Err(error) => Err(Fault::broken("applying the migrations", error)),
        },
    }
}

fn count(done: &[MigrationVersion<'_>]) -> usize {
    done.len()
}
