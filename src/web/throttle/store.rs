//! Rows of the throttle. Names are hashes, so that the table tells nobody who tried to sign in.

use std::time::Duration;

use diesel::prelude::*;

use super::{Kind, Pace};
use crate::{
    base::{clock::Moment, token},
    db::{AnyConnection, Fault, Tx, on_each, schema::throttles},
};

/// Whether a try is open now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Counted as a failure of every key until it is forgiven. `failures` is the most that any account key has.
    Open {
        failures: i32,
    },
    Wait(Duration),
}

/// Admits a try, or says how long to wait. Keys are, for example, a folded e-mail address and a network address.
pub fn admit(tx: &mut Tx<'_>, keys: &[(Kind, &str)]) -> Result<Admission, Fault> {
    let now = tx.now();
    let mut paces = Vec::with_capacity(keys.len());
    let mut named: Vec<_> = keys.iter().map(|(kind, key)| (*kind, name(*kind, key))).collect();
    named.sort_by(|one, other| one.1.cmp(&other.1));
    for (kind, name) in named {
        lock(tx.conn(), &name)?;
        let pace = load(tx.conn(), &name)?.map_or(Pace::fresh(now), |pace| pace.at(now));
        paces.push((kind, name, pace));
    }
    if let Some(wait) = paces.iter().filter_map(|(_, _, pace)| pace.wait(now)).max() {
        return Ok(Admission::Wait(wait));
    }
    let mut most = 0;
    for (kind, name, pace) in paces {
        let pace = pace.failed(kind, now);
        if kind == Kind::Account {
            most = most.max(pace.failures);
        }
        save(tx, &name, pace)?;
    }
    Ok(Admission::Open { failures: most })
}

/// The try was right: nothing is held against the account any more, and the try is not counted against the network
/// address, which others share.
pub fn forgive(tx: &mut Tx<'_>, account: &str, address: &str) -> Result<(), Fault> {
    let now = tx.now();
    let (account, address) = (name(Kind::Account, account), name(Kind::Address, address));
    // In the order of `admit`, so that neither waits for the other.
    lock(tx.conn(), (&account).min(&address))?;
    lock(tx.conn(), (&account).max(&address))?;
    diesel::delete(throttles::table.find(&account)).execute(tx.conn())?;
    match load(tx.conn(), &address)? {
        Some(pace) => save(tx, &address, pace.forgiven_one(now)),
        None => Ok(()),
    }
}

/// Writes what is known of an account key once more, for a try whose outcome writes nothing else: whether there is such
/// an account must not show in the time an answer takes.
pub fn note_again(tx: &mut Tx<'_>, key: &str) -> Result<(), Fault> {
    let name = name(Kind::Account, key);
    lock(tx.conn(), &name)?;
    match load(tx.conn(), &name)? {
        Some(pace) => save(tx, &name, pace),
        None => Ok(()),
    }
}

/// Removes rows that say nothing any more.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize, Fault> {
    let before = tx.now().minus(chrono::Duration::days(1));
    Ok(diesel::delete(throttles::table.filter(throttles::last_failure_at.lt(before))).execute(tx.conn())?)
}

fn name(kind: Kind, key: &str) -> String {
    token::hash(&format!("{kind:?}:{key}"))
}

/// Tries side by side take turns, also when there is no row yet: SQLite has one writer, PostgreSQL an advisory lock.
fn lock(conn: &mut AnyConnection, name: &str) -> Result<(), Fault> {
    on_each!(conn,
        postgres pg => {
            diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))")
                .bind::<diesel::sql_types::Text, _>(name)
                .execute(pg)?;
        },
        sqlite _lite => ()
    );
    Ok(())
}

fn load(conn: &mut AnyConnection, name: &str) -> Result<Option<Pace>, Fault> {
    let row: Option<(i32, Moment, Moment)> = throttles::table
        .find(name)
        .select((throttles::failures, throttles::last_failure_at, throttles::wait_until))
        .first(conn)
        .optional()?;
    Ok(row.map(|(failures, last_failure_at, wait_until)| Pace { failures, last_failure_at, wait_until }))
}

fn save(tx: &mut Tx<'_>, name: &str, pace: Pace) -> Result<(), Fault> {
    let values = (
        throttles::failures.eq(pace.failures),
        throttles::last_failure_at.eq(pace.last_failure_at),
        throttles::wait_until.eq(pace.wait_until),
    );
    if diesel::update(throttles::table.find(name)).set(values).execute(tx.conn())? == 0 {
        diesel::insert_into(throttles::table)
            .values((throttles::name.eq(name), values))
            .execute(tx.conn())?;
    }
    Ok(())
}
