//! Rows of browsers that accounts know, and of links that make one known.

use chrono::Duration;
use diesel::prelude::*;

use crate::{
    base::{
        clock::Moment,
        ids::{BrowserLinkId, OrganizationId, UserId},
    },
    db::{
        AnyConnection, Fault, Tx,
        schema::{browser_links, browsers, organizations, users},
    },
    sign_in::model::BrowserLink,
    web::browser::KNOWN_DAYS,
};

/// Used-up and expired links are kept so long, to tell their story.
const LINKS_KEPT: Duration = Duration::days(30);

/// Whether a browser is known to one of the accounts that this address has.
pub fn is_known(conn: &mut AnyConnection, email_key: &str, key_hash: &str) -> Result<bool, Fault> {
    let found = browsers::table
        .inner_join(users::table.on(users::id.eq(browsers::user_id)))
        .filter(users::email_key.eq(email_key))
        .filter(browsers::key_hash.eq(key_hash))
        .select(browsers::user_id)
        .first::<UserId>(conn)
        .optional()?;
    Ok(found.is_some())
}

pub fn has_any(conn: &mut AnyConnection, user: UserId) -> Result<bool, Fault> {
    let row = browsers::table.filter(browsers::user_id.eq(user)).select(browsers::user_id);
    Ok(row.first::<UserId>(conn).optional()?.is_some())
}

/// Notes that a browser was here now; false when the account does not know it.
pub fn touch(tx: &mut Tx<'_>, user: UserId, key_hash: &str) -> Result<bool, Fault> {
    let now = tx.now();
    let row = browsers::table.find((user, key_hash));
    Ok(diesel::update(row).set(browsers::last_seen_at.eq(now)).execute(tx.conn())? == 1)
}

pub fn insert(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    user: UserId,
    key_hash: &str,
) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(browsers::table)
        .values((
            browsers::user_id.eq(user),
            browsers::key_hash.eq(key_hash),
            browsers::organization_id.eq(organization),
            browsers::first_seen_at.eq(now),
            browsers::last_seen_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub fn has_link_since(conn: &mut AnyConnection, user: UserId, since: Moment) -> Result<bool, Fault> {
    let row = browser_links::table
        .filter(browser_links::user_id.eq(user))
        .filter(browser_links::created_at.gt(since))
        .select(browser_links::id);
    Ok(row.first::<BrowserLinkId>(conn).optional()?.is_some())
}

pub fn insert_link(
    tx: &mut Tx<'_>,
    id: BrowserLinkId,
    (organization, user): (OrganizationId, UserId),
    expires_at: Moment,
) -> Result<(), Fault> {
    let now = tx.now();
    diesel::insert_into(browser_links::table)
        .values((
            browser_links::id.eq(id),
            browser_links::organization_id.eq(organization),
            browser_links::user_id.eq(user),
            browser_links::state.eq("pending"),
            browser_links::created_at.eq(now),
            browser_links::expires_at.eq(expires_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

type LinkRow = (OrganizationId, String, UserId, String, String, Moment);

pub fn link(conn: &mut AnyConnection, id: BrowserLinkId) -> Result<Option<BrowserLink>, Fault> {
    let row: Option<LinkRow> = browser_links::table
        .inner_join(users::table.on(users::id.eq(browser_links::user_id)))
        .inner_join(organizations::table.on(organizations::id.eq(browser_links::organization_id)))
        .filter(browser_links::id.eq(id))
        .select((
            browser_links::organization_id,
            organizations::name,
            browser_links::user_id,
            users::email,
            browser_links::state,
            browser_links::expires_at,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(organization, organization_name, user, email, state, expires_at)| BrowserLink {
        id,
        organization,
        organization_name,
        user,
        email,
        is_used: state == "used",
        expires_at,
    }))
}

/// Compare-and-set: true when it was there to be used.
pub fn use_up(tx: &mut Tx<'_>, id: BrowserLinkId) -> Result<bool, Fault> {
    let row =
        browser_links::table.filter(browser_links::id.eq(id)).filter(browser_links::state.eq("pending"));
    Ok(diesel::update(row).set(browser_links::state.eq("used")).execute(tx.conn())? == 1)
}

/// Forgets browsers that did not come back, and links long after their time; returns how many rows went.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize, Fault> {
    let (unseen, over) = (tx.now().minus(Duration::days(KNOWN_DAYS)), tx.now().minus(LINKS_KEPT));
    let old = browsers::table.filter(browsers::last_seen_at.lt(unseen));
    let links = browser_links::table.filter(browser_links::expires_at.lt(over));
    Ok(diesel::delete(old).execute(tx.conn())? + diesel::delete(links).execute(tx.conn())?)
}
