//! The access epoch of an organization; on PostgreSQL read once for all requests of a thread that wait for it at the
//! same time.
//!
//! No request is told an epoch that was read before it came: whoever comes while one is being read waits for the next.

use std::{
    cell::RefCell,
    collections::HashMap,
    rc::{Rc, Weak},
};

use actix_web::web::Data;
use futures_util::{
    FutureExt,
    future::{LocalBoxFuture, Shared},
};

use super::store;
use crate::{base::ids::OrganizationId, db::AnyConnection, web::Site};

/// Beyond so many organizations the last rounds are forgotten; the next ones then wait for no earlier one.
const MOST: usize = 1_024;

/// Of one thread that answers requests.
#[derive(Clone, Default)]
pub struct Epochs(Rc<AllRounds>);

type AllRounds = RefCell<HashMap<OrganizationId, Rounds>>;

#[derive(Default)]
struct Rounds {
    /// The newest that reads, or has read.
    begun: Option<Round>,
    /// Waits until that one has read; whoever comes joins it.
    next: Option<Round>,
}

type Round = Shared<LocalBoxFuture<'static, Option<i64>>>;

impl Epochs {
    /// As it is after this was asked; nothing when there is no such organization, or no answer.
    pub async fn of(&self, site: &Data<Site>, organization: OrganizationId) -> Option<i64> {
        // A file is read sooner than the others are waited for.
        if site.db.is_sqlite() {
            return read(site, organization).await;
        }
        self.joined(site, organization).await
    }

    fn joined(&self, site: &Data<Site>, organization: OrganizationId) -> Round {
        let mut all = self.0.borrow_mut();
        if all.len() >= MOST {
            all.retain(|_, rounds| rounds.next.is_some());
        }
        let rounds = all.entry(organization).or_default();
        let begun = rounds.begun.clone();
        let next = rounds.next.get_or_insert_with(|| {
            let (rounds, site) = (Rc::downgrade(&self.0), site.clone());
            let round = async move {
                // Those whose requests are here already come along.
                tokio::task::yield_now().await;
                if let Some(begun) = begun {
                    begun.await;
                }
                begins(&rounds, organization);
                read(&site, organization).await
            };
            round.boxed_local().shared()
        });
        next.clone()
    }
}

/// From now on whoever comes waits for another round.
fn begins(all: &Weak<AllRounds>, organization: OrganizationId) {
    let Some(all) = all.upgrade() else { return };
    if let Some(rounds) = all.borrow_mut().get_mut(&organization) {
        rounds.begun = rounds.next.take();
    }
}

async fn read(site: &Site, organization: OrganizationId) -> Option<i64> {
    let epoch = move |conn: &mut AnyConnection| store::access_epoch(conn, organization);
    site.db.look_up(epoch).await.ok().flatten()
}
