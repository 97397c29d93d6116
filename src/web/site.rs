//! What every handler may need, made once at the start.

use std::{path::PathBuf, sync::Arc};

use crate::{
    access::{Actor, ActorKind, Catalogue, Origin, Rulebooks, Standing, load_standing},
    base::{
        clock::Moment,
        ids::{GroupId, OrganizationId, UserId},
    },
    crypto::{hashing::Hasher, sealing::Sealer, signing::Signer},
    db::{Db, Fault},
    outbound::{Fetcher, Trust},
    settings::Settings,
    web::{api::KnownTokens, session::Touches},
};

#[derive(Clone)]
pub struct Site {
    pub settings: Arc<Settings>,
    pub db: Db,
    pub hasher: Hasher,
    pub signer: Signer,
    pub sealer: Sealer,
    pub catalogue: Arc<Catalogue>,
    pub touches: Touches,
    pub rulebooks: Rulebooks,
    pub known: KnownTokens,
    pub trust: Trust,
}

impl Site {
    /// An absolute address for a path that begins with `/`, from the public URL and never from a request.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.settings.public_origin())
    }

    /// Asks addresses that administrators typed: private networks only where the operator allows them.
    pub fn fetcher(&self) -> Fetcher {
        Fetcher::new(self.settings.allow_private_targets, &self.trust)
    }

    /// Where people turn who need more than the console can do.
    pub fn support_url(&self) -> Option<String> {
        self.settings.support_url.as_ref().map(ToString::to_string)
    }

    pub fn data_dir(&self) -> &PathBuf {
        &self.settings.data_dir
    }

    /// What somebody who is in these groups stands on. Groups and access epoch were read by one statement.
    pub async fn standing(
        &self,
        organization: OrganizationId,
        access_epoch: i64,
        (user, groups): (UserId, Vec<GroupId>),
        now: Moment,
    ) -> Result<Arc<Standing>, Fault> {
        match self.rulebooks.at(&self.db, organization, access_epoch).await? {
            Some(rules) => Ok(rules.standing(user, groups, now)),
            None => {
                let read = self.db.read(move |conn| load_standing(conn, organization, user, now));
                Ok(Arc::new(read.await?))
            }
        }
    }

    /// Roster itself, doing what was permitted when it was asked for.
    pub fn system(&self, organization: OrganizationId) -> Actor {
        Actor::trusted(ActorKind::System, organization, self.catalogue.clone(), Origin::default())
    }
}
