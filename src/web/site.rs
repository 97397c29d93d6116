//! What every handler may need, made once at the start.

use std::{path::PathBuf, sync::Arc};

use crate::{
    access::{Actor, ActorKind, Catalogue, Origin, Rulebooks},
    base::ids::OrganizationId,
    crypto::{hashing::Hasher, sealing::Sealer, signing::Signer},
    db::Db,
    settings::Settings,
    web::session::Touches,
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
}

impl Site {
    /// An absolute address for a path that begins with `/`, from the public URL and never from a request.
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.settings.public_origin())
    }

    /// Where people turn who need more than the console can do.
    pub fn support_url(&self) -> Option<String> {
        self.settings.support_url.as_ref().map(ToString::to_string)
    }

    pub fn data_dir(&self) -> &PathBuf {
        &self.settings.data_dir
    }

    /// Roster itself, doing what was permitted when it was asked for.
    pub fn system(&self, organization: OrganizationId) -> Actor {
        Actor::trusted(ActorKind::System, organization, self.catalogue.clone(), Origin::default())
    }
}
