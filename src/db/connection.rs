//! Connections and their pools, for the database that the settings name.

use std::{
    any::Any,
    path::PathBuf,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use diesel::{
    Connection, ConnectionError, MultiConnection, RunQueryDsl,
    connection::SimpleConnection,
    pg::PgConnection,
    r2d2::{self, R2D2Connection},
    sqlite::SqliteConnection,
};
use tokio::sync::{Semaphore, watch};

use super::{Fault, Tx, fault::Failure, migrate, on_each, transaction::at_one_moment};
use crate::base::{
    clock::{Moment, SharedClock},
    ids::OrganizationId,
};

#[derive(MultiConnection)]
pub enum AnyConnection {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
}

/// Where the data lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Sqlite(PathBuf),
    Postgres(String),
}

/// A pool, and whether its newest try to connect failed.
#[derive(Clone)]
struct Pool {
    connections: r2d2::Pool<Opener>,
    is_failing: Arc<AtomicBool>,
    /// How many pieces of work may have a thread at once. On SQLite as many as there are connections: more would only
    /// wait there, each with a thread's memory. A server may be away, which each finds out for itself.
    turns: Arc<Semaphore>,
}

/// What is handed to another thread. Of one type, whatever it is, as each type of task is a good deal of program.
type Work = Box<dyn FnOnce() -> Box<dyn Any + Send> + Send>;

type Pooled = r2d2::PooledConnection<Opener>;

/// How many pieces of work may wait for the database at once; beyond it the answer is 503.
const MOST_WAITING: usize = 512;
/// How long one of them waits for a connection while others use all of them.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long it waits when there is no connection at all, because the server is away. A file is never away, but a slow
/// disk may take its time to open it.
const AWAY_AFTER: Duration = Duration::from_millis(200);
/// How long it waits for a connection that is being made and has not failed yet.
const CONNECTING: Duration = Duration::from_secs(3);
/// How long a start waits for its first connection: a server that is far away or busy may take its time.
const FIRST_AFTER: Duration = Duration::from_secs(5);
const TRIES: usize = 5;

/// The database, to be cloned freely.
#[derive(Clone)]
pub struct Db {
    reads: Pool,
    /// One connection on SQLite, so that writers queue instead of colliding; the same pool as `reads` on PostgreSQL.
    writes: Pool,
    waiting: Arc<Semaphore>,
    /// Changes when a transaction that announced work is committed.
    work: Arc<watch::Sender<()>>,
    clock: SharedClock,
    place: Place,
    audit_key: Arc<OnceLock<[u8; 32]>>,
}

impl Db {
    /// Opens the pools; connections are made when they are needed.
    pub fn open(place: Place, clock: SharedClock) -> Result<Self, Fault> {
        let (reads, writes) = match &place {
            Place::Sqlite(path) => {
                create_private_file(path).map_err(|e| Fault::unavailable("creating the database file", e))?;
                (pool(&place, true, readers()), pool(&place, false, 1))
            }
            Place::Postgres(_) => {
                let both = pool(&place, false, 24);
                (both.clone(), both)
            }
        };
        let waiting = Arc::new(Semaphore::new(MOST_WAITING));
        Ok(Self { reads, writes, waiting, work: Arc::default(), clock, place, audit_key: Arc::default() })
    }

    /// Hands the key of the audit chain to every later transaction; kept once set.
    pub fn set_audit_key(&self, key: [u8; 32]) {
        let _ = self.audit_key.set(key);
    }

    pub fn clock(&self) -> &SharedClock {
        &self.clock
    }

    pub fn now(&self) -> Moment {
        self.clock.now()
    }

    pub fn place(&self) -> &Place {
        &self.place
    }

    pub fn is_sqlite(&self) -> bool {
        matches!(self.place, Place::Sqlite(_))
    }

    /// Changes whenever there may be new work, see [`Tx::announce`].
    pub fn work(&self) -> watch::Receiver<()> {
        self.work.subscribe()
    }

    /// Wakes whoever waits for work in this process, as a test does that moved the clock.
    pub fn nudge(&self) {
        self.work.send_replace(());
    }

    /// Applies the migrations that are missing; safe when several processes start at once. What every start does first.
    pub fn migrate(&self) -> Result<usize, Fault> {
        let first = self.writes.connections.get_timeout(FIRST_AFTER);
        migrate::run(&mut *first.map_err(|e| Fault::unavailable("connecting to the database", e))?)
    }

    /// Readies the connection that writes for very many rows: SQLite keeps more of the file at hand, and sorts on the
    /// disk so that memory does not grow with the rows. For a process that does nothing else.
    pub fn expect_many_rows(&self) -> Result<(), Fault> {
        on_each!(&mut *checked_out(&self.writes, self.away_after())?,
            postgres _pg => Ok(()),
            sqlite lite => Ok(lite.batch_execute("PRAGMA cache_size = -65536; PRAGMA temp_store = FILE")?)
        )
    }

    /// How many connections are in use, and how many stand idle.
    pub fn connections(&self) -> (usize, usize) {
        let own = if self.is_sqlite() { Some(self.writes.connections.state()) } else { None };
        let states = std::iter::once(self.reads.connections.state()).chain(own);
        states.fold((0, 0), |(in_use, idle), state| {
            let (all, free) = (state.connections as usize, state.idle_connections as usize);
            (in_use + all.saturating_sub(free), idle + free)
        })
    }

    /// Whether a question gets an answer now.
    pub async fn is_ready(&self) -> bool {
        self.read(|conn| Ok::<_, Fault>(diesel::sql_query("SELECT 1").execute(conn)?)).await.is_ok()
    }

    /// Reads on the blocking pool. On SQLite all that is read is of one moment, and the connection refuses writes.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure + Send + 'static,
        F: FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
    {
        let db = self.clone();
        self.hop(&self.reads, move || db.read_now(work)).await
    }

    /// [`Db::read`] for one statement that finds its rows by an index. On SQLite it runs on this thread when a connection
    /// is free, as the way to another thread and back costs more than such a statement.
    pub async fn look_up<T, F>(&self, statement: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: FnOnce(&mut AnyConnection) -> Result<T, Fault> + Send + 'static,
    {
        if self.is_sqlite()
            && let Ok(_turn) = self.reads.turns.try_acquire()
            && let Some(mut conn) = self.reads.connections.try_get()
        {
            return statement(&mut conn);
        }
        self.read(statement).await
    }

    /// One transaction on the blocking pool. With an organization its row is locked first, so that all writes
    /// about it come one after the other. Run again when another transaction was in the way.
    pub async fn write<T, E, F>(
        &self,
        organization: impl Into<Option<OrganizationId>>,
        work: F,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: Failure + Send + 'static,
        F: Fn(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (db, organization) = (self.clone(), organization.into());
        self.hop(&self.writes, move || db.write_now(organization, work)).await
    }

    /// [`Db::read`] on this thread.
    pub fn read_now<T, E: From<Fault>>(
        &self,
        work: impl FnOnce(&mut AnyConnection) -> Result<T, E>,
    ) -> Result<T, E> {
        at_one_moment(&mut *checked_out(&self.reads, self.away_after())?, work)
    }

    /// [`Db::write`] on this thread.
    pub fn write_now<T, E: Failure>(
        &self,
        organization: impl Into<Option<OrganizationId>>,
        work: impl Fn(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let organization = organization.into();
        let mut tries = 1;
        loop {
            let mut conn = checked_out(&self.writes, self.away_after())?;
            match Tx::run(&mut conn, organization, self.now(), self.audit_key.get(), &work) {
                Err(error) if tries < TRIES && error.fault().is_some_and(Fault::is_worth_another_try) => {
                    tries += 1
                }
                Ok((value, has_work)) => {
                    if has_work {
                        self.nudge();
                    }
                    return Ok(value);
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn away_after(&self) -> Duration {
        if self.is_sqlite() { PATIENCE } else { AWAY_AFTER }
    }

    async fn hop<T, E>(
        &self,
        pool: &Pool,
        work: impl FnOnce() -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
    {
        let place = self.waiting.clone().try_acquire_owned();
        let place = place
            .map_err(|_| Fault::unavailable("waiting for the database", "too many are waiting already"))?;
        let turn = tokio::time::timeout(PATIENCE, pool.turns.clone().acquire_owned()).await;
        let turn = turn.map_err(|late| Fault::unavailable("waiting for the database", late))?;
        let work: Work = Box::new(move || {
            let _held = (place, turn);
            Box::new(work())
        });
        let broken = "working with the database";
        let done = tokio::task::spawn_blocking(work).await.map_err(|panic| Fault::broken(broken, panic))?;
        let answer = done.downcast::<Result<T, E>>();
        *answer.map_err(|_| Fault::broken(broken, "the answer is of another kind"))?
    }
}

/// How many connections read a file: one for each processor, and one more for what takes longer than the others. Each
/// has its own cache and statements, some 10 MB in all.
fn readers() -> u32 {
    let processors = std::thread::available_parallelism().map_or(2, |it| it.get().clamp(2, 8));
    processors as u32 + 1
}

fn pool(place: &Place, read_only: bool, size: u32) -> Pool {
    let is_failing = Arc::new(AtomicBool::new(false));
    let connections = r2d2::Pool::builder()
        .max_size(size)
        .min_idle(Some(0))
        .test_on_check_out(matches!(place, Place::Postgres(_)))
        .idle_timeout(Some(Duration::from_secs(300)))
        .error_handler(Box::new(Quiet))
        .build_unchecked(Opener { place: place.clone(), read_only, is_failing: is_failing.clone() });
    let turns = if matches!(place, Place::Sqlite(_)) { size as usize } else { MOST_WAITING };
    Pool { connections, is_failing, turns: Arc::new(Semaphore::new(turns)) }
}

/// A connection, soon; or the news that the database is away, in good time. Only a try that failed is such news:
/// while the first one is under way, as on a busy machine, it is waited for.
fn checked_out(pool: &Pool, away_after: Duration) -> Result<Pooled, Fault> {
    let begun = std::time::Instant::now();
    loop {
        let error = match pool.connections.get_timeout(away_after) {
            Ok(conn) => return Ok(conn),
            Err(error) => error,
        };
        let is_connected = pool.connections.state().connections > 0;
        let patience = if is_connected { PATIENCE } else { CONNECTING };
        let is_away = !is_connected && pool.is_failing.load(Ordering::Relaxed);
        if is_away || begun.elapsed() >= patience {
            return Err(Fault::unavailable("connecting to the database", error));
        }
    }
}

fn create_private_file(path: &PathBuf) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Opens connections for a pool, each with the habits this program relies on.
struct Opener {
    place: Place,
    read_only: bool,
    is_failing: Arc<AtomicBool>,
}

impl r2d2::ManageConnection for Opener {
    type Connection = AnyConnection;
    type Error = r2d2::Error;

    fn connect(&self) -> Result<AnyConnection, r2d2::Error> {
        let opened = open(&self.place, self.read_only);
        self.is_failing.store(opened.is_err(), Ordering::Relaxed);
        opened.map_err(r2d2::Error::ConnectionError)
    }

    fn is_valid(&self, conn: &mut AnyConnection) -> Result<(), r2d2::Error> {
        conn.ping().map_err(r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut AnyConnection) -> bool {
        std::thread::panicking() || R2D2Connection::is_broken(conn)
    }
}

/// The cache holds the upper levels of the indexes by which a page of people is found among a million, so that only
/// the rows themselves are read anew.
const READING: &str = "PRAGMA query_only = ON; PRAGMA cache_size = -4500";

fn open(place: &Place, read_only: bool) -> Result<AnyConnection, ConnectionError> {
    match place {
        Place::Postgres(url) => {
            let mut conn = PgConnection::establish(url)?;
            conn.batch_execute(
                "SET TIME ZONE 'UTC'; SET synchronous_commit = on; SET statement_timeout = '60s'; SET application_name = 'roster'",
            )
            .map_err(ConnectionError::CouldntSetupConfiguration)?;
            Ok(AnyConnection::Postgres(conn))
        }
        Place::Sqlite(path) => {
            let mut conn = SqliteConnection::establish(&path.to_string_lossy())?;
            // FULL: what was acknowledged survives a loss of power.
            conn.batch_execute(
                "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                 PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = ON;",
            )
            .and_then(|()| if read_only { conn.batch_execute(READING) } else { Ok(()) })
            .map_err(ConnectionError::CouldntSetupConfiguration)?;
            Ok(AnyConnection::Sqlite(conn))
        }
    }
}

/// The pool tells us by its answer; the one who asked logs it.
#[derive(Debug)]
struct Quiet;

impl<E: std::error::Error> r2d2::HandleError<E> for Quiet {
    fn handle_error(&self, error: E) {
        tracing::debug!(%error, "a database connection could not be made");
    }
}
