//! The rows of `job_items`.

use diesel::{dsl::count_star, prelude::*};

use crate::{
    base::ids::{JobId, OrganizationId},
    db::{AnyConnection, Fault, Tx, on_each, schema::job_items, sql_text_enum},
};

/// How many items a job may have.
pub const MOST_ITEMS: usize = 10_000;

/// How many rows are inserted at once; seven values each stay below what either database takes.
const BATCH: usize = 1_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemState {
    Waiting,
    Done,
    Refused,
}

sql_text_enum!(ItemState { Waiting = "waiting", Done = "done", Refused = "refused" });

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewItem {
    /// The id of what the act is done to.
    pub target: String,
    /// What a person calls it.
    pub label: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Queryable)]
pub struct Item {
    pub position: i32,
    pub target: String,
    pub label: String,
    pub state: ItemState,
    /// What became of it, in words for a person.
    pub words: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub waiting: i64,
    pub done: i64,
    pub refused: i64,
}

impl Progress {
    pub fn total(&self) -> i64 {
        self.waiting + self.done + self.refused
    }

    /// In whole per cent, rounded down; 100 only when nothing waits.
    pub fn percent(&self) -> i64 {
        match self.total() {
            0 => 100,
            total => (self.done + self.refused) * 100 / total,
        }
    }
}

/// Gives a job its items, in this order, once.
///
/// # Errors
/// More than [`MOST_ITEMS`]: the caller bounds what it asks for.
pub fn add(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    job: JobId,
    items: &[NewItem],
) -> Result<(), Fault> {
    if items.len() > MOST_ITEMS {
        return Err(Fault::broken("adding items to a job", format!("{} items", items.len())));
    }
    let rows: Vec<_> = (1i32..)
        .zip(items)
        .map(|(position, item)| {
            (
                job_items::job_id.eq(&job),
                job_items::position.eq(position),
                job_items::organization_id.eq(&organization),
                job_items::target_id.eq(&item.target),
                job_items::label.eq(&item.label),
                job_items::state.eq(ItemState::Waiting),
            )
        })
        .collect();
    for batch in rows.chunks(BATCH) {
        // Inserting many rows at once is not in the common subset.
        on_each!(tx.conn(), conn => diesel::insert_into(job_items::table).values(batch.to_vec()).execute(conn)?);
    }
    Ok(())
}

/// The first item that nothing was done to yet.
pub fn next_waiting(conn: &mut AnyConnection, job: JobId) -> Result<Option<Item>, Fault> {
    Ok(job_items::table
        .filter(job_items::job_id.eq(&job))
        .filter(job_items::state.eq(ItemState::Waiting))
        .order(job_items::position)
        .select(COLUMNS)
        .first(conn)
        .optional()?)
}

/// Says that an item was done; false when it had an end already.
pub fn done(tx: &mut Tx<'_>, job: JobId, position: i32, words: &str) -> Result<bool, Fault> {
    end(tx, job, position, ItemState::Done, words)
}

/// Says that the act was refused to an item, and why; false when it had an end already.
pub fn refused(tx: &mut Tx<'_>, job: JobId, position: i32, words: &str) -> Result<bool, Fault> {
    end(tx, job, position, ItemState::Refused, words)
}

fn end(tx: &mut Tx<'_>, job: JobId, position: i32, state: ItemState, words: &str) -> Result<bool, Fault> {
    let waiting = job_items::table
        .filter(job_items::job_id.eq(&job))
        .filter(job_items::position.eq(position))
        .filter(job_items::state.eq(ItemState::Waiting));
    let set = (job_items::state.eq(state), job_items::words.eq(words));
    Ok(diesel::update(waiting).set(set).execute(tx.conn())? == 1)
}

pub fn progress(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    job: JobId,
) -> Result<Progress, Fault> {
    let counts: Vec<(ItemState, i64)> = job_items::table
        .filter(job_items::job_id.eq(&job))
        .filter(job_items::organization_id.eq(&organization))
        .group_by(job_items::state)
        .select((job_items::state, count_star()))
        .load(conn)?;
    Ok(counts.into_iter().fold(Progress::default(), |sum, (state, count)| match state {
        ItemState::Waiting => Progress { waiting: count, ..sum },
        ItemState::Done => Progress { done: count, ..sum },
        ItemState::Refused => Progress { refused: count, ..sum },
    }))
}

/// Up to `most` items after a position (0: from the first), in order, with what became of them.
pub fn list(
    conn: &mut AnyConnection,
    organization: OrganizationId,
    job: JobId,
    after: i32,
    most: i64,
) -> Result<Vec<Item>, Fault> {
    Ok(job_items::table
        .filter(job_items::job_id.eq(&job))
        .filter(job_items::organization_id.eq(&organization))
        .filter(job_items::position.gt(after))
        .order(job_items::position)
        .select(COLUMNS)
        .limit(most)
        .load(conn)?)
}

const COLUMNS: (
    job_items::position,
    job_items::target_id,
    job_items::label,
    job_items::state,
    job_items::words,
) = (job_items::position, job_items::target_id, job_items::label, job_items::state, job_items::words);
