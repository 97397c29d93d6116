//! Work is given to one taker at a time.

use std::collections::HashSet;

use chrono::Duration;
use roster::base::ids::JobId;
use roster::db::Fault;
use roster::jobs::{self, Job, JobState, NewJob, Queue, Wanted};

use crate::ground::{Ground, on_both, wanted};
use crate::support::at_once;

fn end<F>(ground: &Ground, job: &Job, act: F) -> bool
where
    F: Fn(&mut roster::db::Tx<'_>, &Job) -> Result<bool, Fault>,
{
    ground.db.write_now(None, |tx| act(tx, job)).expect("a transaction")
}

#[test]
fn thirty_two_takers_get_each_job_once() {
    on_both(|ground| async move {
        let jobs: HashSet<JobId> = (0..100).map(|_| ground.enqueue(Queue::Work)).collect();
        let taken = at_once(32, |_| {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
            runtime.block_on(async {
                let mut taken = Vec::new();
                loop {
                    let some = ground.lease(3).await;
                    if some.is_empty() {
                        return taken;
                    }
                    taken.extend(some.into_iter().map(|job| job.id));
                }
            })
        });
        let taken: Vec<JobId> = taken.into_iter().flatten().collect();
        assert_eq!(taken.len(), jobs.len());
        assert_eq!(taken.into_iter().collect::<HashSet<_>>(), jobs);
    });
}

#[test]
fn a_job_whose_lease_ran_out_is_taken_over_and_its_first_taker_can_change_nothing() {
    on_both(|ground| async move {
        let id = ground.enqueue(Queue::Work);
        let first = ground.lease(1).await.remove(0);
        assert!(ground.lease(1).await.is_empty());
        ground.clock.advance(jobs::LEASE);
        let second = ground.lease(1).await.remove(0);
        assert_eq!((second.id, second.attempts), (id, 2));

        assert!(!end(&ground, &first, jobs::complete));
        assert!(!end(&ground, &first, jobs::keep));
        assert!(!end(&ground, &first, |tx, job| jobs::fail_for_good(tx, job, "no")));
        assert_eq!(ground.state(id), JobState::Leased);
        assert!(end(&ground, &second, jobs::complete));
        assert!(!end(&ground, &second, jobs::complete), "twice");
        assert_eq!(ground.state(id), JobState::Done);
    });
}

#[test]
fn a_lease_that_is_kept_does_not_run_out() {
    on_both(|ground| async move {
        ground.enqueue(Queue::Work);
        let job = ground.lease(1).await.remove(0);
        ground.clock.advance(Duration::seconds(50));
        assert!(end(&ground, &job, jobs::keep));
        ground.clock.advance(Duration::seconds(50));
        assert!(ground.lease(1).await.is_empty());
    });
}

#[test]
fn work_that_is_not_due_or_of_another_kind_or_queue_stays_where_it_is() {
    on_both(|ground| async move {
        ground.enqueue(Queue::Mail);
        ground.enqueue(Queue::Work);
        let other = jobs::lease(&ground.db, wanted("other"), 9).await.expect("a lease");
        assert!(other.is_empty());
        let job = ground.lease(9).await.remove(0);
        let later = ground.now().plus(Duration::minutes(5));
        assert!(end(&ground, &job, |tx, job| jobs::try_again_at(tx, job, later, "busy")));
        assert!(ground.lease(9).await.is_empty());
        assert_eq!(ground.report(job.id).problem, "busy");
        ground.clock.advance(Duration::minutes(5));
        let except = Wanted { except: vec![job.id], ..wanted("act") };
        assert!(jobs::lease(&ground.db, except, 9).await.expect("a lease").is_empty());
        assert_eq!(ground.lease(9).await.remove(0).attempts, 2);
    });
}

#[test]
fn work_that_is_given_back_is_free_at_once_as_if_it_had_not_been_taken() {
    on_both(|ground| async move {
        ground.enqueue(Queue::Work);
        let job = ground.lease(1).await.remove(0);
        assert!(end(&ground, &job, jobs::give_back));
        let again = ground.lease(1).await.remove(0);
        assert_eq!((again.id, again.attempts), (job.id, 1));
    });
}

#[test]
fn a_named_job_is_made_once_until_it_has_ended() {
    on_both(|ground| async move {
        let enqueue = || {
            let named = |tx: &mut roster::db::Tx<'_>| {
                let job = NewJob::new(Queue::Work, "act", serde_json::Value::Null, tx.now());
                jobs::enqueue(tx, &NewJob { singleton: Some("only one"), ..job })
            };
            ground.db.write_now(None, named).expect("a job")
        };
        let first = enqueue();
        assert_eq!(enqueue(), first);
        let job = ground.lease(9).await;
        assert_eq!(job.len(), 1);
        assert_eq!(enqueue(), first);
        assert!(end(&ground, &job[0], jobs::complete));
        assert_ne!(enqueue(), first);
    });
}

#[test]
fn a_job_of_a_transaction_that_fails_was_never_there() {
    on_both(|ground| async move {
        let failed = ground.db.write_now(None, |tx| {
            jobs::enqueue(tx, &NewJob::new(Queue::Work, "act", serde_json::Value::Null, tx.now()))?;
            Err::<(), _>(Fault::broken("testing", "no"))
        });
        assert!(failed.is_err());
        assert!(ground.lease(1).await.is_empty());
    });
}

#[test]
fn jobs_that_ended_long_ago_are_swept_and_others_are_not() {
    on_both(|ground| async move {
        let old = ground.enqueue(Queue::Work);
        let job = ground.lease(1).await.remove(0);
        assert!(end(&ground, &job, jobs::complete));
        let waiting = ground.enqueue(Queue::Work);
        ground.clock.advance(Duration::days(31));
        let sweep = |tx: &mut roster::db::Tx<'_>| {
            let before = tx.now().minus(Duration::days(30));
            jobs::sweep(tx, before, 100)
        };
        assert_eq!(ground.db.write_now(None, sweep).expect("a sweep"), 1);
        let organization = ground.organization;
        let gone = ground.db.read_now(|conn| jobs::report(conn, organization, old)).expect("a report");
        assert!(gone.is_none());
        assert_eq!(ground.state(waiting), JobState::Waiting);
    });
}

#[test]
fn work_there_is_one_of_can_be_asked_for_while_it_is_being_finished() {
    on_both(|ground| async move {
        let ask = || {
            ground.db.write_now(None, |tx| {
                let job = NewJob::new(Queue::Work, "act", serde_json::json!({}), tx.now());
                jobs::enqueue(tx, &NewJob { singleton: Some("one"), ..job })
            })
        };
        let finish = || {
            let finished = "UPDATE jobs SET state = 'done', singleton = NULL WHERE singleton = 'one'";
            ground.db.write_now(None, |tx| {
                Ok::<_, Fault>(diesel::RunQueryDsl::execute(diesel::sql_query(finished), tx.conn())?)
            })
        };
        let failures = at_once(8, |nth| {
            let failed = |_: &i32| if nth % 2 == 0 { ask().is_err() } else { finish().is_err() };
            (0..150).filter(failed).count()
        });
        assert_eq!(failures, [0; 8]);
    });
}
