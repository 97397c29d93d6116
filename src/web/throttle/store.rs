//! Rows of the throttle. Names are hashes, so that the table tells nobody who tried to sign in.

use std::time::Duration;

use diesel::prelude::*;

use super::{Gate, Kind, Pace};
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

/// [`Admission`], where a browser that an account does not know may have to be made known first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    Admitted(Admission),
    /// Not counted against the account, which would keep its owner waiting, but against the network address.
    LinkFirst,
}

/// Admits a try, or says how long to wait. Keys are, for example, a folded e-mail address and a network address.
pub fn admit(tx: &mut Tx<'_>, keys: &[(Kind, &str)]) -> Result<Admission, Fault> {
    let paces = take(tx, keys)?;
    match longest_wait(&paces, tx.now(), |_| true) {
        Some(wait) => Ok(Admission::Wait(wait)),
        None => count(tx, paces),
    }
}

/// The same for a browser of which `is_known` says whether it has signed in with the account before; asked only when
/// that matters.
pub fn admit_browser(
    tx: &mut Tx<'_>,
    keys: &[(Kind, &str)],
    is_known: impl FnOnce(&mut AnyConnection) -> Result<bool, Fault>,
) -> Result<Entry, Fault> {
    let now = tx.now();
    let paces = take(tx, keys)?;
    if let Some(wait) = longest_wait(&paces, now, |kind| kind == Kind::Address) {
        return Ok(Entry::Admitted(Admission::Wait(wait)));
    }
    let of_accounts = || paces.iter().filter(|it| it.kind == Kind::Account);
    let is_known = match of_accounts().any(|it| it.pace.gate(false, now) == Gate::LinkFirst) {
        true => is_known(tx.conn())?,
        false => true,
    };
    if of_accounts().any(|it| it.pace.gate(is_known, now) == Gate::LinkFirst) {
        count(tx, paces.into_iter().filter(|it| it.kind == Kind::Address).collect())?;
        return Ok(Entry::LinkFirst);
    }
    match longest_wait(&paces, now, |_| true) {
        Some(wait) => Ok(Entry::Admitted(Admission::Wait(wait))),
        None => count(tx, paces).map(Entry::Admitted),
    }
}

/// The pace of a key, locked.
struct Taken {
    kind: Kind,
    name: String,
    pace: Pace,
}

fn take(tx: &mut Tx<'_>, keys: &[(Kind, &str)]) -> Result<Vec<Taken>, Fault> {
    let now = tx.now();
    let mut named: Vec<_> = keys.iter().map(|(kind, key)| (*kind, name(*kind, key))).collect();
    named.sort_by(|one, other| one.1.cmp(&other.1));
    let mut taken = Vec::with_capacity(named.len());
    for (kind, name) in named {
        lock(tx.conn(), &name)?;
        let pace = load(tx.conn(), &name)?.map_or(Pace::fresh(now), |pace| pace.at(now));
        taken.push(Taken { kind, name, pace });
    }
    Ok(taken)
}

fn longest_wait(paces: &[Taken], now: Moment, counts: impl Fn(Kind) -> bool) -> Option<Duration> {
    paces.iter().filter(|it| counts(it.kind)).filter_map(|it| it.pace.wait(now)).max()
}

fn count(tx: &mut Tx<'_>, paces: Vec<Taken>) -> Result<Admission, Fault> {
    let now = tx.now();
    let mut most = 0;
    for Taken { kind, name, pace } in paces {
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
    let (account, address) = (name(Kind::Account, account), name(Kind::Address, address));
    // In the order of `admit`, so that neither waits for the other.
    lock(tx.conn(), (&account).min(&address))?;
    lock(tx.conn(), (&account).max(&address))?;
    diesel::delete(throttles::table.find(&account)).execute(tx.conn())?;
    match load(tx.conn(), &address)? {
        Some(pace) => save(tx, &address, pace.forgiven_one()),
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
