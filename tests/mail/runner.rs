//! Work is done by those who know its kind, again when it fails, and never lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::BoxFuture;
use roster::db::{Fault, Tx};
use roster::jobs::items::{self, NewItem};
use roster::jobs::{self, Handler, Job, JobState, Outcome, Queue, Runner, Running, Work, sweeping_jobs};
use tokio::sync::{Notify, mpsc};

use crate::ground::{Ground, on_both};
use crate::support::PATIENCE;

type Tried = mpsc::UnboundedReceiver<usize>;

/// Answers as it is told, and tells each try.
struct Scripted {
    tries: AtomicUsize,
    tell: mpsc::UnboundedSender<usize>,
    answer: Box<dyn Fn(usize) -> Result<Outcome, Fault> + Send + Sync>,
    given_up: AtomicUsize,
}

fn scripted(
    answer: impl Fn(usize) -> Result<Outcome, Fault> + Send + Sync + 'static,
) -> (Arc<Scripted>, Tried) {
    let (tell, tried) = mpsc::unbounded_channel();
    let (tries, given_up) = Default::default();
    (Arc::new(Scripted { tries, tell, answer: Box::new(answer), given_up }), tried)
}

impl Handler for Scripted {
    fn run<'a>(&'a self, _work: &'a Work) -> BoxFuture<'a, Result<Outcome, Fault>> {
        Box::pin(async move {
            let nth = self.tries.fetch_add(1, Ordering::SeqCst) + 1;
            let answer = (self.answer)(nth);
            self.tell.send(nth).expect("a listener");
            answer
        })
    }

    fn given_up(&self, _tx: &mut Tx<'_>, _job: &Job, _problem: &str) -> Result<(), Fault> {
        self.given_up.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

fn works(ground: &Ground, handler: Arc<dyn Handler>) -> Running {
    Runner::new(ground.db.clone()).on(Queue::Work, &["act"], handler).start()
}

async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, what).await.expect("something that happens soon")
}

async fn until(ground: &Ground, job: roster::base::ids::JobId, state: JobState) {
    soon(async {
        while ground.state(job) != state {
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[test]
fn work_is_begun_when_its_transaction_is_committed() {
    on_both(|ground| async move {
        let (handler, mut tried) = scripted(|_| Ok(Outcome::Done));
        let running = works(&ground, handler);
        let job = ground.enqueue(Queue::Work);
        assert_eq!(soon(tried.recv()).await, Some(1));
        until(&ground, job, JobState::Done).await;
        running.stop(PATIENCE).await;
    });
}

#[test]
fn what_fails_is_tried_again_later_and_given_up_after_a_day() {
    on_both(|ground| async move {
        let (handler, mut tried) = scripted(|_| Ok(Outcome::TryAgain("busy".into())));
        let running = works(&ground, handler.clone());
        let job = ground.enqueue(Queue::Work);
        soon(tried.recv()).await;
        until(&ground, job, JobState::Waiting).await;
        ground.clock.advance(chrono::Duration::seconds(16));
        running.nudge();
        assert_eq!(soon(tried.recv()).await, Some(2));
        until(&ground, job, JobState::Waiting).await;
        assert_eq!(handler.given_up.load(Ordering::SeqCst), 0);

        ground.clock.advance(chrono::Duration::hours(24));
        running.nudge();
        assert_eq!(soon(tried.recv()).await, Some(3));
        until(&ground, job, JobState::Failed).await;
        assert_eq!(ground.report(job).problem, "busy");
        assert_eq!(handler.given_up.load(Ordering::SeqCst), 1);
        running.stop(PATIENCE).await;
    });
}

#[test]
fn a_fault_or_a_panic_of_a_handler_loses_nothing() {
    on_both(|ground| async move {
        let (handler, mut tried) = scripted(|nth| match nth {
            1 => Err(Fault::broken("testing", "a fault")),
            2 => panic!("a panic"),
            _ => Ok(Outcome::Done),
        });
        let running = works(&ground, handler);
        let job = ground.enqueue(Queue::Work);
        soon(tried.recv()).await;
        until(&ground, job, JobState::Waiting).await;
        ground.clock.advance(chrono::Duration::minutes(1));
        running.nudge();
        soon(async {
            while ground.report(job).state != JobState::Done {
                ground.clock.advance(chrono::Duration::minutes(1));
                running.nudge();
                tokio::task::yield_now().await;
            }
        })
        .await;
        running.stop(PATIENCE).await;
    });
}

#[test]
fn housekeeping_is_done_again_and_again_by_one_of_all_processes() {
    on_both(|ground| async move {
        let (handler, mut tried) = scripted(|_| Ok(Outcome::Done));
        let hourly = chrono::Duration::hours(1);
        let start = || Runner::new(ground.db.clone()).every("tidy", hourly, handler.clone()).start();
        let (one, other) = (start(), start());
        assert_eq!(soon(tried.recv()).await, Some(1));
        one.stop(PATIENCE).await;
        other.stop(PATIENCE).await;
        assert!(tried.try_recv().is_err(), "once an hour");

        ground.clock.advance(hourly);
        let running = start();
        assert_eq!(soon(tried.recv()).await, Some(2));
        running.stop(PATIENCE).await;
    });
}

#[test]
fn housekeeping_is_due_a_period_after_it_began_however_long_it_took() {
    on_both(|ground| async move {
        let clock = ground.clock.clone();
        let (handler, mut tried) = scripted(move |attempt| {
            // The first one takes as long as the period.
            if attempt == 1 {
                clock.advance(chrono::Duration::hours(1));
            }
            Ok(Outcome::Done)
        });
        let hourly = chrono::Duration::hours(1);
        let running = Runner::new(ground.db.clone()).every("tidy", hourly, handler).start();
        assert_eq!(soon(tried.recv()).await, Some(1));
        assert_eq!(soon(tried.recv()).await, Some(2), "at once, and not an hour later");
        running.stop(PATIENCE).await;
    });
}

#[test]
fn jobs_sweep_themselves() {
    on_both(|ground| async move {
        let job = ground.enqueue(Queue::Work);
        let (handler, mut tried) = scripted(|_| Ok(Outcome::Done));
        let running = works(&ground, handler);
        soon(tried.recv()).await;
        until(&ground, job, JobState::Done).await;
        running.stop(PATIENCE).await;

        ground.clock.advance(chrono::Duration::days(31));
        let running = sweeping_jobs(Runner::new(ground.db.clone())).start();
        let organization = ground.organization;
        let find = || ground.db.read_now(|conn| jobs::report(conn, organization, job)).expect("a report");
        soon(async {
            while find().is_some() {
                tokio::task::yield_now().await;
            }
        })
        .await;
        running.stop(PATIENCE).await;
    });
}

/// Ends its items one by one, and waits before the third until it may go on.
struct Bulk {
    at_third: Notify,
    go_on: Notify,
}

impl Handler for Bulk {
    fn run<'a>(&'a self, work: &'a Work) -> BoxFuture<'a, Result<Outcome, Fault>> {
        Box::pin(async move {
            loop {
                if work.is_stopping() {
                    return Ok(Outcome::Interrupted);
                }
                let id = work.job.id;
                let Some(item) = work.db().read(move |conn| items::next_waiting(conn, id)).await? else {
                    return Ok(Outcome::Done);
                };
                if item.position == 3 {
                    self.at_third.notify_one();
                    self.go_on.notified().await;
                }
                let job = work.job.clone();
                let step = move |tx: &mut Tx<'_>| {
                    Ok::<_, Fault>(jobs::keep(tx, &job)? && items::done(tx, job.id, item.position, "done")?)
                };
                if !work.db().write(work.job.organization, step).await? {
                    return Ok(Outcome::Interrupted);
                }
            }
        })
    }
}

fn bulk() -> Arc<Bulk> {
    Arc::new(Bulk { at_third: Notify::new(), go_on: Notify::new() })
}

fn five_items(ground: &Ground) -> roster::base::ids::JobId {
    let job = ground.enqueue(Queue::Work);
    let five: Vec<_> = (1..=5).map(|n| NewItem { target: n.to_string(), label: n.to_string() }).collect();
    let organization = ground.organization;
    ground.db.write_now(organization, |tx| items::add(tx, organization, job, &five)).expect("items");
    job
}

#[test]
fn an_act_on_many_that_is_interrupted_goes_on_where_it_stopped() {
    on_both(|ground| async move {
        let job = five_items(&ground);
        let first = bulk();
        let running = works(&ground, first.clone());
        soon(first.at_third.notified()).await;
        // No patience: the handler hangs, is dropped, and its job is given back.
        running.stop(Duration::ZERO).await;
        assert_eq!(ground.state(job), JobState::Waiting);
        let organization = ground.organization;
        let progress =
            || ground.db.read_now(|conn| items::progress(conn, organization, job)).expect("progress");
        assert_eq!((progress().done, progress().waiting), (2, 3));

        let second = bulk();
        second.go_on.notify_one();
        let running = works(&ground, second);
        until(&ground, job, JobState::Done).await;
        assert_eq!(progress().done, 5);
        running.stop(PATIENCE).await;
    });
}

#[test]
fn stopping_lets_the_step_at_hand_be_finished() {
    on_both(|ground| async move {
        let job = five_items(&ground);
        let handler = bulk();
        let running = works(&ground, handler.clone());
        soon(handler.at_third.notified()).await;
        let stopping = tokio::spawn(running.stop(PATIENCE));
        tokio::task::yield_now().await;
        handler.go_on.notify_one();
        soon(stopping).await.expect("a stop");
        assert_eq!(ground.state(job), JobState::Waiting);
        let organization = ground.organization;
        let progress = ground.db.read_now(|conn| items::progress(conn, organization, job)).expect("progress");
        assert_eq!((progress.done, progress.waiting), (3, 2));
        assert_eq!(ground.lease(1).await.remove(0).attempts, 1, "an interruption is no failed try");
    });
}
