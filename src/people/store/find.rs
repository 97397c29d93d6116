//! Finding people to choose from: by what is typed, by id, by address.

use std::collections::BTreeSet;

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text},
};

use crate::{
    base::{
        email_address::EmailAddress,
        fold,
        ids::{OrganizationId, UserId},
    },
    db::{AnyConnection, Fault, on_each, schema::users},
    people::Status,
};

/// Somebody, as choices and sentences name them.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, QueryableByName)]
pub struct Someone {
    #[diesel(sql_type = Text)]
    pub id: UserId,
    /// Empty as long as nobody knows it.
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub email: String,
    #[diesel(sql_type = Text)]
    pub status: Status,
}

impl Someone {
    /// Their name, or their address while they have none.
    pub fn shown(&self) -> &str {
        if self.name.is_empty() { &self.email } else { &self.name }
    }
}

/// How many hits of the index are looked at on SQLite, where it holds the people of all organizations.
const MOST_HITS: i64 = 20_000;

/// Up to `most` people with this text in their name or address: first those whose name begins with it, in the order of
/// names, then others. Without a text, the first people by name.
pub fn search(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    text: &str,
    most: usize,
) -> Result<Vec<Someone>, Fault> {
    let text = fold::key(text);
    let mut found: Vec<Someone> = users::table
        .filter(users::organization_id.eq(organization))
        .filter(users::person_key.ge(&text))
        .filter(users::person_key.lt(format!("{text}\u{10FFFF}")))
        .order((users::person_key, users::number))
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .select((users::id, users::name, users::email, users::status))
        .load(conn)?;
    // The index is made of pieces of three letters.
    if found.len() < most && text.chars().count() >= 3 {
        let known: BTreeSet<UserId> = found.iter().map(|one| one.id).collect();
        let inside = inside(conn, organization, &text, most)?;
        found.extend(inside.into_iter().filter(|one| !known.contains(&one.id)));
        found.truncate(most);
    }
    Ok(found)
}

fn inside(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    text: &str,
    most: usize,
) -> Result<Vec<Someone>, Fault> {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    // A search index of its own on SQLite, an index of the table on PostgreSQL.
    let mut found: Vec<Someone> = on_each!(conn,
        postgres pg => sql_query(ON_POSTGRES)
            .bind::<Text, _>(organization)
            .bind::<Text, _>(escaped(text))
            .bind::<BigInt, _>(most)
            .load(pg)?,
        sqlite lite => sql_query(ON_SQLITE)
            .bind::<Text, _>(organization)
            .bind::<Text, _>(format!("%{}%", text.replace('%', "_")))
            .bind::<Text, _>(text)
            .bind::<BigInt, _>(MOST_HITS)
            .bind::<BigInt, _>(most)
            .load(lite)?
    );
    found.sort_by_cached_key(|one| (fold::key(one.shown()), one.id));
    Ok(found)
}

const ON_SQLITE: &str = "SELECT u.id, u.name, u.email, u.status \
     FROM (SELECT rowid AS number FROM users_search WHERE search_text LIKE ?2 LIMIT ?4) AS hits \
     CROSS JOIN users AS u ON u.number = hits.number \
     WHERE u.organization_id = ?1 AND instr(u.search_text, ?3) > 0 LIMIT ?5";

const ON_POSTGRES: &str = "SELECT u.id, u.name, u.email, u.status \
     FROM users AS u WHERE u.organization_id = $1 AND u.search_text LIKE $2 LIMIT $3";

fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{text}%")
}

/// Those of these people who belong to the organization, by name.
pub fn these(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    ids: &[UserId],
) -> Result<Vec<Someone>, Fault> {
    let mut found = Vec::with_capacity(ids.len());
    for ids in ids.chunks(500) {
        // The organization is looked at here: SQLite would take its index, with all its people.
        let rows: Vec<(OrganizationId, Someone)> = users::table
            .filter(users::id.eq_any(ids))
            .select((users::organization_id, (users::id, users::name, users::email, users::status)))
            .load(conn)?;
        found.extend(rows.into_iter().filter(|(of, _)| *of == organization).map(|(_, one)| one));
    }
    found.sort_by_cached_key(|one| (fold::key(one.shown()), one.id));
    Ok(found)
}

/// Who has each of these addresses; nobody where the organization does not know it.
pub fn by_addresses(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    addresses: &[EmailAddress],
) -> Result<Vec<Option<Someone>>, Fault> {
    let mut found = Vec::with_capacity(addresses.len());
    for addresses in addresses.chunks(500) {
        let keys: Vec<_> = addresses.iter().map(|address| address.folded().to_owned()).collect();
        let rows: Vec<(String, Someone)> = users::table
            .filter(users::organization_id.eq(organization))
            .filter(users::email_key.eq_any(&keys))
            .select((users::email_key, (users::id, users::name, users::email, users::status)))
            .load(conn)?;
        let who = |key: &String| rows.iter().find(|(email, _)| email == key).map(|(_, one)| one.clone());
        found.extend(keys.iter().map(who));
    }
    Ok(found)
}
