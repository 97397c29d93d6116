//! Rows of lines and of what stands beside them.

mod find;
mod fold;
mod names;
pub mod streams;

pub use find::{Asked, Found, Of, find};
pub use fold::{fold, is_unfolded};
pub use names::{Names, kind_of_actor, of_all, of_entries, people_called, things_called};

use diesel::prelude::*;

use crate::{
    audit::{
        chain::Link,
        details::Details,
        model::{Entry, Party},
    },
    base::{clock::Moment, ids::OrganizationId},
    db::{
        AnyConnection, Fault, Tx,
        schema::{audit_details, audit_lines, organizations},
    },
};

/// The sequence number and HMAC of the newest line; zero and empty before the first.
pub fn head(conn: &mut AnyConnection, organization: OrganizationId) -> Result<(i64, String), Fault> {
    Ok(organizations::table
        .find(organization)
        .select((organizations::audit_sequence, organizations::audit_head))
        .first(conn)?)
}

pub fn append(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    link: &Link<'_>,
    mac: &str,
    salt: &str,
    details: &Details,
) -> Result<(), Fault> {
    diesel::insert_into(audit_lines::table)
        .values((
            audit_lines::organization_id.eq(organization),
            audit_lines::sequence.eq(link.sequence),
            audit_lines::format.eq(link.format),
            audit_lines::at.eq(link.at),
            audit_lines::actor_kind.eq(link.actor_kind),
            audit_lines::actor_id.eq(link.actor_id),
            audit_lines::action.eq(link.action),
            audit_lines::target_kind.eq(link.target_kind),
            audit_lines::target_id.eq(link.target_id),
            audit_lines::request_id.eq(link.request_id),
            audit_lines::commitment.eq(link.commitment),
            audit_lines::mac.eq(mac),
        ))
        .execute(tx.conn())?;
    diesel::insert_into(audit_details::table)
        .values((
            audit_details::organization_id.eq(organization),
            audit_details::sequence.eq(link.sequence),
            audit_details::salt.eq(salt),
            audit_details::details.eq(details.written()),
            audit_details::address.eq(&details.address),
            audit_details::search_text.eq(details.search_text(link.action, link.request_id)),
        ))
        .execute(tx.conn())?;
    diesel::update(organizations::table.find(organization))
        .set((organizations::audit_sequence.eq(link.sequence), organizations::audit_head.eq(mac)))
        .execute(tx.conn())?;
    Ok(())
}

/// What was remembered of who may do what is worth nothing any more, see [`crate::access::Rulebooks`].
pub fn raise_access_epoch(tx: &mut Tx<'_>, organization: OrganizationId) -> Result<(), Fault> {
    diesel::update(organizations::table.find(organization))
        .set(organizations::access_epoch.eq(organizations::access_epoch + 1))
        .execute(tx.conn())?;
    Ok(())
}

pub fn organizations(conn: &mut AnyConnection) -> Result<Vec<(OrganizationId, String)>, Fault> {
    Ok(organizations::table
        .order(organizations::id)
        .select((organizations::id, organizations::code))
        .load(conn)?)
}

/// A stored line with its details, where they were not erased.
#[derive(Queryable)]
pub struct StoredLine {
    pub sequence: i64,
    pub format: i32,
    pub at: Moment,
    pub actor_kind: String,
    pub actor_id: String,
    pub action: String,
    pub target_kind: String,
    pub target_id: String,
    pub request_id: String,
    pub commitment: String,
    pub mac: String,
    pub details: Option<StoredDetails>,
}

/// What stands beside a line, with the copies of it by which the line is found.
#[derive(Queryable)]
pub struct StoredDetails {
    pub salt: String,
    pub details: String,
    pub address: String,
    /// Nothing yet, when an earlier version wrote the line.
    pub search_text: Option<String>,
}

/// The next lines after `after`, in order, at most `most`.
pub fn lines_after(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    after: i64,
    most: i64,
) -> Result<Vec<StoredLine>, Fault> {
    let with_details = audit_details::organization_id
        .eq(audit_lines::organization_id)
        .and(audit_details::sequence.eq(audit_lines::sequence));
    Ok(audit_lines::table
        .left_join(audit_details::table.on(with_details))
        .filter(audit_lines::organization_id.eq(organization))
        .filter(audit_lines::sequence.gt(after))
        .order(audit_lines::sequence)
        .limit(most)
        .select((
            audit_lines::sequence,
            audit_lines::format,
            audit_lines::at,
            audit_lines::actor_kind,
            audit_lines::actor_id,
            audit_lines::action,
            audit_lines::target_kind,
            audit_lines::target_id,
            audit_lines::request_id,
            audit_lines::commitment,
            audit_lines::mac,
            (audit_details::salt, audit_details::details, audit_details::address, audit_details::search_text)
                .nullable(),
        ))
        .load(conn)?)
}

/// The numbers of the next lines after `after`, in order, at most `most`.
pub fn numbers_after(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    after: i64,
    most: i64,
) -> Result<Vec<i64>, Fault> {
    Ok(audit_lines::table
        .filter(audit_lines::organization_id.eq(organization))
        .filter(audit_lines::sequence.gt(after))
        .order(audit_lines::sequence)
        .limit(most)
        .select(audit_lines::sequence)
        .load(conn)?)
}

/// The lines of these numbers, newest first, with the names that they were written with.
pub fn entries(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    numbers: &[i64],
) -> Result<Vec<Entry>, Fault> {
    type Row = (i64, Moment, (String, String), String, (String, String), String, Option<String>);
    let with_details = audit_details::organization_id
        .eq(audit_lines::organization_id)
        .and(audit_details::sequence.eq(audit_lines::sequence));
    let rows: Vec<Row> = audit_lines::table
        .left_join(audit_details::table.on(with_details))
        .filter(audit_lines::organization_id.eq(organization))
        .filter(audit_lines::sequence.eq_any(numbers))
        .order(audit_lines::sequence.desc())
        .select((
            audit_lines::sequence,
            audit_lines::at,
            (audit_lines::actor_kind, audit_lines::actor_id),
            audit_lines::action,
            (audit_lines::target_kind, audit_lines::target_id),
            audit_lines::request_id,
            audit_details::details.nullable(),
        ))
        .load(conn)?;
    let entry = |(sequence, at, actor, action, target, request_id, details): Row| {
        let is_erased = details.is_none();
        let read = details.map(|written| Details::read(&written)).unwrap_or_default();
        let party = |(kind, id), named: crate::audit::details::Named| Party {
            kind,
            id,
            name: named.name,
            email: named.email,
            is_there: false,
        };
        Entry {
            sequence,
            at,
            actor: party(actor, read.actor),
            action,
            target: party(target, read.target),
            request_id,
            address: read.address,
            before: read.before,
            after: read.after,
            is_erased,
        }
    };
    Ok(rows.into_iter().map(entry).collect())
}
