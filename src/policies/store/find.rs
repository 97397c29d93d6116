//! Finding whom a rule shall name, among a million.

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{self, BigInt},
};

use super::{list::containing, read};
use crate::{
    base::{
        fold,
        ids::{OrganizationId, UserId},
    },
    db::{
        AnyConnection, Fault, on_each,
        schema::{groups, users},
    },
    groups::GroupName,
    people::Status,
    policies::model::Person,
};

/// How many of those who were found are shown.
pub const MOST_FOUND: usize = 20;
/// How many hits of the index are looked at on SQLite, where it holds the people of all organizations.
const MOST_HITS: i64 = 20_000;
/// The index is of pieces of three letters.
const PIECE: usize = 3;

#[derive(QueryableByName)]
struct FoundRow {
    #[diesel(sql_type = sql_types::Text)]
    id: UserId,
    #[diesel(sql_type = sql_types::Text)]
    name: String,
    #[diesel(sql_type = sql_types::Text)]
    email: String,
    #[diesel(sql_type = sql_types::Text)]
    status: Status,
}

/// People with this in their name or address, [`MOST_FOUND`] at the most, and whether there are more; of fewer than
/// three letters, those whose name begins with them.
pub fn find_people(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    typed: &str,
) -> Result<(Vec<Person>, bool), Fault> {
    let text = fold::key(typed);
    let mut found = match text.chars().count() {
        0 => Vec::new(),
        few if few < PIECE => beginning(conn, organization, &text)?,
        _ => inside(conn, organization, &text)?,
    };
    let are_more = found.len() > MOST_FOUND;
    found.truncate(MOST_FOUND);
    found.sort_by_key(|person| fold::key(person.shown()));
    Ok((found, are_more))
}

fn beginning(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    text: &str,
) -> Result<Vec<Person>, Fault> {
    // A range that the index of names serves on both databases.
    let rows: Vec<read::PersonRow> = users::table
        .filter(users::organization_id.eq(organization))
        .filter(users::person_key.ge(text))
        .filter(users::person_key.lt(format!("{text}\u{10FFFF}")))
        .order((users::person_key, users::number))
        .limit(MOST_FOUND as i64 + 1)
        .select((users::id, users::name, users::email, users::status))
        .load(conn)?;
    Ok(rows.into_iter().map(read::person).collect())
}

const ON_SQLITE: &str = "SELECT u.id, u.name, u.email, u.status \
     FROM (SELECT rowid AS number FROM users_search WHERE search_text LIKE ?2 LIMIT ?4) AS hits \
     CROSS JOIN users AS u ON u.number = hits.number \
     WHERE u.organization_id = ?1 AND instr(u.search_text, ?3) > 0 LIMIT ?5";

const ON_POSTGRES: &str = "SELECT u.id, u.name, u.email, u.status FROM users AS u \
     WHERE u.organization_id = $1 AND u.search_text LIKE $2 LIMIT $3";

fn inside(conn: &mut AnyConnection, organization: OrganizationId, text: &str) -> Result<Vec<Person>, Fault> {
    let most = MOST_FOUND as i64 + 1;
    // A search index of its own on SQLite, where LIKE with ESCAPE would not use it; an index of the table on PostgreSQL.
    let rows: Vec<FoundRow> = on_each!(conn,
        postgres pg => sql_query(ON_POSTGRES)
            .bind::<sql_types::Text, _>(organization)
            .bind::<sql_types::Text, _>(containing(text))
            .bind::<BigInt, _>(most)
            .load(pg)?,
        sqlite lite => sql_query(ON_SQLITE)
            .bind::<sql_types::Text, _>(organization)
            .bind::<sql_types::Text, _>(format!("%{}%", text.replace('%', "_")))
            .bind::<sql_types::Text, _>(text)
            .bind::<BigInt, _>(MOST_HITS)
            .bind::<BigInt, _>(most)
            .load(lite)?
    );
    let person = |row: FoundRow| read::person((row.id, row.name, row.email, row.status));
    Ok(rows.into_iter().map(person).collect())
}

/// Groups with this in their name; with nothing typed, the first by name. Whether there are more.
pub fn find_groups(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    typed: &str,
    most: usize,
) -> Result<(Vec<GroupName>, bool), Fault> {
    let mut found: Vec<GroupName> = groups::table
        .filter(groups::organization_id.eq(organization))
        .filter(groups::name_key.like(containing(&fold::key(typed))).escape('\\'))
        .order((groups::standard.desc(), groups::name_key))
        .limit(most as i64 + 1)
        .select((groups::id, groups::name))
        .load(conn)?;
    let are_more = found.len() > most;
    found.truncate(most);
    Ok((found, are_more))
}
