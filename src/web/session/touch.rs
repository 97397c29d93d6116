//! "Last active", written at most once a minute for a session or a token and in batches, so that reading costs no write.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::store;
use crate::{
    base::{
        clock::Moment,
        ids::{AccessTokenId, SessionId, UserId},
    },
    db::{Db, Fault},
    web::api,
};

/// A session is touched when it was last seen longer ago than this.
pub const STALE: chrono::Duration = chrono::Duration::seconds(60);
const FLUSH_EVERY: Duration = Duration::from_secs(2);
/// Beyond this many the oldest news is dropped: it would only have said that somebody is active.
const MOST: usize = 10_000;

/// Who was seen since the last flush, and which tokens were used; to be cloned freely.
#[derive(Clone, Default)]
pub struct Touches(Arc<Mutex<Noted>>);

#[derive(Default)]
struct Noted {
    sessions: HashMap<SessionId, (UserId, Moment)>,
    tokens: HashMap<AccessTokenId, Moment>,
}

impl Touches {
    pub fn note(&self, session: SessionId, user: UserId, seen: Moment) {
        let mut noted = self.noted();
        if noted.sessions.len() < MOST {
            noted.sessions.insert(session, (user, seen));
        }
    }

    /// Notes that a token was used.
    pub fn note_use(&self, token: AccessTokenId, used: Moment) {
        let mut noted = self.noted();
        if noted.tokens.len() < MOST {
            noted.tokens.insert(token, used);
        }
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes what was noted, in one transaction.
    pub async fn flush(&self, db: &Db) -> Result<(), Fault> {
        let Noted { sessions, tokens } = std::mem::take(&mut *self.noted());
        if sessions.is_empty() && tokens.is_empty() {
            return Ok(());
        }
        db.write(None, move |tx| {
            for (session, (user, seen)) in &sessions {
                store::touch(tx, *session, *user, *seen)?;
            }
            tokens.iter().try_for_each(|(token, used)| api::touch(tx, *token, *used))
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
