//! How those are called that lines name, as far as they are still there.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::{
    audit::{details::Named, model::Entry},
    base::{fold, ids::OrganizationId},
    db::{
        AnyConnection, Fault,
        schema::{access_requests, access_tokens, groups, invitations, organizations, policies, users},
    },
};

/// The most people that words may name in a filter.
const MOST_NAMED: i64 = 10;

/// Ids and names, by kind.
#[derive(Debug, Default)]
pub struct Names(BTreeMap<(&'static str, String), Named>);

impl Names {
    pub fn of(&self, kind: &str, id: &str) -> Option<&Named> {
        self.0.get(&(table_of(kind)?, id.to_owned()))
    }
}

/// In which table those of a kind are.
fn table_of(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "user" | "person" | "session" | "token_of" => "user",
        "group" => "group",
        "policy" => "policy",
        "token" => "token",
        "invitation" => "invitation",
        "access_request" => "access_request",
        "organization" => "organization",
        _ => return None,
    })
}

/// The kind under which an actor's name is found: a token acts for the person whose it is.
pub fn kind_of_actor(kind: &str) -> &str {
    if kind == "token" { "token_of" } else { kind }
}

/// The names of all that these lines are by or about.
pub fn of_entries(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    entries: &[Entry],
) -> Result<Names, Fault> {
    let actors = entries.iter().map(|entry| (kind_of_actor(&entry.actor.kind), entry.actor.id.as_str()));
    let targets = entries.iter().map(|entry| (entry.target.kind.as_str(), entry.target.id.as_str()));
    of_all(conn, organization, actors.chain(targets))
}

/// The names of those by kind and id.
pub fn of_all<'a>(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    wanted: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<Names, Fault> {
    let mut by_table: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    for (kind, id) in wanted {
        if let Some(table) = table_of(kind).filter(|_| !id.is_empty()) {
            by_table.entry(table).or_default().insert(id.to_owned());
        }
    }
    let mut names = Names::default();
    for (table, ids) in by_table {
        let ids: Vec<String> = ids.into_iter().collect();
        for (id, name, email) in rows(conn, organization, table, &ids)? {
            names.0.insert((table, id), Named { name, email });
        }
    }
    Ok(names)
}

type Row = (String, String, String);

fn rows(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    table: &str,
    ids: &[String],
) -> Result<Vec<Row>, Fault> {
    /// The rows of one table whose only name is this column.
    macro_rules! named {
        ($table:ident, $name:ident) => {{
            let rows: Vec<(String, String)> = $table::table
                .filter($table::organization_id.eq(organization))
                .filter($table::id.eq_any(ids))
                .select(($table::id, $table::$name))
                .load(conn)?;
            rows.into_iter().map(|(id, name)| (id, name, String::new())).collect()
        }};
    }
    Ok(match table {
        "user" => users::table
            .filter(users::organization_id.eq(organization))
            .filter(users::id.eq_any(ids))
            .select((users::id, users::name, users::email))
            .load(conn)?,
        "group" => named!(groups, name),
        "policy" => named!(policies, name),
        "token" => named!(access_tokens, name),
        "invitation" => {
            let rows: Vec<Row> = named!(invitations, email);
            rows.into_iter().map(|(id, email, name)| (id, name, email)).collect()
        }
        "access_request" => named!(access_requests, role),
        _ => {
            let rows: Vec<(String, String)> = organizations::table
                .filter(organizations::id.eq(organization))
                .select((organizations::id, organizations::name))
                .load(conn)?;
            rows.into_iter().map(|(id, name)| (id, name, String::new())).collect()
        }
    })
}

/// The people who are called this, by name or e-mail address: exactly, or when nobody is, beginning with it. At most
/// [`MOST_NAMED`].
pub fn people_called(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    words: &str,
) -> Result<Vec<(String, Named)>, Fault> {
    let key = fold::key(words);
    let select = (users::id, users::name, users::email);
    let theirs = || users::table.filter(users::organization_id.eq(organization)).limit(MOST_NAMED);
    let mut rows: Vec<Row> = theirs().filter(users::email_key.eq(&key)).select(select).load(conn)?;
    if rows.is_empty() {
        rows = theirs().filter(users::person_key.eq(&key)).select(select).load(conn)?;
    }
    if rows.is_empty() {
        // The key with the last character that there is behind it is behind all that begin with the key.
        let end = format!("{key}\u{10FFFF}");
        rows = theirs()
            .filter(users::person_key.ge(&key))
            .filter(users::person_key.lt(end))
            .order((users::person_key, users::number))
            .select(select)
            .load(conn)?;
    }
    Ok(rows.into_iter().map(|(id, name, email)| (id, Named { name, email })).collect())
}

/// The groups and policies of this name.
pub fn things_called(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    words: &str,
) -> Result<Vec<(String, Named)>, Fault> {
    let key = fold::key(words);
    let mut found: Vec<(String, String)> = groups::table
        .filter(groups::organization_id.eq(organization))
        .filter(groups::name_key.eq(&key))
        .select((groups::id, groups::name))
        .limit(MOST_NAMED)
        .load(conn)?;
    found.extend(
        policies::table
            .filter(policies::organization_id.eq(organization))
            .filter(policies::name_key.eq(&key))
            .select((policies::id, policies::name))
            .limit(MOST_NAMED)
            .load::<(String, String)>(conn)?,
    );
    Ok(found.into_iter().map(|(id, name)| (id, Named { name, email: String::new() })).collect())
}
