//! What the rules of single sign-on make of who can sign in.

use diesel::prelude::*;

use crate::{
    access::{RequiredOf, SsoRequirement},
    base::ids::{OrganizationId, UserId},
    db::{
        AnyConnection, Fault, on_each,
        schema::{password_credentials, sso_connections, sso_domains, sso_identities, users},
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

type Facts = (UserId, String, String, Option<bool>, Option<UserId>);

/// A password that is not disabled, and a second factor.
fn has_both((_, _, factor, is_disabled, _): &Facts) -> bool {
    *is_disabled == Some(false) && factor != "none"
}

/// Those of these people, who have some way to sign in, whom the requirement leaves one: their identity at the provider, or
/// a password together with a second factor.
pub fn left_a_way(
    conn: &mut AnyConnection,
    people: &[UserId],
    required: &SsoRequirement,
) -> Result<Vec<UserId>, Fault> {
    let has_a_way = |facts: &Facts| !required.covers(&facts.1) || facts.4.is_some() || has_both(facts);
    Ok(facts_of(conn, people)?.into_iter().filter(has_a_way).map(|facts| facts.0).collect())
}

/// Those of these people who have a password and a second factor.
pub fn with_both(conn: &mut AnyConnection, people: &[UserId]) -> Result<Vec<UserId>, Fault> {
    Ok(facts_of(conn, people)?.into_iter().filter(has_both).map(|facts| facts.0).collect())
}

fn facts_of(conn: &mut AnyConnection, people: &[UserId]) -> Result<Vec<Facts>, Fault> {
    Ok(users::table
        .left_join(password_credentials::table)
        .left_join(sso_identities::table.on(sso_identities::user_id.eq(users::id)))
        .filter(users::id.eq_any(people))
        .order(users::id)
        .select((
            users::id,
            users::email,
            users::second_factor,
            password_credentials::disabled.nullable(),
            sso_identities::user_id.nullable(),
        ))
        .load(conn)?)
}
