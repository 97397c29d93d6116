//! The index of words.

use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text},
};

use crate::{
    base::ids::OrganizationId,
    db::{AnyConnection, Fault, on_each},
};

/// Up to this many hits of the index of words are sorted in memory; of more, enough stand among the newest lines.
const MOST_HITS: i64 = 20_000;

/// The lines with the words, if they are no more than [`MOST_HITS`].
pub fn hits(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    words: &str,
) -> Result<Option<Vec<i64>>, Fault> {
    // Wildcards are characters like others. On SQLite one stands for any, since LIKE with ESCAPE would not use the
    // index, and is looked for exactly afterwards.
    const ON_SQLITE: &str = "SELECT d.sequence FROM \
         (SELECT rowid AS number FROM audit_search WHERE search_text LIKE ?2 LIMIT ?4) AS hits \
         CROSS JOIN audit_details AS d ON d.number = hits.number \
         WHERE d.organization_id = ?1 AND instr(d.search_text, ?3) > 0";
    const HITS_ON_SQLITE: &str = "SELECT count(*) AS sequence FROM \
         (SELECT rowid FROM audit_search WHERE search_text LIKE ?1 LIMIT ?2)";
    const ON_POSTGRES: &str = "SELECT d.sequence FROM audit_details AS d \
         WHERE d.organization_id = $1 AND d.search_text LIKE $2 LIMIT $3";
    let most = MOST_HITS + 1;
    let mut found: Vec<Hit> = on_each!(conn,
        postgres pg => sql_query(ON_POSTGRES)
            .bind::<Text, _>(organization)
            .bind::<Text, _>(escaped(words))
            .bind::<BigInt, _>(most)
            .load(pg)?,
        sqlite lite => {
            let pattern = format!("%{}%", words.replace('%', "_"));
            if words.split(['%', '_']).all(|run| run.chars().count() < 3) {
                return Ok(None);
            }
            let count: Hit = sql_query(HITS_ON_SQLITE)
                .bind::<Text, _>(&pattern)
                .bind::<BigInt, _>(most)
                .get_result(lite)?;
            if count.sequence == most {
                return Ok(None);
            }
            sql_query(ON_SQLITE)
                .bind::<Text, _>(organization)
                .bind::<Text, _>(&pattern)
                .bind::<Text, _>(words)
                .bind::<BigInt, _>(most)
                .load(lite)?
        }
    );
    if found.len() as i64 == most {
        return Ok(None);
    }
    found.sort_by_key(|hit| std::cmp::Reverse(hit.sequence));
    Ok(Some(found.into_iter().map(|hit| hit.sequence).collect()))
}

#[derive(QueryableByName)]
struct Hit {
    #[diesel(sql_type = BigInt)]
    sequence: i64,
}

fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{text}%")
}
