//! Looking inside names and addresses, by the index of three-letter pieces; and at the members of a group.

use std::collections::BTreeSet;

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text},
};

use super::{
    PersonRow,
    walk::{COLUMNS, Filter},
};
use crate::{
    base::ids::{GroupId, OrganizationId, UserId},
    db::{
        AnyConnection, Fault, on_each,
        schema::{memberships, users},
    },
    users::model::{Person, Search},
};

/// Up to this many people are sorted in memory; of more, an index must know the order.
pub const FEW: usize = 1_000;
/// How many hits of the index are looked at on SQLite, where it holds the people of all organizations.
const MOST_HITS: i64 = 20_000;

/// Who has the text in their name or address.
pub enum Inside {
    /// All of them, [`FEW`] at the most.
    All(Vec<Person>),
    /// More than [`FEW`], of whom these are some.
    Some(Vec<Person>),
    /// More than could be looked at.
    TooManyToKnow(Vec<Person>),
}

/// Of those with the text in their name or address, the ones who match the filter; unsorted.
pub fn inside(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    text: &str,
    filter: &Filter,
) -> Result<Inside, Fault> {
    // A search index of its own on SQLite, an index of the table on PostgreSQL.
    let rows: Vec<PersonRow> = on_each!(conn,
        postgres pg => sql_query(ON_POSTGRES)
            .bind::<Text, _>(organization)
            .bind::<Text, _>(escaped(text))
            .bind::<BigInt, _>(FEW as i64 + 1)
            .load(pg)?,
        sqlite lite => sql_query(ON_SQLITE)
            .bind::<Text, _>(organization)
            .bind::<Text, _>(with_single_wildcards(text))
            .bind::<Text, _>(text)
            .bind::<BigInt, _>(MOST_HITS)
            .bind::<BigInt, _>(FEW as i64 + 1)
            .load(lite)?
    );
    let are_more = rows.len() > FEW;
    let mut people: Vec<Person> = rows.into_iter().take(FEW).map(Person::from).collect();
    people.retain(|person| filter.admits(person));
    if let Some(group) = filter.group {
        let members = who_is_in(conn, group, &people)?;
        people.retain(|person| members.contains(&person.id));
    }
    Ok(match are_more {
        true => Inside::Some(people),
        false if are_hits_cut(conn, text)? => Inside::TooManyToKnow(people),
        false => Inside::All(people),
    })
}

/// The hits come first and their rows are looked up one by one, only as many as are needed.
const ON_SQLITE: &str = "SELECT u.number, u.id, u.email, u.name, u.person_key, u.status, u.second_factor, \
     u.created_at, u.last_active_at \
     FROM (SELECT rowid AS number FROM users_search WHERE search_text LIKE ?2 LIMIT ?4) AS hits \
     CROSS JOIN users AS u ON u.number = hits.number \
     WHERE u.organization_id = ?1 AND instr(u.search_text, ?3) > 0 LIMIT ?5";

const ON_POSTGRES: &str = "SELECT u.number, u.id, u.email, u.name, u.person_key, u.status, u.second_factor, \
     u.created_at, u.last_active_at \
     FROM users AS u WHERE u.organization_id = $1 AND u.search_text LIKE $2 LIMIT $3";

fn are_hits_cut(conn: &mut AnyConnection, text: &str) -> Result<bool, Fault> {
    #[derive(QueryableByName)]
    struct Hit {
        #[diesel(sql_type = BigInt)]
        #[diesel(column_name = "number")]
        _number: i64,
    }
    // PostgreSQL looks at all hits.
    on_each!(conn, postgres _pg => Ok(false), sqlite lite => {
        let next = "SELECT rowid AS number FROM users_search WHERE search_text LIKE ?1 LIMIT 1 OFFSET ?2";
        let hits: Vec<Hit> = sql_query(next)
            .bind::<Text, _>(with_single_wildcards(text))
            .bind::<BigInt, _>(MOST_HITS)
            .load(lite)?;
        Ok(!hits.is_empty())
    })
}

/// `%text%`, in which a wildcard that was typed stands for any character: LIKE with ESCAPE would not use the index.
fn with_single_wildcards(text: &str) -> String {
    format!("%{}%", text.replace('%', "_"))
}

fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{text}%")
}

fn who_is_in(conn: &mut AnyConnection, group: GroupId, people: &[Person]) -> Result<BTreeSet<UserId>, Fault> {
    let ids: Vec<UserId> = people.iter().map(|person| person.id).collect();
    let members: Vec<UserId> = memberships::table
        .filter(memberships::group_id.eq(group))
        .filter(memberships::user_id.eq_any(ids))
        .select(memberships::user_id)
        .load(conn)?;
    Ok(members.into_iter().collect())
}

/// Of the members of a group of at most [`FEW`], those who match; unsorted.
pub fn members(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    group: GroupId,
    search: &Search,
    filter: &Filter,
) -> Result<Vec<Person>, Fault> {
    // The organization is asked of the membership, so that the database begins there.
    let rows: Vec<(PersonRow, String)> = memberships::table
        .inner_join(users::table.on(users::id.eq(memberships::user_id)))
        .filter(memberships::group_id.eq(group))
        .filter(memberships::organization_id.eq(organization))
        .select((COLUMNS, users::search_text))
        .load(conn)?;
    let rows = rows.into_iter().map(|(row, text)| (Person::from(row), text));
    let found = rows.filter(|(person, text)| {
        filter.admits(person)
            && match search {
                Search::Nothing => true,
                Search::Beginning(beginning) => person.person_key.starts_with(beginning),
                Search::Inside(inside) => text.contains(inside),
            }
    });
    Ok(found.map(|(person, _)| person).collect())
}
