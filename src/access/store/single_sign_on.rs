//! What the rules of single sign-on make of who can sign in.

use diesel::prelude::*;

use crate::{
    access::{RequiredOf, SsoRequirement},
    base::ids::{OrganizationId, UserId},
    db::{
        AnyConnection, Fault, on_each,
        schema::{password_credentials, sso_connections, sso_domains, users},
    },
};

/// See [`crate::access::sso_requirement`].
pub fn sso_requirement(
    conn: &mut AnyConnection,
    organization: OrganizationId,
) -> Result<Option<SsoRequirement>, Fault> {
    let row = sso_connections::table
        .filter(sso_connections::organization_id.eq(organization))
        .filter(sso_connections::enabled.eq(true))
        .filter(sso_connections::required_of.ne(RequiredOf::Nobody))
        .select(sso_connections::required_of);
    let Some(required) = on_each!(conn, c => row.first::<RequiredOf>(c)).optional()? else { return Ok(None) };
    let domains: Vec<String> = sso_domains::table
        .filter(sso_domains::organization_id.eq(organization))
        .select(sso_domains::domain)
        .load(conn)?;
    Ok(SsoRequirement::of(required, domains))
}

/// See [`crate::access::sso_leads_from`].
pub fn sso_leads_from(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    domain: &str,
) -> Result<bool, Fault> {
    let row = sso_domains::table
        .inner_join(
            sso_connections::table.on(sso_connections::organization_id.eq(sso_domains::organization_id)),
        )
        .filter(sso_domains::organization_id.eq(organization))
        .filter(sso_domains::domain.eq(domain))
        .filter(sso_connections::enabled.eq(true))
        .select(sso_domains::domain);
    Ok(row.first::<String>(conn).optional()?.is_some())
}

type Facts = (UserId, String, String, Option<bool>);

/// A password that is not disabled, and a second factor.
fn has_both((_, _, factor, is_disabled): &Facts) -> bool {
    *is_disabled == Some(false) && factor != "none"
}

/// Those of these people, who have some way to sign in, whom the requirement leaves one that does not depend on the
/// provider: it is not required of them, or they have a password together with a second factor.
pub fn independent(
    conn: &mut AnyConnection,
    people: &[UserId],
    required: &SsoRequirement,
) -> Result<Vec<UserId>, Fault> {
    let is_independent = |facts: &Facts| !required.covers(&facts.1) || has_both(facts);
    Ok(facts_of(conn, people)?.into_iter().filter(is_independent).map(|facts| facts.0).collect())
}

/// Those of these people who have a password and a second factor.
pub fn with_both(conn: &mut AnyConnection, people: &[UserId]) -> Result<Vec<UserId>, Fault> {
    Ok(facts_of(conn, people)?.into_iter().filter(has_both).map(|facts| facts.0).collect())
}

fn facts_of(conn: &mut AnyConnection, people: &[UserId]) -> Result<Vec<Facts>, Fault> {
    Ok(users::table
        .left_join(password_credentials::table)
        .filter(users::id.eq_any(people))
        .order(users::id)
        .select((users::id, users::email, users::second_factor, password_credentials::disabled.nullable()))
        .load(conn)?)
}
