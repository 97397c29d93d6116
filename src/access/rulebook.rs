//! The rules of an organization kept in memory, for questions that come at request rate.
//!
//! An answer is never late by it: the organization's access epoch rises in the transaction of every act that the
//! audit notes, but those of signing in and most of those of one's own account; whoever asks reads the epoch together with whom they
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
    /// All groups, by name.
    groups: Vec<(GroupId, String)>,
    pub(super) to_people: HashMap<UserId, Vec<Grant>>,
    /// Each without the group, which is named when somebody's standing is made of it.
    pub(super) through_groups: HashMap<GroupId, Vec<Grant>>,
    of_groups: RwLock<OfGroups>,
}

/// The standing of whoever is in these groups and is given nothing else, which is that of most people.
#[derive(Debug, Default)]
struct OfGroups {
    kept: HashMap<Vec<GroupId>, Arc<Standing>>,
    grants: usize,
}

impl Rulebook {
    /// Of an organization with these groups, by name; nothing is given yet.
    pub(super) fn among(groups: Vec<(GroupId, String)>) -> Self {
        Self { groups, ..Self::default() }
    }

    /// What [`super::load_standing`] finds for somebody who is in these groups.
    pub fn standing(&self, user: UserId, mut groups: Vec<GroupId>, now: Moment) -> Arc<Standing> {
        groups.sort_unstable();
        let Some(own) = self.to_people.get(&user) else { return self.of_groups(groups) };
        let groups = self.named(&groups);
        let mut grants: Vec<Grant> = own.iter().filter(|grant| grant.is_given_at(now)).cloned().collect();
        grants.extend(self.grants_through(&groups));
        Arc::new(Standing::new(grants, groups))
    }

    /// Those of the sorted ids, by name.
    fn named(&self, ids: &[GroupId]) -> Vec<(GroupId, String)> {
        self.groups.iter().filter(|(id, _)| ids.binary_search(id).is_ok()).cloned().collect()
    }

    fn of_groups(&self, ids: Vec<GroupId>) -> Arc<Standing> {
        if let Some(kept) = self.of_groups.read().unwrap_or_else(PoisonError::into_inner).kept.get(&ids) {
            return kept.clone();
        }
        let groups = self.named(&ids);
        let standing = Arc::new(Standing::new(self.grants_through(&groups).collect(), groups));
        let mut of_groups = self.of_groups.write().unwrap_or_else(PoisonError::into_inner);
        of_groups.grants += standing.grants.len() + 1;
        if of_groups.grants > MOST_GRANTS {
            *of_groups = OfGroups::default();
        }
        of_groups.kept.insert(ids, standing.clone());
        standing
    }

    fn grants_through(&self, groups: &[(GroupId, String)]) -> impl Iterator<Item = Grant> {
        groups.iter().flat_map(|group| {
            let given = self.through_groups.get(&group.0).into_iter().flatten();
            given.map(move |grant| grant.through(group))
        })
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
