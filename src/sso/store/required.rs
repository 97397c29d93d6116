//! Of whom single sign-on is required, and who has not come by it yet.

use diesel::{dsl::not, prelude::*};

use crate::{
    access::RequiredOf,
    base::ids::{ConnectionId, OrganizationId, UserId},
    db::{
        AnyConnection, Fault, Tx,
        schema::{sso_connections, sso_identities, users},
    },
    people::{Someone, Status},
    sso::model::{MOST_NAMED, Named},
};

/// True when the connection has this version still.
pub fn require(
    tx: &mut Tx<'_>,
    (id, version): (ConnectionId, i64),
    required: RequiredOf,
) -> Result<bool, Fault> {
    let now = tx.now();
    let row = sso_connections::table
        .filter(sso_connections::id.eq(id))
        .filter(sso_connections::version.eq(version));
    let changed = diesel::update(row)
        .set((
            sso_connections::required_of.eq(required),
            sso_connections::version.eq(version + 1),
            sso_connections::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

/// Active people whom the provider does not know, but for these: with an address in one of the domains, or in none.
pub fn without_identity(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    (domains, are_inside): (&[String], bool),
    but: &[UserId],
) -> Result<Named, Fault> {
    let known = || {
        sso_identities::table
            .filter(sso_identities::organization_id.eq(organization))
            .select(sso_identities::user_id)
    };
    macro_rules! people {
        () => {
            users::table
                .filter(users::organization_id.eq(organization))
                .filter(users::status.eq(Status::Active))
                .filter(users::id.ne_all(known()))
                .filter(users::id.ne_all(but))
                .into_boxed()
        };
    }
    let named = (users::id, users::name, users::email, users::status);
    let most = i64::try_from(MOST_NAMED).unwrap_or(i64::MAX);
    if !are_inside {
        let (mut counted, mut listed) = (people!(), people!());
        for domain in domains {
            counted = counted.filter(not(users::email_key.like(in_domain(domain))));
            listed = listed.filter(not(users::email_key.like(in_domain(domain))));
        }
        let first: Vec<Someone> =
            listed.order((users::person_key, users::number)).limit(most).select(named).load(conn)?;
        return Ok(Named { count: counted.count().get_result(conn)?, first });
    }
    let mut all = Named::default();
    for domain in domains {
        let of_domain = || people!().filter(users::email_key.like(in_domain(domain)));
        all.count += of_domain().count().get_result::<i64>(conn)?;
        let first: Vec<Someone> =
            of_domain().order((users::person_key, users::number)).limit(most).select(named).load(conn)?;
        all.first.extend(first);
    }
    all.first.truncate(MOST_NAMED);
    Ok(all)
}

/// A domain has neither of the letters that mean something to LIKE.
fn in_domain(domain: &str) -> String {
    format!("%@{domain}")
}
