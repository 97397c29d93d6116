//! Whom an identity provider looks after.

use std::collections::BTreeSet;

use diesel::prelude::*;

use crate::{
    base::ids::UserId,
    db::{
        AnyConnection, Fault, among, on_each,
        schema::{scim_connections, scim_users},
    },
};

/// Those of these people whose name and address an identity provider settles: it looks after them, and provisioning is
/// on in their organization.
pub fn provisioned_among(conn: &mut AnyConnection, people: &[UserId]) -> Result<BTreeSet<UserId>, Fault> {
    let found = scim_users::table
        .inner_join(
            scim_connections::table.on(scim_connections::organization_id.eq(scim_users::organization_id)),
        )
        .filter(among(scim_users::user_id, people)?)
        .filter(scim_users::id.is_not_null())
        .filter(scim_connections::enabled.eq(true))
        .select(scim_users::user_id);
    let found: Vec<UserId> = on_each!(conn, c => found.load(c))?;
    Ok(found.into_iter().collect())
}

pub fn is_provisioned(conn: &mut AnyConnection, user: UserId) -> Result<bool, Fault> {
    Ok(!provisioned_among(conn, &[user])?.is_empty())
}
