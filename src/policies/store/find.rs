//! Finding the groups a rule shall name.

use diesel::prelude::*;

use super::list::containing;
use crate::{
    base::{fold, ids::OrganizationId},
    db::{AnyConnection, Fault, schema::groups},
    groups::GroupName,
};

/// Groups with this in their name, at most `most`, and whether there are more; with nothing typed, the first.
pub fn find_groups(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    typed: &str,
    most: usize,
) -> Result<(Vec<GroupName>, bool), Fault> {
    let mut found: Vec<GroupName> = groups::table
        .filter(groups::organization_id.eq(organization))
        .filter(groups::name_key.like(containing(&fold::name_key(typed))).escape('\\'))
        .order((groups::standard.desc(), groups::name_key))
        .limit(most as i64 + 1)
        .select((groups::id, groups::name))
        .load(conn)?;
    let are_more = found.len() > most;
    found.truncate(most);
    Ok((found, are_more))
}
