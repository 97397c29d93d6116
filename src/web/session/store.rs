//! Rows of sessions, and what is known of the people behind them.

use std::collections::HashMap;

use chrono::Duration;
use diesel::prelude::*;

use super::{ANONYMOUS_HOURS, LONGEST_DAYS, Stage, WHO, Who};
use crate::{
    base::{
        clock::Moment,
        ids::{GroupId, OrganizationId, SessionId, UserId},
    },
    db::{
        AnyConnection, Fault, Tx, on_each,
        schema::{memberships, organization_settings, organizations, sessions, users},
    },
};

pub struct SessionRow {
    pub state: String,
    pub who: Option<Who>,
}

#[derive(Queryable)]
pub struct KeptSession {
    pub state: String,
    pub created_at: Moment,
    pub last_seen_at: Moment,
}

pub fn load(conn: &mut AnyConnection, key_hash: &str, now: Moment) -> Result<Option<KeptSession>, Fault> {
    let kept = sessions::table
        .filter(sessions::key_hash.eq(key_hash))
        .filter(sessions::expires_at.gt(now))
        .select((sessions::state, sessions::created_at, sessions::last_seen_at));
    Ok(on_each!(conn, c => kept.first(c)).optional()?)
}

pub fn insert(tx: &mut Tx<'_>, key_hash: &str, row: &SessionRow) -> Result<(), Fault> {
    let now = tx.now();
    let id = row.who.as_ref().map_or_else(SessionId::new, |who| who.session);
    let began = row.who.as_ref().and_then(|who| who.began).map_or(now, Moment::from_micros);
    diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(id),
            sessions::key_hash.eq(key_hash),
            sessions::created_at.eq(began),
            sessions::last_seen_at.eq(now),
            sessions::expires_at.eq(began.plus(life(row))),
            sessions::stage.eq(stage(row)),
            sessions::organization_id.eq(row.who.as_ref().map(|who| who.organization)),
            sessions::user_id.eq(row.who.as_ref().map(|who| who.user)),
            sessions::session_epoch.eq(row.who.as_ref().map_or(0, |who| who.epoch)),
            sessions::proofs.eq(proofs(row)?),
            sessions::state.eq(&row.state),
            sessions::agent.eq(row.who.as_ref().map_or("", |who| &who.agent)),
            sessions::address.eq(row.who.as_ref().map_or("", |who| &who.address)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub fn update(tx: &mut Tx<'_>, key_hash: &str, row: &SessionRow) -> Result<(), Fault> {
    diesel::update(sessions::table.filter(sessions::key_hash.eq(key_hash)))
        .set((
            sessions::state.eq(&row.state),
            sessions::stage.eq(stage(row)),
            sessions::proofs.eq(proofs(row)?),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub fn delete(tx: &mut Tx<'_>, key_hash: &str) -> Result<(), Fault> {
    diesel::delete(sessions::table.filter(sessions::key_hash.eq(key_hash))).execute(tx.conn())?;
    Ok(())
}

/// Ends every session of a person: the rows go, and the epoch outruns any that is being written just now.
pub fn end_all_of(tx: &mut Tx<'_>, user: UserId) -> Result<usize, Fault> {
    diesel::update(users::table.filter(users::id.eq(user)))
        .set(users::session_epoch.eq(users::session_epoch + 1))
        .execute(tx.conn())?;
    Ok(diesel::delete(sessions::table.filter(sessions::user_id.eq(user))).execute(tx.conn())?)
}

/// Ends every session of a person but this one: the other rows go, and the epoch outruns any that is being written just
/// now. The row of this one follows the epoch at once; the request that ends the others goes on with what is returned
/// ([`super::go_on_as`]). Returns also how many rows went.
pub fn end_others_of(tx: &mut Tx<'_>, who: &Who) -> Result<(Who, usize), Fault> {
    let others = sessions::table.filter(sessions::user_id.eq(who.user)).filter(sessions::id.ne(who.session));
    let ended = diesel::delete(others).execute(tx.conn())?;
    diesel::update(users::table.filter(users::id.eq(who.user)))
        .set(users::session_epoch.eq(users::session_epoch + 1))
        .execute(tx.conn())?;
    let epoch = users::table.filter(users::id.eq(who.user)).select(users::session_epoch).first(tx.conn())?;
    let who = Who { epoch, ..who.clone() };
    follow(tx, &who)?;
    Ok((who, ended))
}

/// Writes into the row of a session what it goes on as; a row that is gone stays gone.
fn follow(tx: &mut Tx<'_>, who: &Who) -> Result<(), Fault> {
    let unreadable = |e: serde_json::Error| Fault::broken("going on with a session", e);
    let row = sessions::table.find(who.session);
    let Some(state) = row.select(sessions::state).first::<String>(tx.conn()).optional()? else {
        return Ok(());
    };
    let mut state: HashMap<String, String> = serde_json::from_str(&state).map_err(unreadable)?;
    state.insert(WHO.to_owned(), serde_json::to_string(who).map_err(unreadable)?);
    let state = serde_json::to_string(&state).map_err(unreadable)?;
    diesel::update(row)
        .set((sessions::state.eq(state), sessions::session_epoch.eq(who.epoch)))
        .execute(tx.conn())?;
    Ok(())
}

pub fn count_of(conn: &mut AnyConnection, user: UserId, now: Moment) -> Result<i64, Fault> {
    Ok(sessions::table
        .filter(sessions::user_id.eq(user))
        .filter(sessions::stage.eq(Stage::Full))
        .filter(sessions::expires_at.gt(now))
        .count()
        .get_result(conn)?)
}

/// What a session must not be older than to live.
#[derive(Clone, Copy, Debug)]
pub struct Over {
    pub seen_since: Moment,
    pub begun_since: Moment,
}

/// Sessions that newer limits end: how many, and the first of the people they belong to.
pub struct Ending {
    pub count: i64,
    pub names: Vec<String>,
    /// Whether the one that was asked about is among them.
    pub is_mine: bool,
}

/// The sessions of an organization that live by these limits and would not by those.
pub fn ending(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    (now, then): (Over, Over),
    mine: Option<SessionId>,
    most_named: i64,
) -> Result<Ending, Fault> {
    let rows = || {
        sessions::table
            .inner_join(users::table.on(sessions::user_id.eq(users::id.nullable())))
            .filter(sessions::organization_id.eq(organization))
            .filter(sessions::stage.eq(Stage::Full))
            .filter(sessions::last_seen_at.ge(now.seen_since))
            .filter(sessions::created_at.ge(now.begun_since))
            .filter(sessions::last_seen_at.lt(then.seen_since).or(sessions::created_at.lt(then.begun_since)))
    };
    let count: i64 = rows().count().get_result(conn)?;
    let is_mine = match mine {
        Some(mine) => rows().filter(sessions::id.eq(mine)).count().get_result::<i64>(conn)? > 0,
        None => false,
    };
    let named: Vec<(String, String)> = rows()
        .group_by((users::number, users::person_key, users::name, users::email))
        .order((users::person_key, users::number))
        .limit(most_named)
        .select((users::name, users::email))
        .load(conn)?;
    let names = named.into_iter().map(|(name, email)| if name.is_empty() { email } else { name }).collect();
    Ok(Ending { count, names, is_mine })
}

/// Ends the sessions of an organization that are over by these limits; returns how many.
pub fn end_over(tx: &mut Tx<'_>, organization: OrganizationId, over: Over) -> Result<usize, Fault> {
    let gone = sessions::table
        .filter(sessions::organization_id.eq(organization))
        .filter(sessions::last_seen_at.lt(over.seen_since).or(sessions::created_at.lt(over.begun_since)));
    Ok(diesel::delete(gone).execute(tx.conn())?)
}

/// Removes what is over; returns how many rows went.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize, Fault> {
    let now = tx.now();
    Ok(diesel::delete(sessions::table.filter(sessions::expires_at.le(now))).execute(tx.conn())?)
}

pub fn touch(tx: &mut Tx<'_>, session: SessionId, user: UserId, seen: Moment) -> Result<(), Fault> {
    diesel::update(sessions::table.find(session)).set(sessions::last_seen_at.eq(seen)).execute(tx.conn())?;
    diesel::update(users::table.filter(users::id.eq(user)).filter(users::last_active_at.lt(seen)))
        .set(users::last_active_at.eq(seen))
        .execute(tx.conn())?;
    Ok(())
}

/// A person and their organization as one look finds them.
#[derive(Clone, Debug, Queryable)]
pub struct Account {
    pub user: UserId,
    pub organization: OrganizationId,
    pub email: String,
    pub name: String,
    pub status: String,
    pub epoch: i64,
    pub theme: String,
    pub time_zone: String,
    pub organization_name: String,
    pub organization_code: String,
    pub idle_minutes: i32,
    pub overall_minutes: i32,
    pub invitation_days: i32,
}

#[diesel::dsl::auto_type(no_type_alias)]
fn columns() -> _ {
    (
        users::id,
        users::organization_id,
        users::email,
        users::name,
        users::status,
        users::session_epoch,
        users::theme,
        users::time_zone,
        organizations::name,
        organizations::code,
        organization_settings::session_idle_minutes,
        organization_settings::session_overall_minutes,
        organization_settings::invitation_days,
    )
}

pub fn account(conn: &mut AnyConnection, user: UserId) -> Result<Option<Account>, Fault> {
    let account = users::table
        .inner_join(organizations::table.on(organizations::id.eq(users::organization_id)))
        .inner_join(
            organization_settings::table
                .on(organization_settings::organization_id.eq(users::organization_id)),
        )
        .filter(users::id.eq(user))
        .select(columns());
    Ok(on_each!(conn, c => account.first(c)).optional()?)
}

/// An account, with what is asked to know what it may do.
pub struct Presented {
    pub account: Account,
    pub groups: Vec<GroupId>,
    pub access_epoch: i64,
}

/// By one statement, so that groups and access epoch are of one moment.
pub fn presented(conn: &mut AnyConnection, user: UserId) -> Result<Option<Presented>, Fault> {
    let rows = users::table
        .inner_join(organizations::table.on(organizations::id.eq(users::organization_id)))
        .inner_join(
            organization_settings::table
                .on(organization_settings::organization_id.eq(users::organization_id)),
        )
        .left_join(memberships::table.on(memberships::user_id.eq(users::id)))
        .filter(users::id.eq(user))
        .select((columns(), organizations::access_epoch, memberships::group_id.nullable()));
    let rows: Vec<(Account, i64, Option<GroupId>)> = on_each!(conn, c => rows.load(c))?;
    let groups = rows.iter().filter_map(|(.., group)| *group).collect();
    let first = rows.into_iter().next();
    Ok(first.map(|(account, access_epoch, _)| Presented { account, groups, access_epoch }))
}

fn stage(row: &SessionRow) -> Stage {
    row.who.as_ref().map_or(Stage::Anonymous, |who| who.stage)
}

fn life(row: &SessionRow) -> Duration {
    if row.who.is_some() { Duration::days(LONGEST_DAYS) } else { Duration::hours(ANONYMOUS_HOURS) }
}

fn proofs(row: &SessionRow) -> Result<String, Fault> {
    let proofs = row.who.as_ref().map_or(&[][..], |who| &who.proofs);
    serde_json::to_string(proofs).map_err(|e| Fault::broken("writing the proofs of a session", e))
}
