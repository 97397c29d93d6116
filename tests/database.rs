//! The two migration trees make the same database, in two dialects, and `src/db/schema.rs` says what they make.

#[path = "support/mod.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use diesel::sql_types::{Bool, Nullable, Text};
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection, sql_query};
use diesel_migrations::MigrationHarness;

use support::migrations;
use support::postgres::{Cluster, TestDatabase};

/// What a statement of either dialect adds to a table, in words both share.
type Description = BTreeMap<String, BTreeSet<String>>;

#[derive(QueryableByName)]
struct Fact {
    #[diesel(sql_type = Text)]
    table: String,
    #[diesel(sql_type = Text)]
    fact: String,
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table: String,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    is_nullable: bool,
    #[diesel(sql_type = Nullable<Text>)]
    preset: Option<String>,
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn migrated_sqlite() -> SqliteConnection {
    let mut connection = SqliteConnection::establish(":memory:").expect("a database in memory");
    connection.run_pending_migrations(migrations("sqlite")).expect("migrations that apply");
    connection
}

fn migrated_postgres() -> (TestDatabase, PgConnection) {
    let database = Cluster::shared().empty_database();
    let mut connection = PgConnection::establish(&database.url()).expect("a connection");
    connection.run_pending_migrations(migrations("postgres")).expect("migrations that apply");
    (database, connection)
}

/// Tables of the application: not those of Diesel, and not the search indexes that SQLite keeps in tables.
const SQLITE_TABLES: &str = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
    AND name NOT LIKE '\\_\\_diesel%' ESCAPE '\\' AND name NOT LIKE '%\\_search%' ESCAPE '\\'";

fn describe_sqlite(connection: &mut SqliteConnection) -> Description {
    let columns = format!(
        "SELECT t.name AS \"table\", c.name AS name, lower(c.type) AS kind, \
                NOT (c.\"notnull\" OR c.pk) AS is_nullable, c.dflt_value AS preset \
         FROM ({SQLITE_TABLES}) t, pragma_table_info(t.name) c"
    );
    let keys = format!(
        "SELECT t.name AS \"table\", 'primary key ' || (SELECT group_concat(name, ', ') FROM \
            (SELECT name FROM pragma_table_info(t.name) WHERE pk > 0 ORDER BY pk)) AS fact FROM ({SQLITE_TABLES}) t"
    );
    let indexes = format!(
        "SELECT t.name AS \"table\", \
            CASE WHEN i.\"unique\" THEN 'unique ' ELSE 'index ' END || CASE WHEN i.partial THEN 'partly ' ELSE '' END || \
            (SELECT group_concat(coalesce(name, 'expression') || CASE WHEN \"desc\" THEN ' desc' ELSE '' END, ', ') \
                FROM (SELECT * FROM pragma_index_xinfo(i.name) WHERE key ORDER BY seqno)) AS fact \
         FROM ({SQLITE_TABLES}) t, pragma_index_list(t.name) i WHERE i.origin <> 'pk'"
    );
    let references = format!(
        "SELECT t.name AS \"table\", 'reference ' || group_concat(f.\"from\", ', ') || ' to ' || f.\"table\" || ' ' || \
            group_concat(f.\"to\", ', ') || ' on delete ' || lower(f.on_delete) || ' on update ' || lower(f.on_update) AS fact \
         FROM ({SQLITE_TABLES}) t, pragma_foreign_key_list(t.name) f GROUP BY t.name, f.id"
    );
    let columns = sql_query(columns).load(connection).expect("columns");
    let facts =
        [keys, indexes, references].map(|query| sql_query(query).load::<Fact>(connection).expect("facts"));
    describe(columns, facts.into_iter().flatten())
}

const POSTGRES_TABLES: &str = "SELECT c.oid, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname NOT LIKE '\\_\\_diesel%'";

fn describe_postgres(connection: &mut PgConnection) -> Description {
    let columns = format!(
        "SELECT t.relname::text AS \"table\", a.attname::text AS name, format_type(a.atttypid, a.atttypmod) AS kind, \
                NOT a.attnotnull AS is_nullable, pg_get_expr(d.adbin, d.adrelid) AS preset \
         FROM ({POSTGRES_TABLES}) t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped \
         LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
    );
    let names = "(SELECT string_agg(a.attname, ', ' ORDER BY k.place) FROM unnest({keys}) WITH ORDINALITY k (number, place) \
        JOIN pg_attribute a ON a.attrelid = {table} AND a.attnum = k.number)";
    let names = |keys: &str, table: &str| names.replace("{keys}", keys).replace("{table}", table);
    let keys = format!(
        "SELECT t.relname::text AS \"table\", 'primary key ' || {} AS fact \
         FROM ({POSTGRES_TABLES}) t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype = 'p'",
        names("c.conkey", "c.conrelid")
    );
    let indexes = format!(
        "SELECT t.relname::text AS \"table\", \
            CASE WHEN i.indisunique THEN 'unique ' ELSE 'index ' END || \
            CASE WHEN i.indpred IS NOT NULL THEN 'partly ' ELSE '' END || \
            (SELECT string_agg(coalesce(a.attname, 'expression') || \
                CASE WHEN (i.indoption::int[])[k.place - 1] & 1 = 1 THEN ' desc' ELSE '' END, ', ' ORDER BY k.place) \
             FROM unnest(i.indkey::int[]) WITH ORDINALITY k (number, place) \
             LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number) AS fact \
         FROM ({POSTGRES_TABLES}) t JOIN pg_index i ON i.indrelid = t.oid AND NOT i.indisprimary \
         JOIN pg_class c ON c.oid = i.indexrelid AND c.relname NOT IN ('users_search', 'audit_search')"
    );
    let rule = |column: &str| {
        format!(
            "CASE {column} WHEN 'a' THEN 'no action' WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' \
             WHEN 'n' THEN 'set null' ELSE 'set default' END"
        )
    };
    let references = format!(
        "SELECT t.relname::text AS \"table\", 'reference ' || {} || ' to ' || (c.confrelid::regclass)::text || ' ' || {} || \
            ' on delete ' || {} || ' on update ' || {} AS fact \
         FROM ({POSTGRES_TABLES}) t JOIN pg_constraint c ON c.conrelid = t.oid AND c.contype = 'f'",
        names("c.conkey", "c.conrelid"),
        names("c.confkey", "c.confrelid"),
        rule("c.confdeltype"),
        rule("c.confupdtype"),
    );
    let columns = sql_query(columns).load(connection).expect("columns");
    let facts =
        [keys, indexes, references].map(|query| sql_query(query).load::<Fact>(connection).expect("facts"));
    describe(columns, facts.into_iter().flatten())
}

fn describe(columns: Vec<Column>, facts: impl Iterator<Item = Fact>) -> Description {
    let mut tables = Description::new();
    let keyed: BTreeSet<_> = columns.iter().map(|column| column.table.clone()).collect();
    for column in columns {
        let preset = column.preset.as_deref().map(plain_preset).filter(|preset| preset != "null");
        let null = if column.is_nullable { "nullable" } else { "not null" };
        let fact = format!(
            "column {} {} {null} default {}",
            column.name,
            column.kind,
            preset.as_deref().unwrap_or("none")
        );
        tables.entry(column.table).or_default().insert(fact);
    }
    for fact in facts {
        assert!(keyed.contains(&fact.table));
        tables.entry(fact.table).or_default().insert(fact.fact);
    }
    tables
        .into_iter()
        .map(|(table, facts)| (table, facts.into_iter().map(|fact| in_shared_words(&fact)).collect()))
        .collect()
}

fn plain_preset(preset: &str) -> String {
    preset.split("::").next().unwrap_or_default().to_lowercase()
}

/// SQLite's row number is a 64-bit `integer`; PostgreSQL says how it keeps time.
fn in_shared_words(fact: &str) -> String {
    let fact = fact.replace("timestamp without time zone", "timestamp");
    if fact.starts_with("column number ") { fact.replace(" integer ", " bigint ") } else { fact }
}

#[test]
fn both_databases_have_the_same_tables_columns_rules_and_indexes() {
    let sqlite = describe_sqlite(&mut migrated_sqlite());
    let (_database, mut connection) = migrated_postgres();
    let postgres = describe_postgres(&mut connection);
    assert_eq!(sqlite.keys().collect::<Vec<_>>(), postgres.keys().collect::<Vec<_>>());
    assert!(
        sqlite.len() > 10 && sqlite["users"].iter().any(|fact| fact.starts_with("unique ")),
        "{sqlite:#?}"
    );
    for (table, facts) in &sqlite {
        let only_sqlite: Vec<_> = facts.difference(&postgres[table]).collect();
        let only_postgres: Vec<_> = postgres[table].difference(facts).collect();
        assert!(
            only_sqlite.is_empty() && only_postgres.is_empty(),
            "{table}: only SQLite has {only_sqlite:#?}, only PostgreSQL has {only_postgres:#?}"
        );
    }
}

#[test]
fn both_databases_allow_the_same_values() {
    let checks = |dialect: &str| -> Vec<(String, String)> {
        let mut found = Vec::new();
        for name in migration_names(dialect) {
            let text = fs::read_to_string(root(&format!("migrations/{dialect}/{name}/up.sql")))
                .expect("a migration");
            found.extend(
                text.lines()
                    .filter(|line| line.contains("CHECK"))
                    .map(|line| (name.clone(), line.trim().to_owned())),
            );
        }
        found
    };
    assert_eq!(checks("sqlite"), checks("postgres"));
}

#[test]
fn the_migrations_come_in_pairs_of_the_same_name() {
    let names = migration_names("sqlite");
    assert!(!names.is_empty());
    assert_eq!(names, migration_names("postgres"));
    for (dialect, name) in
        ["sqlite", "postgres"].iter().flat_map(|dialect| names.iter().map(move |name| (dialect, name)))
    {
        for file in ["up.sql", "down.sql"] {
            assert!(
                root(&format!("migrations/{dialect}/{name}/{file}")).exists(),
                "{dialect} {name} has no {file}"
            );
        }
    }
}

fn migration_names(dialect: &str) -> Vec<String> {
    let folders = fs::read_dir(root("migrations").join(dialect)).expect("migrations");
    let mut names: Vec<_> =
        folders.map(|it| it.expect("a folder").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

#[test]
fn migrations_can_be_undone_and_done_again_on_sqlite() {
    let mut connection = migrated_sqlite();
    let before = describe_sqlite(&mut connection);
    connection.revert_all_migrations(migrations("sqlite")).expect("migrations that can be undone");
    assert_eq!(describe_sqlite(&mut connection), Description::new());
    connection.run_pending_migrations(migrations("sqlite")).expect("migrations that apply again");
    assert_eq!(describe_sqlite(&mut connection), before);
}

#[test]
fn migrations_can_be_undone_and_done_again_on_postgres() {
    let (_database, mut connection) = migrated_postgres();
    let before = describe_postgres(&mut connection);
    connection.revert_all_migrations(migrations("postgres")).expect("migrations that can be undone");
    assert_eq!(describe_postgres(&mut connection), Description::new());
    connection.run_pending_migrations(migrations("postgres")).expect("migrations that apply again");
    assert_eq!(describe_postgres(&mut connection), before);
}

#[test]
fn the_schema_in_the_source_is_the_one_the_migrations_make() {
    let made = describe_sqlite(&mut migrated_sqlite());
    let made: BTreeSet<_> = made
        .iter()
        .flat_map(|(table, facts)| facts.iter().filter_map(move |fact| column(table, fact)))
        .collect();
    let said = said_in_schema();
    let only_made: Vec<_> = made.difference(&said).collect();
    let only_said: Vec<_> = said.difference(&made).collect();
    assert!(
        only_made.is_empty() && only_said.is_empty(),
        "only made: {only_made:#?}, only said: {only_said:#?}"
    );
}

/// `users.name: text` or `users.joined_at: timestamp?`.
fn column(table: &str, fact: &str) -> Option<String> {
    let mut words = fact.strip_prefix("column ")?.split(' ');
    let (name, kind) = (words.next()?, words.next()?);
    Some(format!("{table}.{name}: {kind}{}", if words.next()? == "nullable" { "?" } else { "" }))
}

fn said_in_schema() -> BTreeSet<String> {
    let text = fs::read_to_string(root("src/db/schema.rs")).expect("the schema");
    let mut said = BTreeSet::new();
    let mut table = String::new();
    for line in text.lines().map(str::trim) {
        if let Some((name, _)) = line.strip_suffix(") {").and_then(|line| line.split_once(" (")) {
            table = name.to_owned();
        }
        let Some((name, kind)) = line.strip_suffix(',').and_then(|line| line.split_once(" -> ")) else {
            continue;
        };
        let bare = kind.strip_prefix("Nullable<").and_then(|kind| kind.strip_suffix('>'));
        let word = match bare.unwrap_or(kind) {
            "Bool" => "boolean".to_owned(),
            other => other.to_lowercase(),
        };
        said.insert(format!("{table}.{name}: {word}{}", if bare.is_some() { "?" } else { "" }));
    }
    said
}
