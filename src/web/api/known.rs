//! Tokens that were presented lately, kept in memory for questions that come at request rate.
//!
//! An answer is never late by it, as with [`crate::access::Rulebooks`]: whatever changes a token, whom it belongs to or
//! what they may do raises the access epoch of their organization in its transaction; whoever asks reads the epoch, and
//! what is kept is used for that very epoch only. Only tokens that may be used are kept; what ends by itself is asked
//! of the clock.

use std::{
    collections::HashSet,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use actix_web::web::Data;
use quick_cache::{UnitWeighter, sync::Cache};

use super::{
    epochs::Epochs,
    store::Presented,
    token::{Around, Token},
};
use crate::{
    base::{access_secret::AccessSecret, clock::Moment, ids::GroupId},
    web::Site,
};

/// Tokens that are kept at once, those that are asked for again before others: some 50 MB.
const MOST: usize = 131_072;
/// Beyond so many kinds of surroundings those of new tokens begin anew.
const MOST_AROUND: usize = 4_096;
/// "Last used" is noted when it is older than this, in microseconds.
const STALE: i64 = 60_000_000;

/// A token that may be used, as it was at one access epoch.
#[derive(Debug)]
pub struct Known {
    pub token: Token,
    pub access_epoch: i64,
    /// In microseconds since 1970; zero when it never was.
    last_used: AtomicI64,
}

impl Known {
    /// Whether its last use was noted so long ago that this one is worth a note.
    pub fn is_used_anew(&self, now: Moment) -> bool {
        let is_stale = |noted: i64| (now.micros() - noted >= STALE).then_some(now.micros());
        self.last_used.fetch_update(Ordering::Relaxed, Ordering::Relaxed, is_stale).is_ok()
    }
}

/// The tokens that this process knows, to be cloned freely.
#[derive(Clone, Debug)]
pub struct KnownTokens {
    kept: Arc<Cache<[u8; 32], Arc<Known>>>,
    around: Arc<Mutex<HashSet<Arc<Around>>>>,
}

impl Default for KnownTokens {
    fn default() -> Self {
        // Room is made when it is needed.
        let kept = Cache::with_weighter(1_024, MOST as u64, UnitWeighter);
        Self { kept: Arc::new(kept), around: Arc::default() }
    }
}

impl KnownTokens {
    /// What is kept of a secret, when nothing that it tells has changed since.
    pub async fn still_holds(
        &self,
        (site, epochs): (&Data<Site>, &Epochs),
        secret: &AccessSecret,
        now: Moment,
    ) -> Option<Arc<Known>> {
        let known = self.kept.get(&secret.digest()).filter(|known| !known.token.is_over(now))?;
        let epoch = epochs.of(site, known.token.organization()).await?;
        (epoch == known.access_epoch).then_some(known)
    }

    /// Keeps what the database says of a token that may be used; `roles` are those that it carries at most, if it is
    /// narrowed.
    pub fn keep(
        &self,
        secret: &AccessSecret,
        presented: &Presented,
        roles: Option<Vec<String>>,
        groups: Vec<GroupId>,
    ) -> Arc<Known> {
        let known = Arc::new(Known {
            token: Token::of(presented, roles, |around| self.shared(around), groups),
            access_epoch: presented.access_epoch,
            last_used: AtomicI64::new(presented.last_used_at.map_or(0, Moment::micros)),
        });
        self.kept.insert(secret.digest(), known.clone());
        known
    }

    fn shared(&self, around: Around) -> Arc<Around> {
        let mut all = self.around.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(same) = all.get(&around) {
            return same.clone();
        }
        if all.len() >= MOST_AROUND {
            all.clear();
        }
        let around = Arc::new(around);
        all.insert(around.clone());
        around
    }
}
