//! Work besides requests over HTTP: writing down what time has ended.

use std::sync::Arc;

use chrono::Duration;
use futures_util::future::BoxFuture;

use super::commands;
use crate::{
    access::Catalogue,
    db::{Db, Fault},
    jobs::{Handler, Outcome, Runner, Work},
};

/// How often it is looked for. A role ends at its moment all the same: whoever decides looks at the clock.
const EVERY: Duration = Duration::seconds(30);

/// How many are looked up at a time.
const BATCH: i64 = 200;

/// Gives the runner what this room does.
pub fn joins(runner: Runner, catalogue: Arc<Catalogue>) -> Runner {
    runner.every("access_requests.lapse", EVERY, Arc::new(Lapses { catalogue }))
}

struct Lapses {
    catalogue: Arc<Catalogue>,
}

impl Handler for Lapses {
    fn run<'a>(&'a self, work: &'a Work) -> BoxFuture<'a, Result<Outcome, Fault>> {
        Box::pin(async move {
            while !work.is_stopping() {
                if lapse_due(work.db(), &self.catalogue).await? == 0 {
                    return Ok(Outcome::Done);
                }
            }
            Ok(Outcome::Interrupted)
        })
    }
}

/// Writes down what time has ended, one transaction each, and says how many that were; zero when nothing is left. Several
/// at once do each only once, and one that fails does not stand in the way of the others.
pub async fn lapse_due(db: &Db, catalogue: &Arc<Catalogue>) -> Result<usize, Fault> {
    let now = db.now();
    let (mut lapsed, mut failed) = (0, None);
    for (organization, id) in db.read(move |conn| commands::due(conn, now, BATCH)).await? {
        let catalogue = catalogue.clone();
        match db.write(organization, move |tx| commands::lapse(tx, &catalogue, organization, id)).await {
            Ok(is_done) => lapsed += usize::from(is_done),
            Err(fault) => failed = Some(fault),
        }
    }
    match failed {
        Some(fault) if lapsed == 0 => Err(fault),
        _ => Ok(lapsed),
    }
}
