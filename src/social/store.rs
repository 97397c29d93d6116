//! Rows of identities, and of ways to a provider that were begun.

use diesel::prelude::*;

use super::model::{Linked, Vouched};
use crate::{
    base::{
        clock::Moment,
        ids::{IdentityId, OrganizationId, UserId},
    },
    db::{
        AnyConnection, Fault, Tx,
        schema::{identities, users},
    },
    settings::Provider,
};

/// Whom an account elsewhere signs in, wherever it does, the oldest first.
pub fn signed_in_by(
    conn: &mut AnyConnection,
    issuer: &str,
    subject: &str,
) -> Result<Vec<(OrganizationId, UserId)>, Fault> {
    Ok(identities::table
        .inner_join(users::table.on(users::id.eq(identities::user_id)))
        .filter(identities::issuer.eq(issuer))
        .filter(identities::subject.eq(subject))
        .order(users::number)
        .limit(20)
        .select((identities::organization_id, identities::user_id))
        .load(conn)?)
}

/// Whom it signs in within this organization.
pub fn holder(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    vouched: &Vouched,
) -> Result<Option<UserId>, Fault> {
    Ok(identities::table
        .filter(identities::organization_id.eq(organization))
        .filter(identities::issuer.eq(&vouched.issuer))
        .filter(identities::subject.eq(&vouched.subject))
        .select(identities::user_id)
        .first(conn)
        .optional()?)
}

type LinkedRow = (String, String, String, Moment, Option<Moment>);

pub fn of_person(conn: &mut AnyConnection, user: UserId) -> Result<Vec<Linked>, Fault> {
    let rows: Vec<LinkedRow> = identities::table
        .filter(identities::user_id.eq(user))
        .order(identities::created_at)
        .select((
            identities::provider,
            identities::issuer,
            identities::email,
            identities::created_at,
            identities::last_used_at,
        ))
        .load(conn)?;
    let linked = |(provider, issuer, email, created_at, last_used_at): LinkedRow| {
        Provider::of_word(&provider).map(|provider| Linked {
            provider,
            issuer,
            email,
            created_at,
            last_used_at,
        })
    };
    Ok(rows.into_iter().filter_map(linked).collect())
}

pub fn insert(
    tx: &mut Tx<'_>,
    (organization, user): (OrganizationId, UserId),
    vouched: &Vouched,
) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(identities::table)
        .values((
            identities::id.eq(IdentityId::new()),
            identities::organization_id.eq(organization),
            identities::user_id.eq(user),
            identities::provider.eq(vouched.provider.word()),
            identities::issuer.eq(&vouched.issuer),
            identities::subject.eq(&vouched.subject),
            identities::email.eq(vouched.address()),
            identities::created_at.eq(now),
            identities::last_used_at.eq(Some(now)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes that it was used now, and by which address its provider knows it.
pub fn touch(tx: &mut Tx<'_>, user: UserId, vouched: &Vouched) -> Result<(), Fault> {
    let now = tx.now();
    let row = identities::table
        .filter(identities::user_id.eq(user))
        .filter(identities::issuer.eq(&vouched.issuer))
        .filter(identities::subject.eq(&vouched.subject));
    diesel::update(row)
        .set((identities::last_used_at.eq(Some(now)), identities::email.eq(vouched.address())))
        .execute(tx.conn())?;
    Ok(())
}

/// True when it was there.
pub fn remove(tx: &mut Tx<'_>, user: UserId, provider: Provider) -> Result<bool, Fault> {
    let row = identities::table
        .filter(identities::user_id.eq(user))
        .filter(identities::provider.eq(provider.word()));
    Ok(diesel::delete(row).execute(tx.conn())? == 1)
}

pub fn epoch(conn: &mut AnyConnection, user: UserId) -> Result<i64, Fault> {
    Ok(users::table.filter(users::id.eq(user)).select(users::session_epoch).first(conn)?)
}
