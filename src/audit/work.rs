//! Work besides requests: making lines of an earlier version findable, and sending new ones on.

use std::sync::Arc;

use chrono::Duration;
use futures_util::future::BoxFuture;

use super::{
    commands::{
        self,
        stream::{SEND, SEND_TEST, Sent},
    },
    store,
};
use crate::{
    crypto::sealing::Sealer,
    db::{Fault, Tx},
    jobs::{self, Handler, Job, Outcome, Queue, Runner, Work},
    outbound::Fetcher,
};

/// How many lines a transaction makes findable, so that others do not wait long for their turn.
const BATCH: i64 = 500;
/// A stream that never ends lets others have a turn after so many deliveries.
const MOST_DELIVERIES: usize = 100;

/// Gives the runner what this room does. Streams share the lane of letters, where slow machines elsewhere are expected.
pub fn joins(runner: Runner, sealer: Sealer, fetcher: Fetcher) -> Runner {
    runner
        .every("audit.fold", Duration::hours(1), Arc::new(Folds))
        .every("audit.stream_late", Duration::minutes(1), Arc::new(FindsLate))
        .on(Queue::Mail, &[SEND, SEND_TEST], Arc::new(Streams { sealer, fetcher }))
}

struct Folds;

impl Handler for Folds {
    fn run<'a>(&'a self, work: &'a Work) -> BoxFuture<'a, Result<Outcome, Fault>> {
        Box::pin(async move {
            while !work.is_stopping() {
                if work.db().write(None, |tx| store::fold(tx, BATCH)).await? == 0 {
                    return Ok(Outcome::Done);
                }
                let job = work.job.clone();
                if !work.db().write(None, move |tx| jobs::keep(tx, &job)).await? {
                    break;
                }
            }
            Ok(Outcome::Interrupted)
        })
    }
}

/// A line that is written at the very moment in which a delivery ends does not begin another: this does.
struct FindsLate;

impl Handler for FindsLate {
    fn run<'a>(&'a self, work: &'a Work) -> BoxFuture<'a, Result<Outcome, Fault>> {
        Box::pin(async move {
            work.db().write(None, commands::stream::enqueue_late).await?;
            Ok(Outcome::Done)
        })
    }
}

struct Streams {
    sealer: Sealer,
    fetcher: Fetcher,
}

impl Handler for Streams {
    fn run<'a>(&'a self, work: &'a Work) -> BoxFuture<'a, Result<Outcome, Fault>> {
        Box::pin(async move {
            let Some(organization) = work.job.organization else {
                return Ok(Outcome::Failed("It is not known whose stream this is.".to_owned()));
            };
            let courier = commands::stream::Courier {
                db: work.db(),
                sealer: &self.sealer,
                fetcher: &self.fetcher,
                organization,
            };
            if work.job.kind == SEND_TEST {
                courier.send_test().await?;
                return Ok(Outcome::Done);
            }
            for _ in 0..MOST_DELIVERIES {
                if work.is_stopping() {
                    return Ok(Outcome::Interrupted);
                }
                match courier.send_next().await? {
                    Sent::Some => {}
                    Sent::NothingLeft => return Ok(Outcome::Done),
                    Sent::NotNow(why) => return Ok(Outcome::TryAgain(why)),
                    Sent::Never(why) => return Ok(Outcome::Failed(why)),
                }
                let job = work.job.clone();
                if !work.db().write(None, move |tx| jobs::keep(tx, &job)).await? {
                    return Ok(Outcome::Interrupted);
                }
            }
            Ok(Outcome::Done)
        })
    }

    fn given_up(&self, tx: &mut Tx<'_>, job: &Job, problem: &str) -> Result<(), Fault> {
        match job.organization {
            Some(organization) if job.kind == SEND => commands::stream::give_up(tx, organization, problem),
            _ => Ok(()),
        }
    }
}
