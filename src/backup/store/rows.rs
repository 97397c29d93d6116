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

use crate::db::Fault;

/// Rows that travel together.
const BATCH: usize = 500;

pub struct Table {
    name: String,
    columns: Vec<Column>,
}

struct Column {
    name: String,
    is_moment: bool,
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
    const COLUMNS: &str = "SELECT name, lower(type) AS kind FROM pragma_table_info(?) ORDER BY cid";
    const PARENTS: &str =
        "SELECT DISTINCT \"table\" AS name FROM pragma_foreign_key_list(?1) WHERE \"table\" <> ?1";
    let mut waiting = Vec::new();
    for TableName { name } in sql_query(TABLES).load(lite)? {
        let columns: Vec<ColumnOf> = sql_query(COLUMNS).bind::<Text, _>(&name).load(lite)?;
        let parents: Vec<TableName> = sql_query(PARENTS).bind::<Text, _>(&name).load(lite)?;
        let columns = columns
            .into_iter()
            .map(|it| Column { is_moment: it.kind == "timestamp", name: it.name })
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

    fn count(&self) -> String {
        format!("SELECT count(*) AS number FROM {}", self.quoted())
    }

    pub fn count_in_sqlite(&self, lite: &mut SqliteConnection) -> Result<u64, Fault> {
        Ok(sql_query(self.count()).get_result::<Count>(lite)?.number as u64)
    }

    pub fn count_in_postgres(&self, pg: &mut PgConnection) -> Result<u64, Fault> {
        Ok(sql_query(self.count()).get_result::<Count>(pg)?.number as u64)
    }

    pub fn copy_to_postgres(
        &self,
        lite: &mut SqliteConnection,
        pg: &mut PgConnection,
        tell: &mut dyn FnMut(usize),
    ) -> Result<(), Fault> {
        let pairs: Vec<_> = self.columns.iter().map(|it| format!("'{0}', \"{0}\"", it.name)).collect();
        let all = format!("SELECT json_object({}) AS json FROM {}", pairs.join(", "), self.quoted());
        let insert = format!(
            "INSERT INTO {0} ({1}) SELECT {1} FROM json_populate_recordset(NULL::{0}, $1::json)",
            self.quoted(),
            self.columns(),
        );
        let rows = sql_query(all).load_iter::<Row, DefaultLoadingMode>(lite)?;
        in_batches(rows.map(|row| Ok(row?.json)), |batch, count| {
            sql_query(&insert).bind::<Text, _>(batch).execute(pg)?;
            tell(count);
            Ok(())
        })
    }

    pub fn copy_to_sqlite(
        &self,
        pg: &mut PgConnection,
        lite: &mut SqliteConnection,
        tell: &mut dyn FnMut(usize),
    ) -> Result<(), Fault> {
        let all = format!("SELECT row_to_json(t)::text AS json FROM {} t", self.quoted());
        let values: Vec<_> =
            self.columns.iter().map(|it| format!("json_extract(value, '$.{}')", it.name)).collect();
        let insert = format!(
            "INSERT INTO {} ({}) SELECT {} FROM json_each(?)",
            self.quoted(),
            self.columns(),
            values.join(", ")
        );
        let rows = sql_query(all).load_iter::<Row, PgRowByRowLoadingMode>(pg)?;
        in_batches(rows.map(|row| self.as_sqlite_writes(&row?.json)), |batch, count| {
            sql_query(&insert).bind::<Text, _>(batch).execute(lite)?;
            tell(count);
            Ok(())
        })
    }

    /// Times are text on SQLite and compared as such, so they must be written as Diesel writes them there.
    fn as_sqlite_writes(&self, json: &str) -> Result<String, Fault> {
        let broken = |error: &dyn std::fmt::Display| Fault::broken("reading a row", error.to_string());
        let mut row: Map<String, Value> = serde_json::from_str(json).map_err(|e| broken(&e))?;
        for column in self.columns.iter().filter(|it| it.is_moment) {
            if let Some(Value::String(text)) = row.get_mut(&column.name) {
                let at =
                    NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").map_err(|e| broken(&e))?;
                *text = at.format("%F %T%.f").to_string();
            }
        }
        serde_json::to_string(&row).map_err(|e| broken(&e))
    }
}

/// Hands rows on as JSON arrays.
fn in_batches(
    rows: impl Iterator<Item = Result<String, Fault>>,
    mut hand_on: impl FnMut(&str, usize) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let mut batch = Vec::with_capacity(BATCH);
    for row in rows {
        batch.push(row?);
        if batch.len() == BATCH {
            hand_on(&format!("[{}]", batch.join(",")), batch.len())?;
            batch.clear();
        }
    }
    match batch.len() {
        0 => Ok(()),
        count => hand_on(&format!("[{}]", batch.join(",")), count),
    }
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}
