//! What a provider does, and what an administrator settles of it; each act in one transaction.

mod connection;
mod console;
mod found_groups;
mod groups;
mod members;
mod people;
mod status;

pub use connection::{note_refusal, now, presented, touch};
pub use console::{
    Made, create_token, disable, enable, link, linking, overview, parting, revoke_token, sweep,
};
pub use found_groups::{find as find_group, list as list_groups};
pub use groups::{
    create as create_group, patch as patch_group, remove as remove_group, replace as replace_group,
};
pub use people::{create, find, list, patch, remove, replace};

use super::{
    model::{Etag, Refusal},
    store,
};
use crate::{
    access::Actor,
    db::{Fault, Stop, Tx},
};

/// A provider at work: who asks, and by the token of which name.
#[derive(Clone, Debug)]
pub struct Provider {
    pub actor: Actor,
    pub token_name: String,
}

impl Provider {
    /// Notes what was synchronized.
    fn note(&self, tx: &mut Tx<'_>, status: i32, subject: &str, words: &str) -> Result<(), Fault> {
        store::append(tx, self.actor.organization(), &self.token_name, (status, subject, words))
    }
}

/// Refuses when the request names versions and this is none of them.
fn must_be(version: Etag, if_match: Option<&str>) -> Result<(), Stop<Refusal>> {
    match if_match.is_none_or(|header| version.is_among(header)) {
        true => Ok(()),
        false => Err(Stop::Refused(Refusal::Stale)),
    }
}

const LAST_ADMINISTRATOR: &str = "Then nobody would be left who administers the organization and can sign in. Make \
     somebody else an administrator first.";

const NOT_ITS_OWN: &str = "Another provider settles this group.";
