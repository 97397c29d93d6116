//! Verifying: every line is computed again from the first to the head that the organization's row holds.

use std::collections::BTreeSet;

use super::{chain, details::Details, store};
use crate::{
    base::ids::OrganizationId,
    db::{AnyConnection, Fault},
};

/// The newest line of an organization at some time; noted elsewhere, it proves later that nothing before it was cut.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The Org ID.
    pub organization: String,
    pub sequence: i64,
    pub mac: String,
}

/// What was found in one organization.
#[derive(Debug)]
pub struct Verified {
    pub head: Head,
    pub erased_details: u64,
    pub broken: Option<Broken>,
}

/// The first line that is not as it was written.
#[derive(Debug, PartialEq, Eq)]
pub struct Broken {
    pub sequence: i64,
    pub why: &'static str,
}

const BATCH: i64 = 1_000;

/// Verifies every organization's chain; `earlier` heads must stand in it still. Memory does not grow with the lines.
pub fn verify(conn: &mut AnyConnection, key: &[u8; 32], earlier: &[Head]) -> Result<Vec<Verified>, Fault> {
    let there = store::organizations(conn)?;
    let known: BTreeSet<_> = there.iter().map(|(_, code)| code.clone()).collect();
    let given: BTreeSet<_> = earlier.iter().map(|head| head.organization.clone()).collect();
    let walked = there.into_iter().map(|(id, code)| {
        let earlier: Vec<_> = earlier.iter().filter(|head| head.organization == code).cloned().collect();
        Walk::of(conn, id, code, key, earlier)
    });
    let mut verified: Vec<_> = walked.collect::<Result<_, _>>()?;
    verified.extend(given.difference(&known).cloned().map(Verified::gone));
    Ok(verified)
}

impl Verified {
    /// An earlier head was given of an organization that is not there.
    fn gone(organization: String) -> Self {
        let broken = Broken { sequence: 1, why: "there is no organization with this Org ID any more" };
        let head = Head { organization, sequence: 0, mac: String::new() };
        Self { head, erased_details: 0, broken: Some(broken) }
    }
}

struct Walk<'a> {
    organization: OrganizationId,
    key: &'a [u8; 32],
    earlier: Vec<Head>,
    sequence: i64,
    mac: String,
    erased: u64,
}

impl<'a> Walk<'a> {
    fn of(
        conn: &mut AnyConnection,
        organization: OrganizationId,
        code: String,
        key: &'a [u8; 32],
        earlier: Vec<Head>,
    ) -> Result<Verified, Fault> {
        let (last, head) = store::head(conn, organization)?;
        let mut walk = Self { organization, key, earlier, sequence: 0, mac: String::new(), erased: 0 };
        let mut broken = walk.walk_to_the_end(conn)?;
        if broken.is_none() && (walk.sequence, &walk.mac) != (last, &head) {
            broken = Some(Broken {
                sequence: walk.sequence + 1,
                why: "the lines from here to the newest are missing",
            });
        }
        if broken.is_none() && !walk.earlier.is_empty() {
            let missing = walk.earlier.iter().map(|head| head.sequence).min().unwrap_or_default();
            broken = Some(Broken {
                sequence: missing.min(walk.sequence + 1),
                why: "the earlier head that was given does not stand in the chain",
            });
        }
        let head = Head { organization: code, sequence: walk.sequence, mac: walk.mac };
        Ok(Verified { head, erased_details: walk.erased, broken })
    }

    fn walk_to_the_end(&mut self, conn: &mut AnyConnection) -> Result<Option<Broken>, Fault> {
        loop {
            let lines = store::lines_after(conn, self.organization, self.sequence, BATCH)?;
            if lines.is_empty() {
                return Ok(None);
            }
            for line in lines {
                if let Some(why) = self.fault_of(&line) {
                    return Ok(Some(Broken { sequence: self.sequence + 1, why }));
                }
                self.sequence = line.sequence;
                self.mac = line.mac;
                let (sequence, mac) = (self.sequence, &self.mac);
                self.earlier.retain(|head| head.sequence != sequence || head.mac != *mac);
            }
        }
    }

    fn fault_of(&mut self, line: &store::StoredLine) -> Option<&'static str> {
        if line.sequence != self.sequence + 1 {
            return Some("the line is missing");
        }
        let link = chain::Link {
            organization: self.organization.as_str(),
            sequence: line.sequence,
            format: line.format,
            at: line.at,
            actor_kind: &line.actor_kind,
            actor_id: &line.actor_id,
            action: &line.action,
            target_kind: &line.target_kind,
            target_id: &line.target_id,
            request_id: &line.request_id,
            commitment: &line.commitment,
        };
        if chain::mac(self.key, &self.mac, &link) != line.mac {
            return Some("the line was changed, or one before it was");
        }
        match &line.details {
            None => self.erased += 1,
            Some(of) if chain::commitment(&of.salt, &of.details) != line.commitment => {
                return Some("the details of the line were changed");
            }
            Some(of) if !are_copies_true(of, line) => {
                return Some("what the line is found by was changed");
            }
            Some(_) => {}
        }
        None
    }
}

/// Whether the copies by which a line is found are what its details say; a line of an earlier version has none yet.
fn are_copies_true(of: &store::StoredDetails, line: &store::StoredLine) -> bool {
    let details = Details::read(&of.details);
    match &of.search_text {
        None => of.address.is_empty(),
        Some(text) => {
            of.address == details.address && *text == details.search_text(&line.action, &line.request_id)
        }
    }
}
