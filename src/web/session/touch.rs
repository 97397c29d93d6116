//! "Last active", written at most once a minute for a session and in batches, so that reading costs no write.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::store;
use crate::{
    base::{
        clock::Moment,
        ids::{SessionId, UserId},
    },
    db::{Db, Fault},
};

/// A session is touched when it was last seen longer ago than this.
pub const STALE: chrono::Duration = chrono::Duration::seconds(60);
const FLUSH_EVERY: Duration = Duration::from_secs(2);
/// Beyond this many the oldest news is dropped: it would only have said that somebody is active.
const MOST: usize = 10_000;

/// Who was seen since the last flush; to be cloned freely.
#[derive(Clone, Default)]
pub struct Touches(Arc<Mutex<HashMap<SessionId, (UserId, Moment)>>>);

impl Touches {
    pub fn note(&self, session: SessionId, user: UserId, seen: Moment) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.len() < MOST {
            noted.insert(session, (user, seen));
        }
    }

    /// Writes what was noted, in one transaction.
    pub async fn flush(&self, db: &Db) -> Result<(), Fault> {
        let noted = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if noted.is_empty() {
            return Ok(());
        }
        db.write(None, move |tx| {
            for (session, (user, seen)) in &noted {
                store::touch(tx, *session, *user, *seen)?;
            }
            Ok(())
        })
        .await
    }
}

/// Flushes every two seconds, for as long as the program runs.
pub async fn flush_regularly(touches: Touches, db: Db) {
    loop {
        tokio::time::sleep(FLUSH_EVERY).await;
        if let Err(fault) = touches.flush(&db).await {
            tracing::warn!(error = %fault, "when people were last active could not be written; the next try follows");
        }
    }
}
