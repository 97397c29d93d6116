//! The rows of `jobs`: enqueued, leased, ended. Every step is one compare-and-set.

mod release;

use diesel::{dsl::auto_type, prelude::*};

use super::model::{Job, JobState, NewJob, Queue};
use crate::{
    base::{
        clock::Moment,
        ids::{JobId, OrganizationId, UserId},
        token::random_token,
    },
    db::{AnyConnection, Db, Fault, Tx, on_each, schema::jobs},
};
pub use release::{complete, fail_for_good, give_back, rest_until, try_again_at};

/// How long work stays with the one who took it, unless it is kept (see [`keep`]).
pub const LEASE: chrono::Duration = chrono::Duration::seconds(60);

/// Adds work to its queue, to be done once this transaction is committed. When an unfinished job bears the same
/// `singleton` name, nothing is added and the answer is that job's id.
pub fn enqueue(tx: &mut Tx<'_>, job: &NewJob<'_>) -> Result<JobId, Fault> {
    // The job that stood in the way may be finished and gone before it is looked at; then there is room for this one.
    loop {
        if let Some(id) = add(tx, job)? {
            return Ok(id);
        }
        if let Some(id) = unfinished(tx, job)? {
            return Ok(id);
        }
    }
}

/// Nothing when an unfinished job has the name.
fn add(tx: &mut Tx<'_>, job: &NewJob<'_>) -> Result<Option<JobId>, Fault> {
    let id = JobId::new();
    let row = (
        jobs::id.eq(&id),
        jobs::organization_id.eq(job.organization.as_ref()),
        jobs::queue.eq(job.queue),
        jobs::kind.eq(job.kind),
        jobs::parameters.eq(job.parameters.to_string()),
        jobs::about.eq(job.about),
        jobs::singleton.eq(job.singleton),
        jobs::state.eq(JobState::Waiting),
        jobs::run_at.eq(job.run_at),
        jobs::created_by.eq(job.created_by.as_ref()),
        jobs::created_at.eq(tx.now()),
    );
    // ON CONFLICT is not in the common subset.
    let added = on_each!(tx.conn(), conn => diesel::insert_into(jobs::table)
        .values(row)
        .on_conflict(jobs::singleton)
        .do_nothing()
        .execute(conn)?);
    tx.announce();
    Ok((added == 1).then_some(id))
}

/// The job that has the name.
fn unfinished(tx: &mut Tx<'_>, job: &NewJob<'_>) -> Result<Option<JobId>, Fault> {
    let Some(name) = job.singleton else { return Ok(None) };
    Ok(jobs::table.filter(jobs::singleton.eq(name)).select(jobs::id).first(tx.conn()).optional()?)
}

/// Which work may be taken: of these kinds, and not what is in the taker's hands already.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub queue: Queue,
    pub kinds: Vec<String>,
    pub except: Vec<JobId>,
}

/// Takes up to `most` due jobs for [`LEASE`]: those whose lease ran out first, then the longest waiting. Each is given
/// to one taker: on PostgreSQL rows that another is about to take are skipped, on SQLite takers come one after the
/// other. Writes nothing when nothing is due.
pub async fn lease(db: &Db, wanted: Wanted, most: usize) -> Result<Vec<Job>, Fault> {
    let (sought, now) = (wanted.clone(), db.now());
    if !db.read(move |conn| is_due(conn, &sought, now)).await? {
        return Ok(Vec::new());
    }
    db.write(None, move |tx| take(tx, &wanted, most)).await
}

fn is_due(conn: &mut AnyConnection, wanted: &Wanted, now: Moment) -> Result<bool, Fault> {
    let waiting = wanted_in(wanted, JobState::Waiting).filter(jobs::run_at.le(now));
    if diesel::select(diesel::dsl::exists(waiting)).get_result(conn)? {
        return Ok(true);
    }
    let abandoned = wanted_in(wanted, JobState::Leased).filter(jobs::lease_until.le(now));
    Ok(diesel::select(diesel::dsl::exists(abandoned)).get_result(conn)?)
}

fn take(tx: &mut Tx<'_>, wanted: &Wanted, most: usize) -> Result<Vec<Job>, Fault> {
    let now = tx.now();
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let abandoned = wanted_in(wanted, JobState::Leased)
        .filter(jobs::lease_until.le(now))
        .order(jobs::lease_until)
        .limit(limit);
    let mut rows: Vec<Row> = on_each!(tx.conn(),
        postgres pg => abandoned.for_update().skip_locked().load(pg)?,
        sqlite lite => abandoned.load(lite)?
    );
    let left = limit - rows.len() as i64;
    if left > 0 {
        let waiting =
            wanted_in(wanted, JobState::Waiting).filter(jobs::run_at.le(now)).order(jobs::run_at).limit(left);
        rows.extend(on_each!(tx.conn(),
            postgres pg => waiting.for_update().skip_locked().load::<Row>(pg)?,
            sqlite lite => waiting.load::<Row>(lite)?
        ));
    }
    mark_leased(tx, rows)
}

fn mark_leased(tx: &mut Tx<'_>, rows: Vec<Row>) -> Result<Vec<Job>, Fault> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let (lease, until) = (random_token(), tx.now().plus(LEASE));
    let ids: Vec<&JobId> = rows.iter().map(|row| &row.id).collect();
    diesel::update(jobs::table.filter(jobs::id.eq_any(ids)))
        .set((
            jobs::state.eq(JobState::Leased),
            jobs::lease.eq(&lease),
            jobs::lease_until.eq(until),
            jobs::attempts.eq(jobs::attempts + 1),
        ))
        .execute(tx.conn())?;
    rows.into_iter().map(|row| row.taken(&lease)).collect()
}

/// Keeps the work for another lease; false when it is no longer ours, and then it must be left alone.
pub fn keep(tx: &mut Tx<'_>, job: &Job) -> Result<bool, Fault> {
    let until = tx.now().plus(LEASE);
    Ok(diesel::update(held(job)).set(jobs::lease_until.eq(until)).execute(tx.conn())? == 1)
}

/// How far a job has come.
#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct JobReport {
    pub kind: String,
    pub state: JobState,
    /// What went wrong; empty when nothing did.
    pub problem: String,
    pub created_by: Option<UserId>,
    pub created_at: Moment,
    pub ended_at: Option<Moment>,
}

/// One job of an organization, as its page shows it.
pub fn report(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    job: JobId,
) -> Result<Option<JobReport>, Fault> {
    Ok(jobs::table
        .filter(jobs::id.eq(&job))
        .filter(jobs::organization_id.eq(&organization))
        .select((jobs::kind, jobs::state, jobs::problem, jobs::created_by, jobs::created_at, jobs::ended_at))
        .first(conn)
        .optional()?)
}

/// Deletes up to `most` jobs that ended before `before`, and says how many that were.
pub fn sweep(tx: &mut Tx<'_>, before: Moment, most: i64) -> Result<usize, Fault> {
    // A job ends after it was due, so the index on `run_at` finds the old ones.
    let old: Vec<JobId> = jobs::table
        .filter(jobs::queue.eq_any([Queue::Mail, Queue::Work]))
        .filter(jobs::state.eq_any([JobState::Done, JobState::Failed, JobState::Cancelled]))
        .filter(jobs::run_at.lt(before))
        .filter(jobs::ended_at.lt(before))
        .select(jobs::id)
        .limit(most)
        .load(tx.conn())?;
    Ok(diesel::delete(jobs::table.filter(jobs::id.eq_any(&old))).execute(tx.conn())?)
}

#[auto_type]
fn held<'a>(job: &'a Job) -> _ {
    let lease: &'a str = job.lease.as_str();
    let id: &'a JobId = &job.id;
    let leased: JobState = JobState::Leased;
    jobs::table.filter(jobs::id.eq(id)).filter(jobs::state.eq(leased)).filter(jobs::lease.eq(lease))
}

#[auto_type]
fn wanted_in<'a>(wanted: &'a Wanted, state: JobState) -> _ {
    let queue: Queue = wanted.queue;
    let kinds: &'a [String] = wanted.kinds.as_slice();
    let except: &'a [JobId] = wanted.except.as_slice();
    jobs::table
        .filter(jobs::queue.eq(queue))
        .filter(jobs::state.eq(state))
        .filter(jobs::kind.eq_any(kinds))
        .filter(jobs::id.ne_all(except))
}

/// A whole row.
#[derive(Queryable)]
struct Row {
    id: JobId,
    organization: Option<OrganizationId>,
    queue: Queue,
    kind: String,
    parameters: String,
    about: Option<String>,
    singleton: Option<String>,
    _state: JobState,
    attempts: i32,
    run_at: Moment,
    _lease: Option<String>,
    _lease_until: Option<Moment>,
    problem: String,
    created_by: Option<UserId>,
    created_at: Moment,
    _ended_at: Option<Moment>,
}

impl Row {
    fn taken(self, lease: &str) -> Result<Job, Fault> {
        let parameters = serde_json::from_str(&self.parameters);
        Ok(Job {
            id: self.id,
            organization: self.organization,
            queue: self.queue,
            kind: self.kind,
            parameters: parameters.map_err(|e| Fault::broken("reading a job's parameters", e))?,
            about: self.about,
            attempts: self.attempts + 1,
            created_by: self.created_by,
            created_at: self.created_at,
            singleton: self.singleton,
            run_at: self.run_at,
            problem: self.problem,
            lease: lease.to_owned(),
        })
    }
}
