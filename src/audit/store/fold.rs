//! The copies by which lines are found, for lines that an earlier version wrote.

use diesel::{dsl::sql, prelude::*, sql_types::Text};

use crate::{
    audit::details::Details,
    base::ids::OrganizationId,
    db::{
        AnyConnection, Fault, Tx,
        schema::{audit_details, audit_lines},
    },
};

/// Makes the copies of at most `most` lines that have none; how many there were.
pub fn fold(tx: &mut Tx<'_>, most: i64) -> Result<usize, Fault> {
    let of = audit_details::organization_id
        .eq(audit_lines::organization_id)
        .and(audit_details::sequence.eq(audit_lines::sequence));
    let rows: Vec<(i64, String, String, String)> = audit_details::table
        .inner_join(audit_lines::table.on(of))
        .filter(audit_details::search_text.is_null())
        .order(audit_details::number)
        .limit(most)
        .select((audit_details::number, audit_details::details, audit_lines::action, audit_lines::request_id))
        .load(tx.conn())?;
    for (number, written, action, request_id) in &rows {
        let details = Details::read(written);
        diesel::update(audit_details::table.find(number))
            .set((
                audit_details::search_text.eq(details.search_text(action, request_id)),
                audit_details::address.eq(details.address),
            ))
            .execute(tx.conn())?;
    }
    Ok(rows.len())
}

/// Whether lines of this organization are without their copies.
pub fn is_unfolded(conn: &mut AnyConnection, organization: OrganizationId) -> Result<bool, Fault> {
    // Hidden from the planner, which would go through every line of the organization instead of the few that wait.
    let of = sql::<Text>("CASE WHEN TRUE THEN audit_details.organization_id END");
    let waiting = audit_details::table
        .filter(audit_details::search_text.is_null())
        .filter(of.eq(organization.as_str()));
    Ok(diesel::select(diesel::dsl::exists(waiting)).get_result(conn)?)
}
