//! Lines that an earlier version wrote are made findable by words and address, a few at a time.

use std::sync::Arc;

use chrono::Duration;
use futures_util::future::BoxFuture;

use crate::{
    audit::store,
    db::Fault,
    jobs::{Handler, Outcome, Runner, Work},
};

/// How many lines a transaction changes, so that others do not wait long for their turn.
const BATCH: i64 = 500;

/// Adds the folding to what a runner does.
pub fn joins(runner: Runner) -> Runner {
    runner.every("audit.fold", Duration::hours(1), Arc::new(Folds))
}

struct Folds;

impl Handler for Folds {
    fn run<'a>(&'a self, work: &'a Work) -> BoxFuture<'a, Result<Outcome, Fault>> {
        Box::pin(async move {
            while work.db().write(None, |tx| store::fold(tx, BATCH)).await? > 0 {}
            Ok(Outcome::Done)
        })
    }
}
