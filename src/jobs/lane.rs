//! One queue being worked off: takes what is due, has it done, and notices what happens meanwhile.

use std::{collections::HashMap, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt;
use tokio::{
    sync::watch,
    task::{Id, JoinSet},
};

use super::{
    model::{Job, NewJob, Queue},
    runner::{Handler, Outcome, Work},
    settle::{give_back, settle},
    store::{self, Wanted},
};
use crate::db::{Db, Fault};

/// Work that nobody announced in this process, such as that of another process or of yesterday, is found this soon.
const LOOKS_EVERY: Duration = Duration::from_secs(2);

/// Who does what of one queue, and how many jobs at once.
pub struct Lane {
    queue: Queue,
    places: usize,
    pub handlers: HashMap<String, Arc<dyn Handler>>,
    pub recurring: HashMap<String, chrono::Duration>,
}

impl Lane {
    pub fn new(queue: Queue, places: usize) -> Self {
        Self { queue, places, handlers: HashMap::new(), recurring: HashMap::new() }
    }

    /// Works until `stopping` says for how long what is in hand may still take.
    pub async fn serve(self, db: Db, stopping: watch::Receiver<Option<Duration>>) {
        let mut shift = Shift {
            announced: db.work(),
            lane: self,
            db,
            stopping,
            at_work: JoinSet::new(),
            in_hand: HashMap::new(),
            is_prepared: false,
            is_away: false,
        };
        while !shift.is_over() {
            shift.begin_what_is_due().await;
            shift.wait().await;
        }
        shift.end().await;
    }
}

/// A lane while it is served.
struct Shift {
    lane: Lane,
    db: Db,
    announced: watch::Receiver<()>,
    stopping: watch::Receiver<Option<Duration>>,
    at_work: JoinSet<()>,
    /// A clock that leaps ends leases; what is in hand is not taken again all the same.
    in_hand: HashMap<Id, Job>,
    is_prepared: bool,
    is_away: bool,
}

impl Shift {
    fn is_over(&self) -> bool {
        self.stopping.borrow().is_some() || self.stopping.has_changed().is_err()
    }

    async fn begin_what_is_due(&mut self) {
        self.announced.mark_unchanged();
        match self.lease().await {
            Ok(jobs) => {
                self.is_away = false;
                jobs.into_iter().for_each(|job| self.begin(job));
            }
            Err(error) if !self.is_away => {
                self.is_away = true;
                tracing::warn!(%error, queue = self.lane.queue.as_str(), "looking for work failed");
            }
            Err(_) => {}
        }
    }

    async fn lease(&mut self) -> Result<Vec<Job>, Fault> {
        if !self.is_prepared {
            self.prepare().await?;
            self.is_prepared = true;
        }
        let places = self.free_places();
        if places == 0 {
            return Ok(Vec::new());
        }
        let kinds = self.lane.handlers.keys().cloned().collect();
        let except = self.in_hand.values().map(|job| job.id).collect();
        store::lease(&self.db, Wanted { queue: self.lane.queue, kinds, except }, places).await
    }

    /// Sees to it that there is a job for each recurring kind.
    async fn prepare(&self) -> Result<(), Fault> {
        let kinds: Vec<String> = self.lane.recurring.keys().cloned().collect();
        if kinds.is_empty() {
            return Ok(());
        }
        let queue = self.lane.queue;
        self.db
            .write(None, move |tx| {
                for kind in &kinds {
                    let job = NewJob::new(queue, kind, serde_json::Value::Null, tx.now());
                    store::enqueue(tx, &NewJob { singleton: Some(kind), ..job })?;
                }
                Ok(())
            })
            .await
    }

    fn begin(&mut self, job: Job) {
        let Some(handler) = self.lane.handlers.get(&job.kind).cloned() else { return };
        let now = self.db.now();
        let again_at = self.lane.recurring.get(&job.kind).map(|period| now.plus(*period));
        let work = Work { job: job.clone(), db: self.db.clone(), stopping: self.stopping.clone() };
        let task = self.at_work.spawn(async move {
            let outcome = outcome_of(handler.as_ref(), &work).await;
            settle(&work, handler, outcome, again_at).await;
        });
        self.in_hand.insert(task.id(), job);
    }

    /// Until there may be something to begin, or the shift is over.
    async fn wait(&mut self) {
        let has_place = self.free_places() > 0;
        tokio::select! {
            _ = self.stopping.changed() => {}
            Some(finished) = self.at_work.join_next_with_id() => {
                let id = finished.map_or_else(|error| error.id(), |(id, ())| id);
                self.in_hand.remove(&id);
            }
            Ok(()) = self.announced.changed(), if has_place => {}
            () = tokio::time::sleep(LOOKS_EVERY), if has_place => {}
        }
    }

    fn free_places(&self) -> usize {
        self.lane.places.saturating_sub(self.in_hand.len())
    }

    /// Finishes what can be finished in time, and gives the rest back.
    async fn end(mut self) {
        let patience = self.stopping.borrow().unwrap_or_default();
        let finish = async {
            while let Some(finished) = self.at_work.join_next_with_id().await {
                let id = finished.map_or_else(|error| error.id(), |(id, ())| id);
                self.in_hand.remove(&id);
            }
        };
        if tokio::time::timeout(patience, finish).await.is_err() {
            self.at_work.shutdown().await;
        }
        for job in self.in_hand.into_values() {
            give_back(&self.db, job).await;
        }
    }
}

/// A handler's answer; a fault or a panic of it is logged, and the work is worth another try.
async fn outcome_of(handler: &dyn Handler, work: &Work) -> Outcome {
    let job = &work.job;
    match AssertUnwindSafe(handler.run(work)).catch_unwind().await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(error)) => {
            tracing::error!(%error, job = job.id.as_str(), kind = job.kind, "a job failed");
            Outcome::TryAgain("Roster itself failed; its log says how.".to_owned())
        }
        Err(_panic) => {
            tracing::error!(job = job.id.as_str(), kind = job.kind, "a job panicked");
            Outcome::TryAgain("Roster itself failed; its log says how.".to_owned())
        }
    }
}
