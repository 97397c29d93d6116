//! The database that becomes a copy.

use std::collections::BTreeMap;

use diesel::{connection::SimpleConnection, prelude::*};
use sha2::{Digest, Sha256};

use super::{Changed, Note, Reached, Source, alone, hex};
use crate::{
    backup::{
        NotDone,
        store::{
            postgres,
            rows::{self, Batch, Table},
            sqlite,
        },
    },
    db::{
        AnyConnection, Fault, Place, Stop, installation,
        schema::{installation as installation_rows, organizations},
    },
};

/// Rows that are committed together.
const COMMITTED_TOGETHER: u64 = 10_000;

/// A database to copy into, for as long as this lives nobody else's.
pub struct Target {
    conn: AnyConnection,
    pub(super) note: Option<Note>,
}

impl Target {
    /// Opens it for nobody else, brings it up to date, and refuses one that holds anything but an unfinished copy of
    /// this source.
    pub fn open(place: &Place, source: &Source) -> Result<Self, NotDone> {
        let mut conn = match place {
            Place::Sqlite(path) => AnyConnection::Sqlite(alone::in_file(path)?),
            Place::Postgres(url) => AnyConnection::Postgres(alone::on_server(url)?),
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
