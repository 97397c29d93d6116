//! Groups that an identity provider looks after.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::{
    base::ids::{GroupId, OrganizationId},
    db::{
        AnyConnection, Fault,
        schema::{scim_connections, scim_groups},
    },
};

/// The groups whose name and members an identity provider settles; none while provisioning is off.
pub fn provisioned(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<BTreeSet<GroupId>, Fault> {
    let ids: Vec<GroupId> = scim_groups::table
        .inner_join(
            scim_connections::table.on(scim_connections::organization_id.eq(scim_groups::organization_id)),
        )
        .filter(scim_groups::organization_id.eq(organization))
        .filter(scim_connections::enabled.eq(true))
        .select(scim_groups::group_id)
        .load(conn)?;
    Ok(ids.into_iter().collect())
}
