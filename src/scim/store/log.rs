//! The log: the newest lines of each organization.

use diesel::prelude::*;

use crate::{
    base::{
        clock::Moment,
        ids::{OrganizationId, ScimNoteId},
    },
    db::{AnyConnection, Fault, Tx, schema::scim_log},
    scim::model::{LogLine, MOST_LOGGED},
};

/// Adds a line and lets those go that are too many.
pub fn append(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    token_name: &str,
    (status, subject, words): (i32, &str, &str),
) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(scim_log::table)
        .values((
            scim_log::id.eq(ScimNoteId::new()),
            scim_log::organization_id.eq(organization),
            scim_log::at.eq(now),
            scim_log::token_name.eq(token_name),
            scim_log::status.eq(status),
            scim_log::subject.eq(subject),
            scim_log::words.eq(words),
        ))
        .execute(tx.conn())?;
    let beyond: Option<ScimNoteId> = scim_log::table
        .filter(scim_log::organization_id.eq(organization))
        .order(scim_log::id.desc())
        .offset(MOST_LOGGED as i64)
        .select(scim_log::id)
        .first(tx.conn())
        .optional()?;
    if let Some(beyond) = beyond {
        let old = scim_log::table
            .filter(scim_log::organization_id.eq(organization))
            .filter(scim_log::id.le(beyond));
        diesel::delete(old).execute(tx.conn())?;
    }
    Ok(())
}

/// The newest lines, the newest first; from one on, those before it.
pub fn latest(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    before: Option<ScimNoteId>,
    most: i64,
) -> Result<Vec<LogLine>, Fault> {
    let mut query = scim_log::table
        .filter(scim_log::organization_id.eq(organization))
        .order(scim_log::id.desc())
        .limit(most)
        .select((
            scim_log::id,
            scim_log::at,
            scim_log::token_name,
            scim_log::status,
            scim_log::subject,
            scim_log::words,
        ))
        .into_boxed();
    if let Some(before) = before {
        query = query.filter(scim_log::id.lt(before));
    }
    let rows: Vec<(ScimNoteId, Moment, String, i32, String, String)> = query.load(conn)?;
    let line =
        |(id, at, token_name, status, subject, words)| LogLine { id, at, token_name, status, subject, words };
    Ok(rows.into_iter().map(line).collect())
}

/// Removes lines written before this moment.
pub fn sweep(tx: &mut Tx<'_>, before: Moment) -> Result<usize, Fault> {
    Ok(diesel::delete(scim_log::table.filter(scim_log::at.lt(before))).execute(tx.conn())?)
}
