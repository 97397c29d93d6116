//! Rows of whatever tables there are, as JSON objects: a table or column that is added is copied without a word here.

use chrono::NaiveDateTime;
use diesel::{
    connection::DefaultLoadingMode,
    pg::PgRowByRowLoadingMode,
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text},
};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::db::{AnyConnection, Fault, installation, on_each};

/// Rows that travel together.
pub const BATCH: usize = 500;

pub struct Table {
    pub name: String,
    columns: Vec<Column>,
}

struct Column {
    name: String,
    is_moment: bool,
    is_text: bool,
    /// Its place in the primary key; zero when it is not in it.
    key: i64,
}

#[derive(QueryableByName)]
struct TableName {
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct ColumnOf {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    pk: i64,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    json: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// The tables of a migrated SQLite file, none before those it refers to. Not those of Diesel, and not the search indexes,
/// which make themselves.
pub fn tables(lite: &mut SqliteConnection) -> Result<Vec<Table>, Fault> {
    const TABLES: &str = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
        AND name NOT LIKE '\\_\\_diesel%' ESCAPE '\\' AND name NOT LIKE '%\\_search%' ESCAPE '\\' ORDER BY rowid";
    const COLUMNS: &str = "SELECT name, lower(type) AS kind, pk FROM pragma_table_info(?) ORDER BY cid";
    const PARENTS: &str =
        "SELECT DISTINCT \"table\" AS name FROM pragma_foreign_key_list(?1) WHERE \"table\" <> ?1";
    let mut waiting = Vec::new();
    for TableName { name } in sql_query(TABLES).load(lite)? {
        let columns: Vec<ColumnOf> = sql_query(COLUMNS).bind::<Text, _>(&name).load(lite)?;
        let parents: Vec<TableName> = sql_query(PARENTS).bind::<Text, _>(&name).load(lite)?;
        let columns = columns
            .into_iter()
            .map(|it| Column {
                is_moment: it.kind == "timestamp",
                is_text: it.kind == "text",
                key: it.pk,
                name: it.name,
            })
            .collect();
        waiting.push((Table { name, columns }, parents));
    }
    let mut sorted: Vec<Table> = Vec::new();
    while !waiting.is_empty() {
        let is_there = |name: &str| sorted.iter().any(|table| table.name == name);
        let next = waiting.iter().position(|(_, parents)| parents.iter().all(|it| is_there(&it.name)));
        let next =
            next.ok_or_else(|| Fault::broken("sorting the tables", "they refer to each other in a circle"))?;
        sorted.push(waiting.remove(next).0);
    }
    Ok(sorted)
}

impl Table {
    pub fn quoted(&self) -> String {
        quoted(&self.name)
    }

    fn columns(&self) -> String {
        self.columns.iter().map(|it| quoted(&it.name)).collect::<Vec<_>>().join(", ")
    }

    fn counting(&self) -> String {
        format!("SELECT count(*) AS number FROM {}", self.quoted())
    }

    pub fn count_in_sqlite(&self, lite: &mut SqliteConnection) -> Result<u64, Fault> {
        Ok(sql_query(self.counting()).get_result::<Count>(lite)?.number as u64)
    }

    pub fn count_in_postgres(&self, pg: &mut PgConnection) -> Result<u64, Fault> {
        Ok(sql_query(self.counting()).get_result::<Count>(pg)?.number as u64)
    }

    pub fn copy_to_postgres(
        &self,
        lite: &mut SqliteConnection,
        pg: &mut PgConnection,
        tell: &mut dyn FnMut(usize),
    ) -> Result<(), Fault> {
        let mut batch = Batch::default();
        self.read_sqlite(lite, "", |row| {
            batch.add(row, |rows, count| self.write_postgres(pg, rows).map(|()| tell(count)))
        })?;
        batch.hand_on(|rows, count| self.write_postgres(pg, rows).map(|()| tell(count)))
    }

    pub fn copy_to_sqlite(
        &self,
        pg: &mut PgConnection,
        lite: &mut SqliteConnection,
        tell: &mut dyn FnMut(usize),
    ) -> Result<(), Fault> {
        let mut batch = Batch::default();
        self.read_postgres(pg, "", |row| {
            batch.add(row, |rows, count| self.write_sqlite(lite, rows).map(|()| tell(count)))
        })?;
        batch.hand_on(|rows, count| self.write_sqlite(lite, rows).map(|()| tell(count)))
    }

    pub fn count(&self, conn: &mut AnyConnection) -> Result<u64, Fault> {
        on_each!(conn, postgres pg => self.count_in_postgres(pg), sqlite lite => self.count_in_sqlite(lite))
    }

    /// Hands on every row, one at a time, in the order of the primary key, which is the same on both databases. Of
    /// `installation` not what a copy notes there.
    pub fn read<E: From<Fault>>(
        &self,
        conn: &mut AnyConnection,
        hand_on: impl FnMut(String) -> Result<(), E>,
    ) -> Result<(), E> {
        let is_postgres = matches!(conn, AnyConnection::Postgres(_));
        let mut key: Vec<&Column> = self.columns.iter().filter(|column| column.key > 0).collect();
        key.sort_by_key(|column| column.key);
        let collation = |column: &Column| if is_postgres && column.is_text { " COLLATE \"C\"" } else { "" };
        let key = key.into_iter().map(|column| format!("{}{}", quoted(&column.name), collation(column)));
        let only = match self.name == "installation" {
            true => format!(" WHERE name <> '{}'", installation::COPYING),
            false => String::new(),
        };
        let rest = format!("{only} ORDER BY {}", key.collect::<Vec<_>>().join(", "));
        on_each!(conn,
            postgres pg => self.read_postgres(pg, &rest, hand_on),
            sqlite lite => self.read_sqlite(lite, &rest, hand_on)
        )
    }

    /// Writes rows, a JSON array of what [`Table::read`] handed on.
    pub fn write(&self, conn: &mut AnyConnection, rows: &str) -> Result<(), Fault> {
        on_each!(conn, postgres pg => self.write_postgres(pg, rows), sqlite lite => self.write_sqlite(lite, rows))
    }

    /// Adds what a row says to a checksum, the same on both databases.
    pub fn digest(&self, row: &str, into: &mut Sha256) -> Result<(), Fault> {
        let broken = |error: &dyn std::fmt::Display| Fault::broken("reading a row", error.to_string());
        let row: Map<String, Value> = serde_json::from_str(row).map_err(|e| broken(&e))?;
        for column in &self.columns {
            let told = match row.get(&column.name) {
                None | Some(Value::Null) => "n".to_owned(),
                Some(Value::Bool(is_so)) => format!("i{}", u8::from(*is_so)),
                Some(Value::String(text)) if column.is_moment => {
                    format!("m{}", moment(text).map_err(|e| broken(&e))?.and_utc().timestamp_micros())
                }
                Some(Value::String(text)) => format!("s{}:{text}", text.len()),
                Some(other) => format!("i{other}"),
            };
            into.update(told.as_bytes());
            into.update(b";");
        }
        Ok(())
    }

    fn read_sqlite<E: From<Fault>>(
        &self,
        lite: &mut SqliteConnection,
        rest: &str,
        mut hand_on: impl FnMut(String) -> Result<(), E>,
    ) -> Result<(), E> {
        let pairs: Vec<_> = self.columns.iter().map(|it| format!("'{0}', \"{0}\"", it.name)).collect();
        let all = format!("SELECT json_object({}) AS json FROM {}{rest}", pairs.join(", "), self.quoted());
        let rows = sql_query(all).load_iter::<Row, DefaultLoadingMode>(lite).map_err(Fault::from)?;
        rows.into_iter().try_for_each(|row| hand_on(row.map_err(Fault::from)?.json))
    }

    fn read_postgres<E: From<Fault>>(
        &self,
        pg: &mut PgConnection,
        rest: &str,
        mut hand_on: impl FnMut(String) -> Result<(), E>,
    ) -> Result<(), E> {
        let all = format!("SELECT row_to_json(t)::text AS json FROM {} t{rest}", self.quoted());
        let rows = sql_query(all).load_iter::<Row, PgRowByRowLoadingMode>(pg).map_err(Fault::from)?;
        rows.into_iter().try_for_each(|row| hand_on(self.as_sqlite_writes(&row.map_err(Fault::from)?.json)?))
    }

    fn write_postgres(&self, pg: &mut PgConnection, rows: &str) -> Result<(), Fault> {
        let insert = format!(
            "INSERT INTO {0} ({1}) SELECT {1} FROM json_populate_recordset(NULL::{0}, $1::json)",
            self.quoted(),
            self.columns(),
        );
        Ok(sql_query(insert).bind::<Text, _>(rows).execute(pg).map(drop)?)
    }

    fn write_sqlite(&self, lite: &mut SqliteConnection, rows: &str) -> Result<(), Fault> {
        let values: Vec<_> =
            self.columns.iter().map(|it| format!("json_extract(value, '$.{}')", it.name)).collect();
        let insert = format!(
            "INSERT INTO {} ({}) SELECT {} FROM json_each(?)",
            self.quoted(),
            self.columns(),
            values.join(", ")
        );
        Ok(sql_query(insert).bind::<Text, _>(rows).execute(lite).map(drop)?)
    }

    /// Times are text on SQLite and compared as such, so they must be written as Diesel writes them there.
    fn as_sqlite_writes(&self, json: &str) -> Result<String, Fault> {
        let broken = |error: &dyn std::fmt::Display| Fault::broken("reading a row", error.to_string());
        let mut row: Map<String, Value> = serde_json::from_str(json).map_err(|e| broken(&e))?;
        for column in self.columns.iter().filter(|it| it.is_moment) {
            if let Some(Value::String(text)) = row.get_mut(&column.name) {
                *text = moment(text).map_err(|e| broken(&e))?.format("%F %T%.f").to_string();
            }
        }
        serde_json::to_string(&row).map_err(|e| broken(&e))
    }
}

/// A time as either database writes it into JSON.
fn moment(text: &str) -> chrono::ParseResult<NaiveDateTime> {
    let form = if text.contains('T') { "%Y-%m-%dT%H:%M:%S%.f" } else { "%Y-%m-%d %H:%M:%S%.f" };
    NaiveDateTime::parse_from_str(text, form)
}

/// Rows that gather until there are enough of them.
#[derive(Default)]
pub struct Batch(Vec<String>);

impl Batch {
    /// Adds a row, and hands all on when there are enough.
    pub fn add(
        &mut self,
        row: String,
        hand_on: impl FnOnce(&str, usize) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.0.push(row);
        match self.0.len() >= BATCH {
            true => self.hand_on(hand_on),
            false => Ok(()),
        }
    }

    /// Hands on what there is, as a JSON array.
    pub fn hand_on(&mut self, hand_on: impl FnOnce(&str, usize) -> Result<(), Fault>) -> Result<(), Fault> {
        if self.0.is_empty() {
            return Ok(());
        }
        hand_on(&format!("[{}]", self.0.join(",")), self.0.len())?;
        self.0.clear();
        Ok(())
    }
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}
