//! A transaction: the only way to write.

use diesel::{
    connection::{AnsiTransactionManager, TransactionManager},
    prelude::*,
    sql_query,
};

use super::{AnyConnection, Fault, fault::Failure, on_each, schema::organizations};
use crate::base::{clock::Moment, ids::OrganizationId};

/// An open transaction. All that one business act writes goes through one of these, or nothing does.
pub struct Tx<'a> {
    conn: &'a mut AnyConnection,
    organization: Option<OrganizationId>,
    now: Moment,
    has_work: bool,
    audit_key: Option<&'a [u8; 32]>,
}

impl<'a> Tx<'a> {
    /// For stores and their queries.
    pub fn conn(&mut self) -> &mut AnyConnection {
        self.conn
    }

    /// When this transaction began; everything it writes bears this time.
    pub fn now(&self) -> Moment {
        self.now
    }

    /// The key of the audit chain; there is one as soon as the program has started.
    pub fn audit_key(&self) -> Result<&'a [u8; 32], Fault> {
        self.audit_key
            .ok_or_else(|| Fault::broken("writing the audit", "the installation's keys are not open"))
    }

    /// The organization whose row is locked, if any.
    pub fn locked(&self) -> Option<OrganizationId> {
        self.organization
    }

    /// Locks an organization that became known inside the transaction; a transaction locks at most one.
    pub fn lock(&mut self, organization: OrganizationId) -> Result<(), Fault> {
        if self.organization == Some(organization) {
            return Ok(());
        }
        lock_row(self.conn, organization)?;
        self.organization = Some(organization);
        Ok(())
    }

    /// Waits until no other transaction changes what belongs to the installation as a whole: its keys, its first setup
    /// link.
    pub fn lock_installation(&mut self) -> Result<(), Fault> {
        // SQLite has locked everything by BEGIN IMMEDIATE already.
        on_each!(self.conn,
            postgres pg => sql_query("SELECT pg_advisory_xact_lock(7274734)").execute(pg).map(drop)?,
            sqlite _lite => ()
        );
        Ok(())
    }

    /// Says that this transaction leaves work to do: once it is committed, whoever waits for work in this process
    /// is woken. Only a hint; other processes find the work when they look for it.
    pub fn announce(&mut self) {
        self.has_work = true;
    }

    /// The outcome, and whether work was announced.
    pub(super) fn run<T, E: Failure>(
        conn: &'a mut AnyConnection,
        organization: Option<OrganizationId>,
        now: Moment,
        audit_key: Option<&[u8; 32]>,
        work: &impl Fn(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<(T, bool), E> {
        begin(conn).map_err(Fault::from)?;
        let outcome = lock_first(conn, organization).map_err(E::from).and_then(|()| {
            let mut tx = Tx { conn: &mut *conn, organization, now, has_work: false, audit_key };
            work(&mut tx).map(|value| (value, tx.has_work))
        });
        match outcome {
            Ok(value) => {
                commit(conn).map_err(Fault::from)?;
                Ok(value)
            }
            Err(error) => {
                if let Err(failure) = rollback(conn) {
                    tracing::warn!(error = %failure, "a transaction could not be rolled back; its connection is given up");
                }
                Err(error)
            }
        }
    }
}

fn lock_first(conn: &mut AnyConnection, organization: Option<OrganizationId>) -> Result<(), Fault> {
    organization.map_or(Ok(()), |organization| lock_row(conn, organization))
}

/// SQLite has locked everything by BEGIN IMMEDIATE already; PostgreSQL locks the row.
fn lock_row(conn: &mut AnyConnection, organization: OrganizationId) -> Result<(), Fault> {
    let row = organizations::table.select(organizations::id).filter(organizations::id.eq(organization));
    on_each!(conn,
        postgres pg => row.for_update().execute(pg).map(drop)?,
        sqlite _lite => ()
    );
    Ok(())
}

/// Reads on SQLite in one transaction: what is read together agrees, and what others write meanwhile does not empty the
/// cache before every statement. On PostgreSQL it would cost two more ways to the server.
pub(super) fn at_one_moment<T, E: From<Fault>>(
    conn: &mut AnyConnection,
    work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
) -> Result<T, E> {
    let is_sqlite = on_each!(conn,
        postgres _pg => false,
        sqlite lite => AnsiTransactionManager::begin_transaction(lite).map(|()| true).map_err(Fault::from)?
    );
    let outcome = work(conn);
    if is_sqlite && let Err(failure) = commit(conn) {
        tracing::warn!(error = %failure, "a reading could not be ended; its connection is given up");
    }
    outcome
}

/// IMMEDIATE, because a transaction that reads first and writes later fails on SQLite when another came between.
fn begin(conn: &mut AnyConnection) -> QueryResult<()> {
    on_each!(conn,
        postgres pg => AnsiTransactionManager::begin_transaction(pg),
        sqlite lite => AnsiTransactionManager::begin_transaction_sql(lite, "BEGIN IMMEDIATE")
    )
}

fn commit(conn: &mut AnyConnection) -> QueryResult<()> {
    on_each!(conn, c => AnsiTransactionManager::commit_transaction(c))
}

fn rollback(conn: &mut AnyConnection) -> QueryResult<()> {
    on_each!(conn, c => AnsiTransactionManager::rollback_transaction(c))
}
