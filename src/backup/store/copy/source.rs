//! The database that is copied.

use diesel::{connection::SimpleConnection, prelude::*, sql_query, sql_types::BigInt};
use sha2::{Digest, Sha256};

use super::hex;
use crate::{
    backup::{
        NotDone,
        store::{postgres, rows::Table, sqlite, versions},
    },
    db::{
        AnyConnection, Fault, Place, installation, migrate, on_each,
        schema::installation as installation_rows,
    },
};

/// A database to copy, as it stands at one moment.
pub struct Source {
    pub(super) conn: AnyConnection,
    pub fingerprint: String,
    pub(super) name: String,
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

#[derive(QueryableByName)]
struct Sum {
    #[diesel(sql_type = BigInt)]
    sum: i64,
}
