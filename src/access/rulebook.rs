//! The rules of an organization kept in memory, for questions that come at request rate.
//!
//! An answer is never late by it: the organization's access epoch rises in the transaction of every act that the
//! audit notes, but those of signing in and of one's own account; whoever asks reads the epoch together with whom they
//! ask about, and what is kept is used for that very epoch only. What ends by itself is kept with its end.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use super::{Grant, Standing, store};
use crate::{
    base::{
        clock::Moment,
        ids::{GroupId, OrganizationId, UserId},
    },
    db::{Db, Fault},
};

/// Organizations whose rules are kept at once.
const MOST_KEPT: usize = 64;
/// Grants of one organization that are kept at most: some 20 MB.
pub(super) const MOST_GRANTS: usize = 100_000;

/// What the policies and approved requests of one organization give, at one epoch.
#[derive(Debug, Default)]
pub struct Rulebook {
    pub(super) to_people: HashMap<UserId, Vec<Grant>>,
    /// Each without the group, which is named when somebody's standing is made of it.
    pub(super) through_groups: HashMap<GroupId, Vec<Grant>>,
}

impl Rulebook {
    /// What [`super::load_standing`] finds for somebody who is in these groups.
    pub fn standing(&self, user: UserId, groups: Vec<(GroupId, String)>, now: Moment) -> Standing {
        let own = self.to_people.get(&user).into_iter().flatten();
        let mut grants: Vec<Grant> = own.filter(|grant| grant.is_given_at(now)).cloned().collect();
        for group in &groups {
            let given = self.through_groups.get(&group.0).into_iter().flatten();
            grants.extend(given.map(|grant| grant.through(group)));
        }
        Standing { grants, groups }
    }
}

/// The rulebooks of this process.
#[derive(Clone, Debug, Default)]
pub struct Rulebooks {
    kept: Arc<RwLock<HashMap<OrganizationId, (i64, Rules)>>>,
}

/// Nothing for an organization with more grants than are kept.
type Rules = Option<Arc<Rulebook>>;

impl Rulebooks {
    /// The rules as they are at this epoch, or since; none when there are too many of them to be kept.
    pub async fn at(&self, db: &Db, organization: OrganizationId, epoch: i64) -> Result<Rules, Fault> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner).get(&organization).cloned();
        if let Some((_, rulebook)) = kept.filter(|(of, _)| *of == epoch) {
            return Ok(rulebook);
        }
        let read = db.read(move |conn| store::load_rulebook(conn, organization)).await?.map(Arc::new);
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(organization, (epoch, read.clone()));
        Ok(read)
    }
}
