//! Rows of streams.

use diesel::prelude::*;

use crate::{
    audit::model::Stream,
    base::{clock::Moment, ids::OrganizationId},
    db::{
        AnyConnection, Fault, Tx,
        schema::{audit_streams, organizations},
    },
};

type Row = (String, String, bool, i64, String, Option<Moment>, Option<Moment>);

pub fn find(conn: &mut AnyConnection, organization: OrganizationId) -> Result<Option<Stream>, Fault> {
    let row: Option<Row> = audit_streams::table
        .find(organization)
        .select((
            audit_streams::url,
            audit_streams::secret,
            audit_streams::enabled,
            audit_streams::sequence,
            audit_streams::problem,
            audit_streams::tried_at,
            audit_streams::delivered_at,
        ))
        .first(conn)
        .optional()?;
    let stream = |(url, sealed_secret, is_on, sequence, problem, tried_at, delivered_at): Row| Stream {
        url,
        sealed_secret,
        is_on,
        sequence,
        problem,
        tried_at,
        delivered_at,
    };
    Ok(row.map(stream))
}

pub fn is_on(conn: &mut AnyConnection, organization: OrganizationId) -> Result<bool, Fault> {
    let is_on = audit_streams::table.find(organization).select(audit_streams::enabled);
    Ok(is_on.first(conn).optional()?.unwrap_or(false))
}

/// The Org ID.
pub fn code(conn: &mut AnyConnection, organization: OrganizationId) -> Result<String, Fault> {
    Ok(organizations::table.find(organization).select(organizations::code).first(conn)?)
}

/// Whose streams are on and have lines to send.
pub fn late(conn: &mut AnyConnection) -> Result<Vec<OrganizationId>, Fault> {
    Ok(audit_streams::table
        .inner_join(organizations::table.on(organizations::id.eq(audit_streams::organization_id)))
        .filter(audit_streams::enabled.eq(true))
        .filter(audit_streams::sequence.lt(organizations::audit_sequence))
        .select(audit_streams::organization_id)
        .load(conn)?)
}

pub fn insert(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    url: &str,
    secret: &str,
    sequence: i64,
) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(audit_streams::table)
        .values((
            audit_streams::organization_id.eq(organization),
            audit_streams::url.eq(url),
            audit_streams::secret.eq(secret),
            audit_streams::enabled.eq(true),
            audit_streams::sequence.eq(sequence),
            audit_streams::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Leads it elsewhere; what went wrong with the address before is forgotten.
pub fn lead(tx: &mut Tx<'_>, organization: OrganizationId, url: &str) -> Result<(), Fault> {
    let nothing: Option<Moment> = None;
    diesel::update(audit_streams::table.find(organization))
        .set((
            audit_streams::url.eq(url),
            audit_streams::problem.eq(""),
            audit_streams::tried_at.eq(nothing),
            audit_streams::delivered_at.eq(nothing),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub fn turn(tx: &mut Tx<'_>, organization: OrganizationId, is_on: bool, problem: &str) -> Result<(), Fault> {
    diesel::update(audit_streams::table.find(organization))
        .set((audit_streams::enabled.eq(is_on), audit_streams::problem.eq(problem)))
        .execute(tx.conn())?;
    Ok(())
}

pub fn set_secret(tx: &mut Tx<'_>, organization: OrganizationId, secret: &str) -> Result<(), Fault> {
    diesel::update(audit_streams::table.find(organization))
        .set(audit_streams::secret.eq(secret))
        .execute(tx.conn())?;
    Ok(())
}

pub fn remove(tx: &mut Tx<'_>, organization: OrganizationId) -> Result<(), Fault> {
    diesel::delete(audit_streams::table.find(organization)).execute(tx.conn())?;
    Ok(())
}

/// Lines up to `last` were taken, if nobody else has said so meanwhile.
pub fn advance(tx: &mut Tx<'_>, organization: OrganizationId, from: i64, last: i64) -> Result<(), Fault> {
    let row = audit_streams::table.find(organization).filter(audit_streams::sequence.eq(from));
    diesel::update(row).set(audit_streams::sequence.eq(last)).execute(tx.conn())?;
    Ok(())
}

/// A try at this address; an empty problem means that the message was taken.
pub fn note_try(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    url: &str,
    at: Moment,
    problem: &str,
) -> Result<(), Fault> {
    let row = audit_streams::table.find(organization).filter(audit_streams::url.eq(url));
    diesel::update(row)
        .set((audit_streams::tried_at.eq(at), audit_streams::problem.eq(problem)))
        .execute(tx.conn())?;
    if problem.is_empty() {
        diesel::update(row).set(audit_streams::delivered_at.eq(at)).execute(tx.conn())?;
    }
    Ok(())
}
