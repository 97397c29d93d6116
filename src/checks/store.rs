//! Rows of people, as far as a check needs them.

use diesel::prelude::*;

use crate::{
    base::ids::{OrganizationId, UserId},
    db::{AnyConnection, Fault, schema::users},
};

/// Whether somebody of this organization is Active; nothing when there is no such person.
pub fn is_active(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    user: UserId,
) -> Result<Option<bool>, Fault> {
    let status: Option<String> = users::table
        .filter(users::id.eq(user))
        .filter(users::organization_id.eq(organization))
        .select(users::status)
        .first(conn)
        .optional()?;
    Ok(status.map(|status| status == "active"))
}
