//! Takes due work and does it: one task a queue, a bounded number of jobs at once in each.

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use tokio::{sync::watch, task::JoinHandle};

use super::{
    lane::Lane,
    model::{Job, Queue},
};
use crate::db::{Db, Fault, Tx};

/// Does the jobs of one or several kinds.
pub trait Handler: Send + Sync + 'static {
    /// Does one job. It may be done twice when a process dies between doing it and saying so. A fault is logged and
    /// counts as [`Outcome::TryAgain`].
    fn run<'a>(&'a self, work: &'a Work) -> BoxFuture<'a, Result<Outcome, Fault>>;

    /// In the transaction that gives a job up: what has to be told to whom.
    fn given_up(&self, _tx: &mut Tx<'_>, _job: &Job, _problem: &str) -> Result<(), Fault> {
        Ok(())
    }
}

/// What came of one try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    /// It will never work; why, in words for a person.
    Failed(String),
    /// It may work later; what went wrong, in words for a person.
    TryAgain(String),
    /// It was interrupted, because the process stops or the lease was lost, and goes on elsewhere.
    Interrupted,
}

/// A job in the hands of its handler.
pub struct Work {
    pub job: Job,
    pub(super) db: Db,
    pub(super) stopping: watch::Receiver<Option<Duration>>,
}

impl Work {
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// The process is about to end: finish the step at hand and answer [`Outcome::Interrupted`].
    pub fn is_stopping(&self) -> bool {
        self.stopping.borrow().is_some()
    }
}

/// Which kinds are done here, and by whom.
pub struct Runner {
    db: Db,
    mail: Lane,
    work: Lane,
}

impl Runner {
    /// Up to eight letters and two other jobs at once.
    pub fn new(db: Db) -> Self {
        Self { db, mail: Lane::new(Queue::Mail, 8), work: Lane::new(Queue::Work, 2) }
    }

    /// Gives the jobs of these kinds to a handler. Kinds nobody asks for stay where they are, for a newer version.
    pub fn on(mut self, queue: Queue, kinds: &[&str], handler: Arc<dyn Handler>) -> Self {
        let handlers = kinds.iter().map(|kind| (kind.to_string(), handler.clone()));
        self.lane(queue).handlers.extend(handlers);
        self
    }

    /// Housekeeping: one job of this kind in the whole installation, done again `period` after it was done.
    pub fn every(mut self, kind: &str, period: chrono::Duration, handler: Arc<dyn Handler>) -> Self {
        self.lane(Queue::Work).recurring.insert(kind.to_owned(), period);
        self.on(Queue::Work, &[kind], handler)
    }

    /// Begins to work, on the runtime this is called on.
    pub fn start(self) -> Running {
        let (stop, stopping) = watch::channel(None);
        let tasks = [self.mail, self.work]
            .into_iter()
            .filter(|lane| !lane.handlers.is_empty())
            .map(|lane| tokio::spawn(lane.serve(self.db.clone(), stopping.clone())))
            .collect();
        Running { db: self.db, stop, tasks }
    }

    fn lane(&mut self, queue: Queue) -> &mut Lane {
        match queue {
            Queue::Mail => &mut self.mail,
            Queue::Work => &mut self.work,
        }
    }
}

/// A runner at work. Dropped, it ends as soon as it can.
pub struct Running {
    db: Db,
    stop: watch::Sender<Option<Duration>>,
    tasks: Vec<JoinHandle<()>>,
}

impl Running {
    /// Makes it look for work now, for instance because a test moved the clock.
    pub fn nudge(&self) {
        self.db.nudge();
    }

    /// Takes no more work, finishes what is in hand within `patience`, and gives the rest back.
    pub async fn stop(self, patience: Duration) {
        self.stop.send_replace(Some(patience));
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a worker ended badly");
            }
        }
    }
}
